package io.zerocopy.linux.internal.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that ask the page cache not to keep them, on kernels that know the flag and on others. */
class DropWrittenTest {
    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();
    private FileChannel file;

    @BeforeEach
    void open() throws IOException {
        file = ends.file(3);
    }

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private Target target() {
        Target target = kernel.target(file);
        target.dropWritten();
        script.forget();
        return target;
    }

    @Test
    void everyWriteSaysSo() throws IOException {
        Target target = target();
        script.answer("pwritev2", 10, 10, 20);
        assertThat(target.write(ByteBuffer.allocateDirect(10), 0)).isEqualTo(10);
        assertThat(target.write(ByteBuffer.allocate(10), 10)).isEqualTo(10);
        ByteBuffer[] two = {ByteBuffer.allocateDirect(10), ByteBuffer.allocate(10)};
        assertThat(target.write(two, 0, 2, 20)).isEqualTo(20);
        assertThat(script.names()).containsOnly("pwritev2");
        assertThat(script.calls("pwritev2"))
                .allSatisfy(call -> assertThat(call.number(4)).isEqualTo(C.RWF_DONTCACHE));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EINVAL})
    void ifTheFlagIsUnknownWritesContinueWithoutIt(int errno) throws IOException {
        Target target = target();
        script.answer("pwritev2", -errno).answer("pwrite", 10, 10);
        assertThat(target.write(ByteBuffer.allocateDirect(10), 0)).isEqualTo(10);
        assertThat(target.write(ByteBuffer.allocateDirect(10), 10)).isEqualTo(10);
        assertThat(script.names()).containsExactly("pwritev2", "pwrite", "pwrite");
    }

    @Test
    void ordinaryWritesDoNotUseTheFlag() throws IOException {
        Target target = kernel.target(file);
        script.forget();
        script.answer("pwrite", 10);
        assertThat(target.write(ByteBuffer.allocateDirect(10), 0)).isEqualTo(10);
        assertThat(script.names()).containsExactly("pwrite");
    }
}
