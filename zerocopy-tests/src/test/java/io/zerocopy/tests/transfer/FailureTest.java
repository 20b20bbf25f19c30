package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferClosedException;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A target fails in the middle: the count is exact, and every byte taken from a stream is delivered or handed back. */
class FailureTest {
    private static final int SENT = 300_000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    static Stream<Arguments> streams() {
        return Stream.of("tcp", "unix", "pipe", "opaque")
                .flatMap(source -> Stream.of(Mechanism.SPLICE, Mechanism.READ_WRITE)
                        .filter(mechanism -> !(source.equals("opaque") && mechanism == Mechanism.SPLICE))
                        .map(mechanism -> Arguments.of(source, mechanism)));
    }

    /**
     * This device has no splice method. So splice declines with bytes in its pipe, and the write of these bytes fails.
     */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix", "pipe", "opaque"})
    void fullDevice(String kind) throws Exception {
        ReadableByteChannel source = fed(kind);
        FileChannel full = fixture.keep(FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE));
        Transfer transfer = Transfers.from(source).to(full).build();
        TransferException failure = catchThrowableOfType(TransferException.class, transfer::run);
        assertThat(failure).hasMessageContaining("ENOSPC").hasMessageContaining("after 0 bytes");
        nothingVanished(failure, source);
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("streams")
    void readerOfAPipeIsGone(String kind, Mechanism mechanism) throws Exception {
        ReadableByteChannel source = fed(kind);
        var pipe = fixture.pipe();
        pipe.source().close();
        TransferException failure = failure(source, pipe.sink(), mechanism);
        assertThat(failure).hasMessageContaining("EPIPE");
        nothingVanished(failure, source);
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("streams")
    void peerOfTheTargetHasReset(String kind, Mechanism mechanism) throws Exception {
        ReadableByteChannel source = fed(kind);
        SocketChannel[] pair = fixture.tcp();
        pair[1].setOption(StandardSocketOptions.SO_LINGER, 0);
        pair[1].close();
        TransferException failure = failure(source, pair[0], mechanism);
        assertThat(failure.getMessage()).containsAnyOf("EPIPE", "ECONNRESET");
        assertThat(pair[0].isOpen()).isTrue();
        nothingVanished(failure, source);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SPLICE", "READ_WRITE", "TRANSFER_FROM"})
    void fileSystemThatFillsUp(Mechanism mechanism) throws Exception {
        try (Mount small = Mount.tmpfs(fixture, "size=128k")) {
            SocketChannel[] pair = fixture.tcp();
            feed(pair[1]);
            try (FileChannel target =
                    FileChannel.open(small.path().resolve("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                TransferException failure = failure(pair[0], target, mechanism);
                assertThat(failure.getMessage()).containsAnyOf("ENOSPC", "No space left");
                assertThat(failure.transferred()).isPositive().isEqualTo(target.size());
                assertThat(target.position()).isEqualTo(failure.transferred());
                nothingVanished(failure, pair[0]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"COPY_FILE_RANGE", "SENDFILE", "TRANSFER_TO", "MMAP_WRITE", "READ_WRITE", "AUTO"})
    void failedCopyOfAFileLeavesNoTargetAndLosesNothing(String mechanism) throws Exception {
        Path source = fixture.file(500_000);
        try (Mount small = Mount.tmpfs(fixture, "size=128k")) {
            Path target = small.path().resolve("t");
            if (mechanism.equals("AUTO")) {
                TransferException e =
                        catchThrowableOfType(TransferException.class, () -> Transfers.copy(source, target));
                assertThat(e.transferred()).isLessThan(500_000);
                assertThat(target).doesNotExist();
            } else {
                FileChannel in = fixture.keep(FileChannel.open(source));
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                Transfer transfer = Transfers.from(in)
                        .to(out)
                        .use(Mechanism.valueOf(mechanism), Preference.REQUIRE)
                        .build();
                if (transfer.plan().chosen().isPresent()) {
                    IOException e = catchThrowableOfType(IOException.class, transfer::run);
                    if (e instanceof TransferException failure) {
                        assertThat(out.size()).isGreaterThanOrEqualTo(failure.transferred());
                        assertThat(in.position()).isEqualTo(failure.transferred());
                        assertThat(failure.remainder().remaining()).isZero();
                    } else {
                        assertThat(e).hasMessageContaining("EXDEV");
                    }
                }
                out.close();
            }
        }
    }

    /**
     * A channel that was closed during a transfer has no position; the position of the other one still says how much
     * arrived.
     */
    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"COPY_FILE_RANGE", "SENDFILE", "MMAP_WRITE", "TRANSFER_FROM", "READ_WRITE"})
    void theOpenChannelIsPositionedAfterTheArrivedBytes(Mechanism mechanism) throws Exception {
        for (boolean closesSource : new boolean[] {true, false}) {
            FileChannel in = fixture.keep(FileChannel.open(fixture.file(SENT)));
            FileChannel out = fixture.keep(
                    FileChannel.open(fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            try (TransferSession session = Transfers.from(in)
                    .to(out)
                    .use(mechanism, Preference.REQUIRE)
                    .fairChunk(4096)
                    .build()
                    .open()) {
                session.advance();
                session.advance();
                (closesSource ? in : out).close();
                TransferClosedException failure = catchThrowableOfType(TransferClosedException.class, session::advance);
                assertThat(failure.transferred())
                        .isEqualTo(session.transferred())
                        .isEqualTo(8192);
            }
            assertThat((closesSource ? out : in).position()).isEqualTo(8192);
        }
    }

    @Test
    void aSourceThatBreaksIsReported() {
        InputStream broken = new InputStream() {
            private int left = 10;

            @Override
            public int read() throws IOException {
                if (left-- == 0) {
                    throw new IOException("the tape tore");
                }
                return 7;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                into[offset] = (byte) read();
                return 1;
            }
        };
        IOException e = catchThrowableOfType(
                IOException.class, () -> Transfers.copy(broken, new java.io.ByteArrayOutputStream()));
        assertThat(e).hasMessage("the tape tore");
        assertThat(TransferFailure.of(e).orElseThrow().transferred()).isEqualTo(10);
    }

    private ReadableByteChannel fed(String kind) throws IOException {
        if (kind.equals("opaque")) {
            ReadableByteChannel inner =
                    Channels.newChannel(new java.io.ByteArrayInputStream(Content.PATTERN.bytes(0, SENT)));
            return inner;
        }
        if (kind.equals("pipe")) {
            var pipe = fixture.pipe();
            fixture.peer(() -> {
                TestFixture.write(Channels.newOutputStream(pipe.sink()), Content.PATTERN, SENT);
                pipe.sink().close();
                return null;
            });
            return pipe.source();
        }
        SocketChannel[] pair = kind.equals("tcp") ? fixture.tcp() : fixture.unix();
        feed(pair[1]);
        return pair[0];
    }

    private void feed(SocketChannel peer) {
        fixture.peer(() -> {
            TestFixture.write(Channels.newOutputStream(peer), Content.PATTERN, SENT);
            peer.shutdownOutput();
            return null;
        });
    }

    private static TransferException failure(ReadableByteChannel source, WritableByteChannel target, Mechanism by) {
        Transfer transfer =
                Transfers.from(source).to(target).use(by, Preference.REQUIRE).build();
        TransferException failure = catchThrowableOfType(TransferException.class, transfer::run);
        assertThat(failure).isNotNull();
        assertThat(failure.mechanism()).contains(by);
        return failure;
    }

    /** Checks that the bytes that were counted, handed back and left in the source are all bytes, in order. */
    private static void nothingVanished(TransferException failure, ReadableByteChannel source) throws Exception {
        Content.Check check = new Content.Check(Content.PATTERN);
        byte[] counted = Content.PATTERN.bytes(0, (int) failure.transferred());
        check.feed(counted, counted.length);
        ByteBuffer remainder = failure.remainder();
        byte[] handedBack = new byte[remainder.remaining()];
        remainder.get(handedBack);
        check.feed(handedBack, handedBack.length);
        byte[] rest = Channels.newInputStream(source).readAllBytes();
        check.feed(rest, rest.length);
        assertThat(check.count()).isEqualTo(SENT);
    }

    @Test
    void aNewFileThatNothingWasWrittenToIsRemoved() throws Exception {
        Path target = fixture.path("t");
        Transfer transfer = Transfers.from(fixture.file(1000))
                .to(target)
                .use(Mechanism.REFLINK, Preference.REQUIRE)
                .build();
        try (Mount plain = Mount.tmpfs(fixture, "size=1m")) {
            Path onTmpfs = plain.path().resolve("t");
            Transfer across = Transfers.from(fixture.file(1000))
                    .to(onTmpfs)
                    .use(Mechanism.REFLINK, Preference.REQUIRE)
                    .build();
            assertThat(catchThrowableOfType(io.zerocopy.MechanismUnavailableException.class, across::run))
                    .isNotNull();
            assertThat(onTmpfs).doesNotExist();
        }
        assertThat(Files.exists(target)).isFalse();
        assertThat(transfer.plan().candidates()).isNotEmpty();
    }

    /** An exception of a foreign channel says nothing about the ends of this transfer. */
    @Test
    void whatAForeignChannelThrowsKeepsItsMeaning() {
        for (IOException theirs : new IOException[] {
            new IOException("lock wait", new InterruptedByTimeoutException()),
            new ClosedChannelException(),
            new AsynchronousCloseException(),
            new ClosedByInterruptException()
        }) {
            assertThat(catchThrowable(() -> Transfers.from(ByteBuffer.allocate(5))
                            .to(failing(theirs))
                            .build()
                            .run()))
                    .isSameAs(theirs);
            assertThat(TransferFailure.of(theirs).orElseThrow().transferred()).isZero();
        }
    }

    private static WritableByteChannel failing(IOException with) {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) throws IOException {
                throw with;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                throw new AssertionError("it belongs to the caller");
            }
        };
    }

    @Test
    void exceptionAndSessionBothHaveTheRemainder() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        pair[1].write(ByteBuffer.allocate(1000));
        pair[0].configureBlocking(false);
        try (TransferSession session = Transfers.from(pair[0])
                .to(failing(new IOException("no")))
                .build()
                .open()) {
            TransferFailure failure = TransferFailure.of(catchThrowable(() -> {
                        while (true) {
                            session.advance();
                        }
                    }))
                    .orElseThrow();
            assertThat(failure.remainder().remaining()).isEqualTo(1000);
            failure.remainder().get(new byte[600]);
            assertThat(session.remainder().remaining()).isEqualTo(1000);
            session.remainder().get(new byte[100]);
            assertThat(failure.remainder().remaining()).isEqualTo(400);
        }
    }
}
