package io.zerocopy.nio.internal.strategies.transfer;

import static io.zerocopy.nio.internal.strategies.Fixtures.all;
import static io.zerocopy.nio.internal.strategies.Fixtures.drain;
import static io.zerocopy.nio.internal.strategies.Fixtures.pattern;
import static io.zerocopy.nio.internal.strategies.Fixtures.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Preference;
import io.zerocopy.nio.internal.ports.ChannelTarget;
import io.zerocopy.nio.internal.ports.FileSource;
import io.zerocopy.nio.internal.ports.FileTarget;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.TransferRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferToStrategyTest {
    private static final int SIZE = 9_000_000;
    private static final EndpointFacts FILE = EndpointFacts.of(EndpointKind.FILE, SIZE, true);

    /**
     * Measured: JDK 17 lets a target be closed under transferTo (wrong within 6,045 rounds), 25 does not (75,065
     * rounds).
     */
    private static final boolean CLOSE_WAITS = Runtime.version().feature() > 17;

    private final TransferToStrategy strategy = new TransferToStrategy();

    @TempDir
    Path folder;

    private Path targetFile;
    private FileChannel from;
    private FileChannel to;

    @BeforeEach
    void open() throws IOException {
        Path sourceFile = Files.write(folder.resolve("source"), pattern(SIZE));
        targetFile = folder.resolve("target");
        from = FileChannel.open(sourceFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
        to = FileChannel.open(targetFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        from.close();
        to.close();
    }

    @Test
    void refusesWhatWouldHarm() {
        TransferRequest auto = all(-1);
        TransferRequest required = request(0, -1, Preference.REQUIRE);
        EndpointFacts blockingSocket = EndpointFacts.of(EndpointKind.TCP, -1, true);
        EndpointFacts pipe = EndpointFacts.of(EndpointKind.PIPE, -1, false);
        EndpointFacts append = new EndpointFacts(EndpointKind.FILE, 0, true, true, false, 0, 0, "");
        EndpointFacts described = new EndpointFacts(EndpointKind.TCP, -1, false, true, true, 0, 0, "");

        assertThat(strategy.refusal(FILE, blockingSocket, auto)).isNotNull();
        assertThat(strategy.refusal(FILE, blockingSocket, required)).isNull();
        assertThat(strategy.refusal(FILE, pipe, auto)).contains("stableSource");
        for (EndpointFacts awaited : List.of(EndpointFacts.of(EndpointKind.TCP, -1, false), described, pipe, FILE)) {
            assertThat(strategy.refusal(FILE, awaited, new TransferRequest(0, -1, 1, true, Preference.REQUIRE)))
                    .isNull();
            assertThat(strategy.refusal(FILE, awaited, new TransferRequest(0, -1, 1, true, Preference.AUTO)) == null)
                    .as("%s", awaited.kind())
                    .isEqualTo(CLOSE_WAITS);
        }
        assertThat(strategy.refusal(FILE, EndpointFacts.of(EndpointKind.OPAQUE, -1, true), auto))
                .isNull();
        assertThat(strategy.refusal(FILE, append, required)).isNotNull();
        assertThat(strategy.refusal(EndpointFacts.of(EndpointKind.VIRTUAL_FILE, -1, true), FILE, required))
                .isNotNull();
    }

    @Test
    void movesFromAnyPositionToTheTargetsAndPutsItsPositionBack() throws IOException {
        to.position(11);
        from.position(4);
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), request(5, 11, Preference.AUTO))) {
            assertThat(drain(mover, 5, 11, Long.MAX_VALUE)).isEqualTo(SIZE - 5);
        }
        assertThat(to.position()).isEqualTo(11);
        assertThat(from.position()).isEqualTo(4);
        byte[] found = Files.readAllBytes(targetFile);
        assertThat(Arrays.copyOfRange(found, 11, found.length)).isEqualTo(Arrays.copyOfRange(pattern(SIZE), 5, SIZE));
    }

    @Test
    void declinesToMoveAnUnnamedPositionUnlessRequired() throws IOException {
        to.position(3);
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), all(100))) {
            assertThat(mover.step(0, 100, SIZE)).isEqualTo(Step.DECLINED);
            assertThat(mover.declinedBecause()).contains("position");
        }
        try (Mover mover =
                strategy.open(new FileSource(from), new FileTarget(to), request(0, 100, Preference.REQUIRE))) {
            assertThat(drain(mover, 0, 100, Long.MAX_VALUE)).isEqualTo(SIZE);
        }
        assertThat(to.position()).isEqualTo(3);
        assertThat(to.size()).isEqualTo(100 + SIZE);
    }

    @Test
    void lendsAPositionToOneMoverAtATime() throws IOException {
        FileTarget target = new FileTarget(to);
        Mover first = strategy.open(new FileSource(from), target, all(0));
        try (Mover second = strategy.open(new FileSource(from), target, all(0))) {
            assertThat(second.step(0, 0, SIZE)).isEqualTo(Step.DECLINED);
        }
        first.close();
        try (Mover third = strategy.open(new FileSource(from), target, all(0))) {
            assertThat(third.step(0, 0, 10)).isEqualTo(10);
        }
    }

    @Test
    void endsWhereTheFileWasTruncated() throws IOException {
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), all(0))) {
            assertThat(mover.step(0, 0, 1000)).isEqualTo(1000);
            from.truncate(1500);
            assertThat(mover.step(1000, 1000, SIZE)).isEqualTo(500);
            assertThat(mover.step(1500, 1500, SIZE)).isEqualTo(Step.END);
        }
    }

    @Test
    void waitsForANonBlockingSocketAndEndsAtTheEnd() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel out = SocketChannel.open(server.getLocalAddress());
                    SocketChannel in = server.accept();
                    Mover mover = strategy.open(new FileSource(from), socket(out), all(-1))) {
                byte[] received = new byte[SIZE];
                ByteBuffer into = ByteBuffer.wrap(received);
                long moved = 0;
                boolean waited = false;
                long n;
                while ((n = mover.step(moved, -1, Long.MAX_VALUE)) != Step.END) {
                    assertThat(n == Step.AWAIT_TARGET || n > 0).isTrue();
                    moved += Math.max(0, n);
                    waited |= n == Step.AWAIT_TARGET;
                    while (n == Step.AWAIT_TARGET && into.position() < moved) {
                        in.read(into);
                    }
                }
                out.shutdownOutput();
                while (in.read(into) > 0) {
                    assertThat(moved).isEqualTo(SIZE);
                }
                assertThat(waited).isTrue();
                assertThat(into.position()).isEqualTo(SIZE);
                assertThat(received).isEqualTo(pattern(SIZE));
            }
        }
    }

    /**
     * The failure of a first call may concern this call alone, for example if a filter refuses it; the next mechanism
     * shows it.
     */
    @Test
    void declinesWhereItsFirstCallFailsAndFailsLater() throws IOException {
        for (int before : new int[] {0, 1000}) {
            try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                try (SocketChannel out = SocketChannel.open(server.getLocalAddress());
                        Mover mover = strategy.open(new FileSource(from), socket(out), all(-1))) {
                    SocketChannel in = server.accept();
                    if (before > 0) {
                        assertThat(mover.step(0, -1, before)).isEqualTo(before);
                    }
                    in.setOption(StandardSocketOptions.SO_LINGER, 0);
                    in.close();
                    awaitReset(out);
                    if (before > 0) {
                        assertThatThrownBy(() -> mover.step(before, -1, SIZE)).isInstanceOf(IOException.class);
                    } else {
                        assertThat(mover.step(0, -1, SIZE)).isEqualTo(Step.DECLINED);
                        assertThat(mover.declinedBecause()).startsWith("transferTo: ");
                    }
                }
            }
        }
    }

    /** A read finds nothing until the reset has come. */
    private static void awaitReset(SocketChannel channel) {
        ByteBuffer nothing = ByteBuffer.allocate(1);
        assertThatThrownBy(() -> {
                    while (channel.read(nothing) == 0) {
                        Thread.onSpinWait();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    /** An exception of a foreign channel is passed on unchanged. */
    @Test
    void passesOnWhatAForeignChannelThrows() throws IOException {
        IOException theirs = new IOException("Operation not permitted");
        ChannelTarget target = new ChannelTarget(Channels.newChannel(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw theirs;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                throw theirs;
            }
        }));
        try (Mover mover = strategy.open(new FileSource(from), target, all(-1))) {
            // The JDK's channel takes bytes from the buffer before it writes them, so they count. Then it reports the
            // failure.
            assertThatThrownBy(() -> {
                        for (long moved = 0; moved < SIZE; ) {
                            moved += mover.step(moved, -1, SIZE - moved);
                        }
                    })
                    .isSameAs(theirs);
        }
    }

    private static ChannelTarget socket(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new ChannelTarget(channel);
    }

    @Test
    void movesToAForeignChannel() throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        ChannelTarget target = new ChannelTarget(Channels.newChannel(received));
        try (Mover mover = strategy.open(new FileSource(from), target, all(-1))) {
            assertThat(drain(mover, 0, -1, Long.MAX_VALUE)).isEqualTo(SIZE);
        }
        assertThat(received.toByteArray()).isEqualTo(pattern(SIZE));
    }
}
