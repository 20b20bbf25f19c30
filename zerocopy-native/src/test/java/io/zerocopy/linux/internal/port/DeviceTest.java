package io.zerocopy.linux.internal.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls on devices may wait, and no call may wait under a channel's close lock. */
class DeviceTest {
    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCGPTN = 0x80045430L;

    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    /** The two ends of a terminal: bytes written to the second can be read from the first. */
    private FileChannel[] terminal() throws IOException {
        Syscalls sys = NativeBinding.bound().syscalls();
        FileChannel master =
                ends.keep(FileChannel.open(Path.of("/dev/ptmx"), StandardOpenOption.READ, StandardOpenOption.WRITE));
        int fd = new LeaseCache(sys).lease(master).fd();
        Memory memory = Memory.take();
        assertThat(sys.ioctl(fd, TIOCSPTLCK, memory.putInt(0, 0).address())).isZero();
        assertThat(sys.ioctl(fd, TIOCGPTN, memory.address())).isZero();
        Path path = Path.of("/dev/pts/" + memory.getInt(0));
        memory.release();
        FileChannel slave = ends.keep(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        return new FileChannel[] {master, slave};
    }

    private static <T> T soon(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(future);
        thread.setDaemon(true);
        thread.start();
        return future.get(ChannelFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aWriteToATerminalThatNobodyReadsComesBack() throws Exception {
        Target target = new Kernel(NativeBinding.bound().syscalls()).target(terminal()[1]);
        assertThat(target.facts().kind()).isEqualTo(EndpointKind.DEVICE);
        target.acquire();
        ByteBuffer content = ByteBuffer.allocateDirect(1 << 20);
        long last = soon(() -> {
            long n;
            do {
                n = target.write(content, Target.NO_POSITION);
            } while (n > 0 && content.hasRemaining());
            return n;
        });
        assertThat(last).isEqualTo(Step.AWAIT_TARGET);
        target.release();
    }

    @Test
    void sendfileToATerminalThatNobodyReadsComesBack() throws Exception {
        Kernel kernel = new Kernel(NativeBinding.bound().syscalls());
        Mover mover = ends.mover(kernel, Mechanism.SENDFILE, ends.file(1 << 20), terminal()[1]);
        long last = soon(() -> {
            long n;
            long moved = 0;
            do {
                n = mover.step(moved, Target.NO_POSITION, (1 << 20) - moved);
                moved += Math.max(0, n);
            } while (n > 0);
            return n;
        });
        assertThat(last).isIn(Step.AWAIT_TARGET, Step.DECLINED);
    }

    @Test
    void aReadFromASilentTerminalComesBack() throws Exception {
        Source source = new Kernel(NativeBinding.bound().syscalls()).source(terminal()[1]);
        source.acquire();
        assertThat(soon(() -> source.read(ByteBuffer.allocateDirect(10), 0))).isEqualTo(Step.AWAIT_SOURCE);
        source.release();
    }

    @Test
    void theMemoryDevicesCostNothingButTheirCalls() throws IOException {
        ScriptedSyscalls script = new ScriptedSyscalls();
        Kernel kernel = new Kernel(script.sys());
        Source zero = kernel.source(ends.keep(FileChannel.open(Path.of("/dev/zero"))));
        Target none = kernel.target(ends.keep(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)));
        script.forget();
        zero.acquire();
        none.acquire();
        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        assertThat(zero.read(buffer, 0)).isEqualTo(100);
        assertThat(none.write(buffer.flip(), Target.NO_POSITION)).isEqualTo(100);
        none.release();
        zero.release();
        assertThat(script.names()).containsExactly("read", "write");
    }

    /** Such as the kernel's trace: its name is that of a file, but it has no positions, and reads wait for more. */
    @Test
    void aVirtualFileWithoutPositionsIsReadAsADevice() throws IOException {
        ScriptedSyscalls script = new ScriptedSyscalls().answer("lseek", -Errno.ESPIPE);
        Kernel kernel = new Kernel(script.sys());
        Source source = kernel.source(ends.keep(FileChannel.open(Path.of("/proc/version"))));
        assertThat(source.facts().kind()).isEqualTo(EndpointKind.DEVICE);
        source.acquire();
        assertThat(source.position()).isZero();
        script.ready().answer("read", -Errno.EAGAIN);
        assertThat(source.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(Step.AWAIT_SOURCE);
        assertThat(script.calls("fcntl").stream().map(call -> (int) call.number(1)))
                .contains(C.F_SETFL);
        source.release();
    }

    /** Such as the kernel's log, which has positions but still waits for more. */
    @Test
    void aVirtualFileIsOnlyReadWhenItIsReady() throws IOException {
        ScriptedSyscalls script = new ScriptedSyscalls();
        Kernel kernel = new Kernel(script.sys());
        Source source = kernel.source(ends.keep(FileChannel.open(Path.of("/proc/version"))));
        assertThat(source.facts().kind()).isEqualTo(EndpointKind.VIRTUAL_FILE);
        source.acquire();
        script.forget();
        script.answer("poll", 0);
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        assertThat(source.read(buffer, 0)).isEqualTo(Step.AWAIT_SOURCE);
        script.answer("poll", 0);
        assertThat(source.await(1)).isFalse();
        assertThat(source.read(buffer, 0)).isEqualTo(10);
        assertThat(script.calls("pread")).hasSize(1);
        source.release();
    }

    /**
     * Between the refusal and the check of the target, its reader may have made room; that says nothing about the
     * device.
     */
    @Test
    void aPipeThatIsReadMeanwhileIsNoReasonToDeclineADevice() throws IOException {
        ScriptedSyscalls script = new ScriptedSyscalls();
        Kernel kernel = new Kernel(script.sys());
        FileChannel zero = ends.keep(FileChannel.open(Path.of("/dev/zero")));
        Mover mover = ends.mover(kernel, Mechanism.SPLICE, zero, ends.pipe().sink());
        script.answer("splice", -Errno.EAGAIN, 4096).ready().ready();
        assertThat(mover.step(0, Target.NO_POSITION, 8192)).isEqualTo(4096);
        script.answer("splice", -Errno.EAGAIN, -Errno.EAGAIN).ready().ready();
        assertThat(mover.step(4096, Target.NO_POSITION, 4096)).isEqualTo(4096);
        assertThat(mover.movedBy()).isEqualTo(Mechanism.READ_WRITE);
    }
}
