package io.zerocopy.tests.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Preference;
import io.zerocopy.linux.DirectFile;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import io.zerocopy.tests.kit.Sparse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares a file that is read and written past the page cache with an array in memory, for any range and any buffer.
 */
class DirectFileTest {
    private static final int SIZE = 3_000_001;

    private TestFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Where the bytes are: aligned memory, memory that is not aligned, the heap. */
    enum Memory {
        ALIGNED,
        SHIFTED,
        HEAP;

        MutableDirectBuffer allocate(DirectFile file, int capacity) {
            return this == HEAP ? new UnsafeBuffer(new byte[capacity + 1]) : file.allocate(capacity + 1);
        }

        int index() {
            return this == ALIGNED ? 0 : 1;
        }
    }

    private static DirectFile writable(Path path, Preference preference) throws IOException {
        return DirectFile.open(
                path, preference, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void anyRangeIsReadAndWritten(Memory memory) throws Exception {
        Path path = fixture.file(SIZE);
        byte[] model = Arrays.copyOf(Files.readAllBytes(path), SIZE + 1_000_000);
        long size = SIZE;
        Random random = new Random(5);
        try (DirectFile file = writable(path, Preference.REQUIRE)) {
            assertThat(file.bufferedBecause()).isEmpty();
            for (int i = 0; i < 400; i++) {
                boolean whole = random.nextInt(4) == 0;
                int unit = whole ? file.alignment() : 1;
                int length = random.nextInt(random.nextBoolean() ? 10_000 : 900_000) / unit * unit;
                int at = random.nextInt(SIZE) / unit * unit;
                String what = length + " bytes at " + at;
                MutableDirectBuffer buffer = memory.allocate(file, length);
                if (random.nextBoolean()) {
                    byte[] bytes = new byte[length];
                    random.nextBytes(bytes);
                    buffer.putBytes(memory.index(), bytes);
                    file.write(at, buffer, memory.index(), length);
                    System.arraycopy(bytes, 0, model, at, length);
                    size = length == 0 ? size : Math.max(size, at + length);
                } else {
                    int n = file.read(at, buffer, memory.index(), length);
                    assertThat(n).as(what).isEqualTo((int) Math.min(length, size - at));
                    byte[] bytes = new byte[n];
                    buffer.getBytes(memory.index(), bytes);
                    assertThat(Arrays.equals(bytes, Arrays.copyOfRange(model, at, at + n)))
                            .as(what)
                            .isTrue();
                }
                assertThat(file.size()).as(what).isEqualTo(size);
            }
            file.force();
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(Arrays.copyOf(model, (int) size));
    }

    @Test
    void theEndIsToldAndNothingIsReadBehindIt() throws Exception {
        Path path = fixture.file(10_001);
        try (DirectFile file = DirectFile.open(path)) {
            MutableDirectBuffer buffer = file.allocate(20_000);
            assertThat(file.read(0, buffer, 0, 20_000)).isEqualTo(10_001);
            assertThat(buffer.getByte(10_001)).isZero();
            assertThat(file.read(10_000, buffer, 0, 20_000)).isEqualTo(1);
            assertThat(file.read(10_001, buffer, 0, 20_000)).isEqualTo(-1);
            assertThat(file.read(1L << 40, buffer, 0, 20_000)).isEqualTo(-1);
            for (long far : new long[] {Long.MAX_VALUE - (1 << 21) + 1, Long.MAX_VALUE - 5000, Long.MAX_VALUE}) {
                assertThat(file.read(far, buffer, 0, 20_000)).isEqualTo(-1);
            }
            assertThat(file.read(0, buffer, 0, 0)).isZero();
        }
    }

    /** Aligned ranges of aligned memory: afterwards no page of the file is in the cache. */
    @Test
    void thePageCacheIsLeftAlone() throws Exception {
        int size = 64 << 20;
        Path path = fixture.path("f");
        try (DirectFile file = DirectFile.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            MutableDirectBuffer buffer = file.allocate(1 << 20);
            for (int at = 0; at < size; at += 1 << 20) {
                buffer.putBytes(0, Content.PATTERN.bytes(at, 1 << 20));
                file.write(at, buffer, 0, 1 << 20);
            }
            for (int at = 0; at < size; at += 1 << 20) {
                assertThat(file.read(at, buffer, 0, 1 << 20)).isEqualTo(1 << 20);
            }
        }
        assertThat(PageCacheTest.cached(path)).isZero();
        assertThat(Files.size(path)).isEqualTo(size);
    }

    @Test
    void behindTheEndIsAHole() throws Exception {
        Path path = fixture.path("f");
        try (DirectFile file = writable(path, Preference.REQUIRE)) {
            file.write(10_000_001, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(file.size()).isEqualTo(10_000_004);
        }
        assertThat(Sparse.allocated(path)).isLessThan(64 << 10);
        byte[] all = Files.readAllBytes(path);
        assertThat(Arrays.copyOfRange(all, 10_000_001, 10_000_004)).containsExactly(1, 2, 3);
    }

    @Test
    void ifDirectIoIsRefusedTheCallerHasTheChoice() throws Exception {
        try (Mount ramfs = Mount.ofType(fixture, "ramfs")) {
            Path path = ramfs.path().resolve("f");
            Files.write(path, Content.PATTERN.bytes(0, 10_001));
            assertThatThrownBy(() -> DirectFile.open(path))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("open(O_DIRECT): EINVAL");
            try (DirectFile file = writable(path, Preference.AUTO)) {
                assertThat(file.bufferedBecause())
                        .hasValueSatisfying(why -> assertThat(why).contains("EINVAL"));
                assertThat(file.alignment()).isEqualTo(1);
                file.write(9_999, ByteBuffer.wrap(new byte[] {7, 7, 7}));
                MutableDirectBuffer buffer = file.allocate(20_000);
                assertThat(file.read(1, buffer, 0, 20_000)).isEqualTo(10_001);
                assertThat(buffer.getByte(10_000)).isEqualTo((byte) 7);
            }
        }
        Path here = fixture.file(100);
        try (DirectFile file = DirectFile.open(here, Preference.NEVER)) {
            assertThat(file.bufferedBecause()).contains("not wanted");
        }
    }

    @Test
    void aFullDiskTellsHowFarItWent() throws Exception {
        try (Mount mount = Mount.image(fixture, 16L << 20, "mkfs.ext4", "-q")) {
            Path path = mount.path().resolve("f");
            ByteBuffer much = ByteBuffer.allocateDirect(30_000_001).put(0, Content.PATTERN.bytes(0, 30_000_001));
            try (DirectFile file = writable(path, Preference.REQUIRE)) {
                Throwable failure = catchThrowable(() -> file.write(0, much));
                assertThat(failure)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("ENOSPC")
                        .hasMessageContaining("after " + much.position() + " of 30000001 bytes");
                assertThat(file.size()).isEqualTo(much.position());
            }
            assertThat(Files.readAllBytes(path)).isEqualTo(Content.PATTERN.bytes(0, much.position()));
        }
    }

    @Test
    void misuseIsRefused() throws Exception {
        Path path = fixture.file(10);
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThatThrownBy(() -> DirectFile.open(fixture.path("none"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> DirectFile.open(Path.of("/proc/version"), Preference.AUTO))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> DirectFile.open(path, StandardOpenOption.APPEND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DirectFile.open(path, StandardOpenOption.WRITE, StandardOpenOption.SYNC))
                .isInstanceOf(IllegalArgumentException.class);
        try (DirectFile file = DirectFile.open(path)) {
            assertThatThrownBy(() -> file.write(0, buffer)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> file.read(-1, buffer)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.read(0, buffer.asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.read(0, file.allocate(10), 5, 6))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> file.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
        }
        try (DirectFile file = DirectFile.open(path, StandardOpenOption.WRITE, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> file.read(0, buffer)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> file.write(Long.MAX_VALUE - 5, buffer))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        DirectFile closed = DirectFile.open(path);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.read(0, buffer)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(closed::size).isInstanceOf(ClosedChannelException.class);
        assertThat(buffer.position()).isZero();
    }

    /** Closing waits for running reads; later reads fail because the file is closed. */
    @Test
    void itCanBeClosedDuringReads() throws Exception {
        Path path = fixture.file(SIZE);
        for (int round = 0; round < 20; round++) {
            DirectFile file = DirectFile.open(path);
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(fixture.peer(() -> {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
                    int reads = 0;
                    try {
                        while (true) {
                            assertThat(file.read(0, buffer.clear())).isEqualTo(SIZE);
                            reads++;
                        }
                    } catch (ClosedChannelException expected) {
                        return reads;
                    }
                }));
            }
            try (FileChannel other = FileChannel.open(path)) {
                file.close();
                assertThat(other.size()).isEqualTo(SIZE);
            }
            for (Future<Integer> reader : readers) {
                assertThat(TestFixture.join(reader)).isNotNegative();
            }
        }
    }
}
