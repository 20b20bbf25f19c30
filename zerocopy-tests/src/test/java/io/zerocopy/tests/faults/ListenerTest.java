package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.Transfer;
import io.zerocopy.TransferClosedException;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferInterruptedException;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that do what they should not: in all cases the count is correct and no byte is lost. */
class ListenerTest {
    private static final int SIZE = 400_000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static ProgressListener closing(Channel victim, long from) {
        return (transferred, total) -> {
            if (transferred >= from) {
                try {
                    victim.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private SocketChannel[] fed() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        fixture.peer(() -> {
            try (SocketChannel out = pair[1]) {
                return out.write(ByteBuffer.wrap(Content.PATTERN.bytes(0, SIZE)));
            }
        });
        return pair;
    }

    /** Checks that the bytes that arrived, were handed back and are left, in this order, are those that were sent. */
    private static void nothingIsLost(Path target, ByteBuffer remainder, SocketChannel source) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(SIZE + 1);
        all.put(Files.readAllBytes(target)).put(remainder.duplicate());
        while (source.isOpen() && source.read(all) >= 0) {
            assertThat(all.position()).isLessThanOrEqualTo(SIZE);
        }
        byte[] seen = new byte[all.flip().remaining()];
        all.get(seen);
        assertThat(seen).isEqualTo(Content.PATTERN.bytes(0, source.isOpen() ? SIZE : seen.length));
    }

    @ParameterizedTest
    @EnumSource(names = {"SPLICE", "READ_WRITE", "TRANSFER_FROM"})
    void oneThatThrowsEndsTheTransferWithWhatItHadMoved(Mechanism mechanism) throws Exception {
        SocketChannel[] source = fed();
        Path file = fixture.path("t");
        IllegalStateException thrown = new IllegalStateException("the listener's own");
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Transfer transfer = Transfers.from(source[0])
                    .to(to)
                    .use(mechanism, Preference.REQUIRE)
                    .onProgress((transferred, total) -> {
                        throw thrown;
                    })
                    .build();
            assertThat(catchThrowable(transfer::run)).isSameAs(thrown);
            TransferException told = (TransferException) thrown.getSuppressed()[0];
            assertThat(told.transferred()).isPositive().isEqualTo(Files.size(file));
            assertThat(to.position()).isEqualTo(told.transferred());
            nothingIsLost(file, told.remainder(), source[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseByTheListenerIsReportedAsAClosedEnd(boolean closesSource) throws Exception {
        SocketChannel[] source = fed();
        Path file = fixture.path("t");
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Transfer transfer = Transfers.from(source[0])
                    .to(to)
                    .fairChunk(10_000)
                    .onProgress(closing(closesSource ? source[0] : to, 1))
                    .build();
            TransferFailure failure = (TransferFailure) catchThrowable(transfer::run);
            assertThat(failure).isInstanceOf(TransferClosedException.class);
            assertThat(failure.transferred()).isPositive().isEqualTo(Files.size(file));
            nothingIsLost(file, failure.remainder(), source[0]);
        }
    }

    @Test
    void oneThatInterruptsLeavesBothEndsOpen() throws Exception {
        SocketChannel[] source = fed();
        Path file = fixture.path("t");
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Transfer transfer = Transfers.from(source[0])
                    .to(to)
                    .onProgress((transferred, total) -> Thread.currentThread().interrupt())
                    .build();
            TransferFailure failure = (TransferFailure) catchThrowable(transfer::run);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(failure).isInstanceOf(TransferInterruptedException.class);
            assertThat(to.position()).isEqualTo(failure.transferred()).isEqualTo(Files.size(file));
            nothingIsLost(file, failure.remainder(), source[0]);
        }
    }

    /** A hole is counted when it is punched or left out; the file gets its full size only at the end. */
    @ParameterizedTest
    @ValueSource(ints = {0, 150_000, SIZE})
    void aHoleThatNeverCameAboutIsNotCounted(int before) throws Exception {
        Path sparse = fixture.path("sparse");
        Path file = fixture.path("t");
        byte[] other = new byte[before];
        java.util.Arrays.fill(other, (byte) 7);
        Files.write(file, other);
        try (FileChannel out = FileChannel.open(
                sparse, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            out.write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 64 << 10)));
            out.write(ByteBuffer.allocate(1), SIZE - 1);
            out.truncate(SIZE - 5000);
        }
        try (FileChannel from = FileChannel.open(sparse);
                FileChannel to = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Transfer transfer = Transfers.from(from)
                    .to(to)
                    .onProgress(closing(to, (64 << 10) + 1))
                    .build();
            TransferFailure failure = (TransferFailure) catchThrowable(transfer::run);
            byte[] now = Files.readAllBytes(file);
            byte[] wanted = Files.readAllBytes(sparse);
            int wrong =
                    java.util.Arrays.mismatch(now, 0, Math.min(now.length, wanted.length), wanted, 0, wanted.length);
            assertThat(failure.transferred()).isEqualTo(wrong < 0 ? wanted.length : wrong);
        }
    }

    @Test
    void oneMayRunAnotherTransferInside() throws Exception {
        Path source = fixture.file(SIZE);
        Path inner = fixture.path("inner");
        Path outer = fixture.path("outer");
        long[] moved = new long[1];
        long bytes = Transfers.from(source)
                .to(outer)
                .onProgress((transferred, total) -> {
                    try {
                        moved[0] = Transfers.copy(source, inner, java.nio.file.StandardCopyOption.REPLACE_EXISTING)
                                .bytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .build()
                .run()
                .bytes();
        assertThat(bytes).isEqualTo(SIZE).isEqualTo(moved[0]);
        assertThat(Files.mismatch(source, outer)).isEqualTo(-1);
        assertThat(Files.mismatch(source, inner)).isEqualTo(-1);
    }

    @Test
    void whatAnotherThreadReadsOfARunningSessionOnlyGrows() throws Exception {
        Path sparse = fixture.path("sparse");
        try (FileChannel out = FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 200; i++) {
                out.write(ByteBuffer.wrap(Content.PATTERN.bytes(i, 4096)), i * 65_536L);
            }
        }
        long size = Files.size(sparse);
        for (int round = 0; round < 20; round++) {
            TransferSession session = Transfers.from(sparse)
                    .to(fixture.path("t"))
                    .use(Mechanism.REFLINK, Preference.NEVER)
                    .fairChunk(8192)
                    .build()
                    .open();
            Future<Long> reader = fixture.peer(() -> {
                long last = 0;
                while (last < size) {
                    long now = session.transferred();
                    assertThat(now).isBetween(last, size);
                    assertThat(session.remainder().hasRemaining()).isFalse();
                    last = now;
                }
                return last;
            });
            assertThatThrownBy(session::result).isInstanceOf(IllegalStateException.class);
            assertThat(TestFixture.drive(session).bytes()).isEqualTo(size);
            session.close();
            assertThat(TestFixture.join(reader)).isEqualTo(size);
        }
    }
}
