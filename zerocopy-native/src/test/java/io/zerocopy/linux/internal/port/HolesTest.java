package io.zerocopy.linux.internal.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.Extent;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holes in a source and in a target, on kernels and file systems that give unusual answers. */
class HolesTest {
    private static final int MIB = 1 << 20;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();
    private FileChannel file;

    @BeforeEach
    void open() throws IOException {
        file = ends.file(3);
        file.write(ByteBuffer.allocate(MIB), 4 * MIB);
    }

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private Source source() {
        Source source = kernel.source(file);
        script.forget();
        return source;
    }

    private Target target() {
        Target target = kernel.target(file);
        script.forget();
        return target;
    }

    @Test
    void extentsAreFoundAndThePositionIsPutBack() throws IOException {
        file.position(77);
        Source source = source();
        assertThat(source.extent(0, true)).isEqualTo(new Extent(0, 4096));
        assertThat(source.extent(5000, true)).isEqualTo(new Extent(4 * MIB, 5 * MIB));
        assertThat(file.position()).isEqualTo(77);
        assertThat(script.names()).doesNotContain("open");
    }

    @Test
    void aHoleUpToTheEndIsAnEmptyExtentThere() throws IOException {
        Source source = source();
        script.answer("lseek", 77, 2000, -Errno.ENXIO);
        assertThat(source.extent(2000, false)).isEqualTo(new Extent(5 * MIB, 5 * MIB));
        script.answer("lseek", 77, -Errno.ENXIO, -Errno.ENXIO);
        assertThat(source.extent(5 * MIB, false)).isNull(); // the reader will find the end
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.EOPNOTSUPP, Errno.EIO})
    void anUnknownExtentIsNull(int errno) throws IOException {
        Source source = source();
        script.answer("lseek", 77, -errno, -errno);
        assertThat(source.extent(0, false)).isNull();
    }

    @Test
    void aSmallFileWithoutHolesIsAskedOnce() throws IOException {
        file = ends.file(10_000);
        Source source = source();
        assertThat(source.extent(0, false)).isNull();
        assertThat(source.extent(0, false)).isNull();
        assertThat(script.names()).containsExactly("statx");
    }

    /** Another thread may be reading through the file itself, without the channel, at this very moment. */
    @Test
    void aPositionThatIsSharedIsNotMoved() throws IOException {
        java.nio.file.Path path = ends.path();
        RandomAccessFile random = ends.keep(new RandomAccessFile(path.toFile(), "rw"));
        random.setLength(8 * MIB);
        file = random.getChannel();
        Source source = source();
        assertThat(source.extent(0, true)).isNull();
        assertThat(script.names()).doesNotContain("lseek");
        assertThat(source.extent(0, false)).isEqualTo(new Extent(8 * MIB, 8 * MIB));
    }

    @Test
    void closedChannelsAreNotAskedFor() throws IOException {
        Source source = source();
        Target target = target();
        file.close();
        assertThatThrownBy(() -> source.extent(0, false)).isInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> target.zero(0, 1)).isInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> target.extend(0, 1, true)).isInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> target.advise(Advice.DONT_NEED, 0, 1)).isInstanceOf(AsynchronousCloseException.class);
        assertThat(script.names()).isEmpty();
    }

    @Test
    void withoutPunchingOnlyTheRangeAfterTheEndIsAHole() throws IOException {
        Target target = target();
        script.answer("fallocate", -Errno.EOPNOTSUPP, -Errno.EOPNOTSUPP);
        assertThat(target.zero(0, 100)).isFalse();
        assertThat(target.zero(5 * MIB, 100)).isTrue();
        assertThat(file.size()).isEqualTo(5 * MIB);
    }

    @Test
    void aFileGrowsBySizeWhenItIsAloneAndByAByteWhenItIsNot() throws IOException {
        Target target = target();
        target.extend(5 * MIB, 5 * MIB, true); // the file has this size already
        assertThat(script.names()).containsExactly("statx");
        target.extend(5 * MIB, 6 * MIB, true);
        assertThat(script.calls("ftruncate")).hasSize(1);
        script.forget();
        target.extend(6 * MIB, 7 * MIB, false);
        assertThat(script.names()).containsExactly("statx", "pwrite", "fallocate");
        assertThat(file.size()).isEqualTo(7 * MIB);
        ScriptedSyscalls.Call punch = script.calls("fallocate").get(0);
        assertThat(punch.number(1)).isEqualTo(C.FALLOC_FL_PUNCH_HOLE | C.FALLOC_FL_KEEP_SIZE);
        assertThat(punch.number(2)).isEqualTo(7 * MIB - 4096);
        file.write(ByteBuffer.wrap(new byte[] {1}), 7 * MIB);
        target.extend(7 * MIB + 1, 7 * MIB + 9, false); // must not reach into what was written
        assertThat(script.calls("fallocate").get(1).number(2)).isEqualTo(7 * MIB + 1);
        script.answer("ftruncate", -Errno.EFBIG);
        assertThatThrownBy(() -> target.extend(0, 8L * MIB, true)).hasMessage("ftruncate: EFBIG (File too large)");
    }

    @Test
    void whatWasWrittenIsOnDiskBeforeItIsDropped() throws IOException {
        Target target = target();
        target.beginWriting(0, 4096);
        target.advise(Advice.DONT_NEED, 0, 4096);
        assertThat(script.names()).containsExactly("sync_file_range", "sync_file_range", "posix_fadvise");
        assertThat(script.calls("sync_file_range").get(0).number(3)).isEqualTo(C.SYNC_FILE_RANGE_WRITE);
        source().advise(Advice.DONT_NEED, 0, 4096);
        assertThat(script.names()).containsExactly("posix_fadvise");
    }
}
