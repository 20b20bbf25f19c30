package io.zerocopy.tests.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import io.zerocopy.tests.kit.Sparse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct I/O with any position, length and other end, and on file systems that do not have it. */
class DirectIoTest {
    private static final int[] SIZES = {0, 1, 511, 512, 513, 4095, 4096, 4097, (512 << 10) + 1, (1 << 20) - 1, 3_000_077
    };
    private static final int[] POSITIONS = {0, 1, 512, 4099};

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("zerocopy"));
        fixture.close();
    }

    private static Transfer.Builder required(Transfer.Builder builder) {
        return builder.use(Mechanism.DIRECT_IO, Preference.REQUIRE);
    }

    /** Every range goes to every position: its bytes arrive, and the target's bytes around them do not change. */
    @Tag("thorough")
    @ParameterizedTest(name = "depth {0}, ring: {1}")
    @CsvSource({"0, AUTO", "1, AUTO", "3, AUTO", "64, AUTO", "0, NEVER", "3, NEVER"})
    void anyRangeGoesToAnyPosition(int depth, Preference ring) throws Exception {
        Path source = fixture.file(3_100_000);
        byte[] content = Files.readAllBytes(source);
        byte[] before = new byte[3_010_000];
        Arrays.fill(before, (byte) '.');
        Path target = fixture.path("t");
        for (int size : SIZES) {
            for (int from : POSITIONS) {
                for (int to : POSITIONS) {
                    Files.write(target, before);
                    Transfer.Builder builder = required(Transfers.from(source))
                            .use(Mechanism.IO_URING, ring)
                            .range(from, size)
                            .to(target, StandardOpenOption.WRITE)
                            .targetPosition(to);
                    TransferResult result = (depth == 0 ? builder : builder.queueDepth(depth))
                            .build()
                            .run();
                    assertThat(result.bytes()).isEqualTo(size);
                    assertThat(result.mechanism()).isEqualTo(Mechanism.DIRECT_IO);
                    byte[] expected = before.clone();
                    System.arraycopy(content, from, expected, to, size);
                    assertThat(Arrays.equals(Files.readAllBytes(target), expected))
                            .as("%d bytes from %d to %d", size, from, to)
                            .isTrue();
                }
            }
        }
    }

    /** Buffers of several kinds, with bytes at different offsets. */
    @Test
    void memoryIsWrittenToTheByte() throws Exception {
        byte[] all = Content.PATTERN.bytes(0, 1_700_001);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(900_000).put(all, 3, 900_000).flip();
        Path target = fixture.path("t");
        TransferResult result = required(Transfers.from(
                        ByteBuffer.wrap(all, 0, 3), direct.asReadOnlyBuffer(), ByteBuffer.wrap(all, 900_003, 799_998)))
                .to(target)
                .build()
                .run();
        assertThat(result.legs()).containsExactly(new TransferResult.Leg(Mechanism.DIRECT_IO, all.length));
        assertThat(Files.readAllBytes(target)).isEqualTo(all);
    }

    /** A new target has exactly the right size; a file is read from its channel's position. */
    @Test
    void aFileIsCopiedFromWhereItsChannelStandsToItsEnd() throws Exception {
        Path source = fixture.file(1_234_567);
        for (long start : new long[] {0, 5, 4096, 1_234_566, 1_234_567}) {
            Path target = fixture.path("t");
            try (FileChannel in = FileChannel.open(source)) {
                in.position(start);
                TransferResult result =
                        required(Transfers.from(in)).to(target).build().run();
                assertThat(result.bytes()).isEqualTo(1_234_567 - start);
                assertThat(in.position()).isEqualTo(1_234_567);
            }
            assertThat(Files.size(target)).isEqualTo(1_234_567 - start);
            assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(start, (int) (1_234_567 - start)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4095, 70_001, 1_500_001})
    void whatComesFromASocketFillsTheFileToTheByte(int size) throws Exception {
        SocketChannel[] tcp = fixture.tcp();
        Future<?> feeder = fixture.peer(() -> {
            for (int at = 0; at < size; at += 10_007) { // never a multiple of a block
                tcp[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(at, Math.min(10_007, size - at))));
            }
            tcp[1].shutdownOutput();
            return null;
        });
        Path target = fixture.path("t");
        TransferResult result =
                required(Transfers.from(tcp[0])).to(target).build().run();
        TestFixture.join(feeder);
        assertThat(result.legs()).containsExactly(new TransferResult.Leg(Mechanism.DIRECT_IO, size));
        assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(0, size));
    }

    @Test
    void aSessionThatIsCancelledHandsBackWhatItTookAndDidNotWrite() throws Exception {
        SocketChannel[] tcp = fixture.tcp();
        tcp[0].configureBlocking(false);
        Path target = fixture.path("t");
        byte[] sent = Content.PATTERN.bytes(0, 100_000);
        tcp[1].write(ByteBuffer.wrap(sent));
        TransferSession session = required(Transfers.from(tcp[0]))
                .to(target)
                .fairChunk(10_000)
                .build()
                .open();
        TestFixture.until(
                "something has moved", () -> advance(session) == Status.PROGRESS && session.transferred() > 0);
        session.close();
        assertThat(session.transferred()).isEqualTo(Files.size(target)).isLessThanOrEqualTo(10_000);
        ByteBuffer rest = session.remainder();
        ByteBuffer all = ByteBuffer.allocate(sent.length);
        all.put(Files.readAllBytes(target)).put(rest);
        while (all.hasRemaining()) {
            tcp[0].read(all);
        }
        assertThat(all.array()).isEqualTo(sent);
    }

    private static Status advance(TransferSession session) {
        try {
            return session.advance();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Of both files, only what surrounds an unaligned end is in the page cache. */
    @Tag("thorough")
    @Test
    void aGibibyteLeavesThePageCacheAlone() throws Exception {
        long size = (1L << 30) + 100;
        Path source = fixture.path("s");
        try (FileChannel file = FileChannel.open(source, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.wrap(Content.PATTERN.bytes(0, 1 << 20));
            for (long at = 0; at < size; at += 1 << 20) {
                file.write(content.clear().limit((int) Math.min(1 << 20, size - at)));
            }
        }
        Transfers.from(source).to(Path.of("/dev/null")).dropBehind().build().run();
        TestFixture.run("sync", source.toString());
        Transfers.from(source).to(Path.of("/dev/null")).dropBehind().build().run();
        assertThat(PageCacheTest.cached(source)).isLessThan(1 << 20);
        Path target = fixture.path("t");
        TransferResult result =
                required(Transfers.from(source)).to(target).build().run();
        assertThat(result.legs()).containsExactly(new TransferResult.Leg(Mechanism.DIRECT_IO, size));
        assertThat(PageCacheTest.cached(source)).as("of the source").isLessThan(1 << 20);
        assertThat(PageCacheTest.cached(target)).as("of the target").isLessThanOrEqualTo(8192);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void holesStayHoles() throws Exception {
        Path source = fixture.path("s");
        try (FileChannel file = FileChannel.open(source, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 5000)), 10 << 20);
            file.write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 5000)), 90 << 20);
        }
        Path target = fixture.path("t");
        TransferResult result =
                required(Transfers.from(source)).to(target).build().run();
        assertThat(result.bytes()).isEqualTo((90 << 20) + 5000);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        assertThat(Sparse.allocated(target)).isLessThan(64 << 10);
    }

    @Test
    void itIsNotUsedUnlessRequested() throws Exception {
        Path source = fixture.file(5000);
        assertThat(Transfers.from(source).to(fixture.path("t")).build().plan().candidates())
                .filteredOn(candidate -> candidate.mechanism() == Mechanism.DIRECT_IO)
                .singleElement()
                .satisfies(candidate -> {
                    assertThat(candidate.eligible()).isFalse();
                    assertThat(candidate.reason()).contains("only if it is named");
                });
        TransferResult result = Transfers.from(source)
                .to(fixture.path("t"))
                .use(Mechanism.DIRECT_IO, Preference.AUTO)
                .build()
                .run();
        assertThat(result.mechanism()).isEqualTo(Mechanism.DIRECT_IO);
    }

    /** ramfs, the file system of the kernel's start-up files, keeps files only in the page cache. */
    @Test
    void aFileSystemWithoutItSaysSo() throws Exception {
        try (Mount ramfs = Mount.ofType(fixture, "ramfs")) {
            Path source = ramfs.path().resolve("s");
            Files.write(source, Content.PATTERN.bytes(0, 5000));
            Path target = ramfs.path().resolve("t");
            assertThatThrownBy(() ->
                            required(Transfers.from(source)).to(target).build().run())
                    .isInstanceOf(MechanismUnavailableException.class)
                    .hasMessageContaining("DIRECT_IO: open(O_DIRECT): EINVAL");
            assertThat(target).doesNotExist();
            TransferResult result = Transfers.from(source)
                    .to(target)
                    .use(Mechanism.DIRECT_IO, Preference.AUTO)
                    .build()
                    .run();
            assertThat(result.mechanism()).isNotEqualTo(Mechanism.DIRECT_IO);
            assertThat(result.fallbacks())
                    .anyMatch(fallback -> fallback.mechanism() == Mechanism.DIRECT_IO
                            && fallback.reason().contains("EINVAL"));
            assertThat(Files.mismatch(source, target)).isEqualTo(-1);
            Path other = fixture.path("other"); // direct I/O at one end is enough
            assertThat(required(Transfers.from(source)).to(other).build().run().mechanism())
                    .isEqualTo(Mechanism.DIRECT_IO);
            assertThat(Files.mismatch(source, other)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mkfs.xfs -q", "mkfs.btrfs -q", "mkfs.ext4 -q -b 1024"})
    void otherFileSystemsDoIt(String mkfs) throws Exception {
        try (Mount mount = Mount.image(fixture, 320L << 20, mkfs.split(" "))) {
            Path here = fixture.file(2_000_001);
            Path there = mount.path().resolve("there");
            assertThat(required(Transfers.from(here)).to(there).build().run().bytes())
                    .isEqualTo(2_000_001);
            Path again = mount.path().resolve("again");
            required(Transfers.from(there)).to(again).build().run();
            Path back = fixture.path("back");
            required(Transfers.from(again)).to(back).build().run();
            assertThat(Files.mismatch(here, back)).isEqualTo(-1);
        }
    }

    @Test
    void aFullDiskFailsWithTheExactCount() throws Exception {
        try (Mount mount = Mount.image(fixture, 16L << 20, "mkfs.ext4", "-q")) {
            Path source = fixture.file(30_000_000);
            Path target = mount.path().resolve("t");
            Files.writeString(target, "");
            TransferException failure = (TransferException) catchThrowable(() -> required(Transfers.from(source))
                    .to(target, StandardOpenOption.WRITE)
                    .build()
                    .run());
            assertThat(failure).hasMessageContaining("ENOSPC");
            assertThat(failure.transferred()).isPositive().isEqualTo(Files.size(target));
            assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(0, (int) failure.transferred()));
        }
    }

    @Test
    void aFullDiskLeavesInMemoryWhatItDidNotTake() throws Exception {
        try (Mount mount = Mount.image(fixture, 16L << 20, "mkfs.ext4", "-q")) {
            ByteBuffer[] blocks = new ByteBuffer[30];
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = ByteBuffer.allocate(1_000_001);
            }
            Path target = mount.path().resolve("t");
            TransferException failure = (TransferException) catchThrowable(
                    () -> required(Transfers.from(blocks)).to(target).build().run());
            assertThat(failure).hasMessageContaining("ENOSPC");
            assertThat(Arrays.stream(blocks).mapToLong(ByteBuffer::position).sum())
                    .isPositive()
                    .isEqualTo(failure.transferred())
                    .isEqualTo(Files.size(target));
            assertThat(failure.remainder().hasRemaining()).isFalse();
        }
    }

    @Test
    void anInterruptEndsItBetweenTwoStepsWithTheExactCount() throws Exception {
        Path source = fixture.file(200_000_000);
        Path target = fixture.path("t");
        AtomicLong heard = new AtomicLong();
        Future<Throwable> copy = fixture.peer(() -> catchThrowable(() -> required(Transfers.from(source))
                .to(target)
                .onProgress((moved, total) -> {
                    heard.set(moved);
                    Thread.currentThread().interrupt();
                })
                .build()
                .run()));
        Throwable failure = TestFixture.join(copy);
        assertThat(failure).isInstanceOf(InterruptedIOException.class);
        long moved = ((TransferFailure) failure).transferred();
        assertThat(moved).isEqualTo(heard.get()).isLessThan(200_000_000);
        assertThat(Files.size(target)).isEqualTo(moved);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 257})
    void anInvalidDepthIsRefused(int depth) {
        assertThatThrownBy(() -> Transfers.from(Path.of("s")).queueDepth(depth))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(depth));
    }
}
