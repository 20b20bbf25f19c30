package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Function;
import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.RelayResult;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Channels over descriptors that the C library made. */
class DescriptorChannelTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int O_NONBLOCK = 04000;
    private static final int F_GETFL = 3;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static int c(String function, Object... arguments) {
        return Function.getFunction("c", function).invokeInt(arguments);
    }

    private int[] socketPair(int type) {
        int[] fds = new int[2];
        assertThat(c("socketpair", AF_UNIX, type, 0, fds)).isZero();
        return fds;
    }

    private DescriptorChannel[] pair(int type) {
        int[] fds = socketPair(type);
        return new DescriptorChannel[] {
            fixture.keep(DescriptorChannel.own(fds[0])), fixture.keep(DescriptorChannel.own(fds[1]))
        };
    }

    @Test
    void transfersGiveItEveryMechanismOfItsKind() throws Exception {
        DescriptorChannel[] pair = pair(SOCK_STREAM);
        Path source = fixture.file(3_000_000);
        Path target = fixture.path("t");
        Future<TransferResult> received = fixture.peer(() -> Transfers.copy(pair[1], target));
        TransferResult sent = Transfers.copy(source, pair[0]);
        pair[0].shutdownOutput();
        assertThat(sent.mechanism()).isEqualTo(Mechanism.SENDFILE);
        assertThat(TestFixture.join(received).mechanism()).isEqualTo(Mechanism.SPLICE);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void relaysBetweenADescriptorAndASocket() throws Exception {
        DescriptorChannel[] pair = pair(SOCK_STREAM | O_NONBLOCK);
        SocketChannel[] sockets = fixture.tcp();
        Future<RelayResult> relay =
                fixture.peer(() -> Transfers.relay(pair[1], sockets[0]).build().run());
        Future<Long> arrived =
                fixture.peer(() -> TestFixture.drain(Channels.newInputStream(sockets[1]), Content.PATTERN));
        TestFixture.write(new BlockingStream(pair[0]), Content.PATTERN, 1_000_000);
        pair[0].shutdownOutput();
        assertThat(TestFixture.join(arrived)).isEqualTo(1_000_000);
        sockets[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 77)));
        sockets[1].shutdownOutput();
        RelayResult result = TestFixture.join(relay);
        assertThat(result.leftToRight().mechanism()).isEqualTo(Mechanism.SPLICE);
        ByteBuffer back = ByteBuffer.allocate(100);
        assertThat(pair[0].read(back)).isEqualTo(77);
        assertThat(pair[0].read(back)).isEqualTo(-1);
        assertThat(c("fcntl", pair[1].descriptor(), F_GETFL, 0) & O_NONBLOCK).isEqualTo(O_NONBLOCK);
    }

    /** A stream that writes all bytes to a channel that does not wait. */
    private static final class BlockingStream extends java.io.OutputStream {
        private final DescriptorChannel channel;

        BlockingStream(DescriptorChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int one) throws java.io.IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws java.io.IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    java.util.concurrent.locks.LockSupport.parkNanos(100_000);
                }
            }
        }
    }

    @Test
    void aBlockingDescriptorHasItsFormerFlag() throws Exception {
        DescriptorChannel[] pair = pair(SOCK_STREAM);
        Transfers.copy(fixture.file(1000), pair[0]);
        assertThat(c("fcntl", pair[0].descriptor(), F_GETFL, 0) & O_NONBLOCK).isZero();
        assertThat(pair[1].read(ByteBuffer.allocate(2000))).isEqualTo(1000);
    }

    @Test
    void aBorrowedDescriptorStaysOpenAndAnOwnedOneDoesNot() throws Exception {
        int[] fds = socketPair(SOCK_STREAM);
        DescriptorChannel borrowed = DescriptorChannel.borrow(fds[0]);
        borrowed.close();
        assertThat(borrowed.isOpen()).isFalse();
        assertThatThrownBy(() -> borrowed.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> Transfers.copy(borrowed, fixture.path("t")))
                .isInstanceOf(ClosedChannelException.class);
        assertThat(c("fcntl", fds[0], F_GETFL, 0)).isNotNegative();
        DescriptorChannel owned = DescriptorChannel.own(fds[0]);
        DescriptorChannel peer = fixture.keep(DescriptorChannel.own(fds[1]));
        owned.close();
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void aReadWaitsUnlessTheDescriptorDoesNot() throws Exception {
        DescriptorChannel[] waiting = pair(SOCK_STREAM);
        Future<Integer> read = fixture.peer(() -> waiting[0].read(ByteBuffer.allocate(10)));
        TestFixture.until("it waits", () -> fixture.peersIn("io.zerocopy.linux.internal.poll.Poller"));
        waiting[1].write(ByteBuffer.wrap(new byte[3]));
        assertThat(TestFixture.join(read)).isEqualTo(3);
        DescriptorChannel[] not = pair(SOCK_STREAM | O_NONBLOCK);
        assertThat(not[0].read(ByteBuffer.allocate(10))).isZero();
    }

    @Test
    void aCloseEndsAWaitingRead() throws Exception {
        DescriptorChannel[] pair = pair(SOCK_STREAM);
        Future<Throwable> read = fixture.peer(
                () -> org.assertj.core.api.Assertions.catchThrowable(() -> pair[0].read(ByteBuffer.allocate(10))));
        TestFixture.until("it waits", () -> fixture.peersIn("io.zerocopy.linux.internal.poll.Poller"));
        pair[0].close();
        assertThat(TestFixture.join(read)).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void aFileIsUsedAtItsOwnPosition() throws Exception {
        Path file = fixture.file(10_000);
        DescriptorChannel channel = fixture.keep(DescriptorChannel.own(c("open", file.toString(), 0 /* O_RDONLY */)));
        ByteBuffer first = ByteBuffer.allocate(100);
        assertThat(channel.read(first)).isEqualTo(100);
        Path target = fixture.path("t");
        assertThat(Transfers.copy(channel, target).bytes()).isEqualTo(9_900);
        assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(100, 9_900));
        assertThat(channel.read(first.clear())).isEqualTo(-1);
        assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1))).isInstanceOf(NonWritableChannelException.class);
    }

    @Test
    void unsupportedDescriptorsAreRefusedAndStayOpen() throws Exception {
        assertThatThrownBy(() -> DescriptorChannel.borrow(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DescriptorChannel.own(1_000_000)).isInstanceOf(IllegalArgumentException.class);
        int directory = c("open", fixture.directory().toString(), 0);
        assertThatThrownBy(() -> DescriptorChannel.own(directory)).isInstanceOf(IllegalArgumentException.class);
        assertThat(c("close", directory)).isZero();
        int[] datagrams = socketPair(SOCK_DGRAM);
        assertThatThrownBy(() -> DescriptorChannel.own(datagrams[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("datagram");
        assertThat(c("close", datagrams[0]) + c("close", datagrams[1])).isZero();
        int writeOnly = c("open", fixture.file(1).toString(), 1 /* O_WRONLY */);
        DescriptorChannel out = fixture.keep(DescriptorChannel.own(writeOnly));
        assertThatThrownBy(() -> out.read(ByteBuffer.allocate(1))).isInstanceOf(NonReadableChannelException.class);
    }

    /** Returns the descriptor of a file's channel, from the list in /proc. */
    private static int numberOf(Path file) throws Exception {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> leadsTo(fd, file))
                    .mapToInt(fd -> Integer.parseInt(fd.getFileName().toString()))
                    .max()
                    .orElseThrow();
        }
    }

    private static boolean leadsTo(Path fd, Path file) {
        try {
            return Files.readSymbolicLink(fd).equals(file.toRealPath());
        } catch (java.io.IOException gone) {
            return false;
        }
    }

    /** The JDK's calls would write at the descriptor's own position, over the header. */
    @Test
    void aFileIsNotWrittenByCallsThatNeedAFileChannel() throws Exception {
        Path source = fixture.file(300_000);
        FileChannel in = fixture.keep(FileChannel.open(source));
        Path file = fixture.path("t");
        fixture.keep(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        DescriptorChannel target = fixture.keep(DescriptorChannel.borrow(numberOf(file)));
        Transfer.Builder required = Transfers.from(in)
                .header(ByteBuffer.wrap("header".getBytes()))
                .to(target)
                .use(Mechanism.TRANSFER_TO, Preference.REQUIRE);
        assertThat(required.build().plan().chosen()).isEmpty();
        assertThatThrownBy(() -> required.build().run())
                .isInstanceOf(MechanismUnavailableException.class)
                .hasMessageContaining("file channel of the JDK");
        assertThat(file).isEmptyFile();
        System.setProperty("zerocopy.disable", "copy_file_range,sendfile,splice");
        try {
            TransferResult result = Transfers.from(in)
                    .range(0, 300_000)
                    .header(ByteBuffer.wrap("header".getBytes()))
                    .to(target)
                    .build()
                    .run();
            assertThat(result.bytes()).isEqualTo(300_006);
        } finally {
            System.clearProperty("zerocopy.disable");
        }
        byte[] arrived = Files.readAllBytes(file);
        assertThat(new String(arrived, 0, 6)).isEqualTo("header");
        assertThat(Arrays.copyOfRange(arrived, 6, arrived.length)).isEqualTo(Files.readAllBytes(source));
    }

    @Test
    void aFileIsNotReadByCallsThatNeedAFileChannel() throws Exception {
        Path source = fixture.file(300_000);
        fixture.keep(FileChannel.open(source));
        DescriptorChannel from = fixture.keep(DescriptorChannel.borrow(numberOf(source)));
        for (Mechanism mechanism : new Mechanism[] {Mechanism.TRANSFER_TO, Mechanism.MMAP_WRITE}) {
            Path target = fixture.path("t");
            Transfer transfer = Transfers.from(from)
                    .header(ByteBuffer.allocate(3))
                    .to(target)
                    .use(mechanism, Preference.REQUIRE)
                    .build();
            assertThat(transfer.plan().chosen()).isEmpty();
            assertThatThrownBy(transfer::run).isInstanceOf(MechanismUnavailableException.class);
            assertThat(target).doesNotExist();
        }
    }
}
