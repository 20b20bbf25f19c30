package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a transfer needs of a channel while it runs, and how it gives that back. */
class LeaseTest {
    private final Syscalls sys = NativeBinding.bound().syscalls();
    private final Kernel kernel = new Kernel(sys);
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private boolean isNonBlocking(Channel channel) {
        return (sys.fcntl(new LeaseCache(sys).lease(channel).fd(), C.F_GETFL, 0) & C.O_NONBLOCK) != 0;
    }

    /** Holds the channel like a mover whose call has no flag. */
    private static void hold(Endpoint end) throws IOException {
        end.acquire();
        end.keepFromWaiting();
    }

    @Test
    void readsAndWritesLeaveTheFlagOfWhatMayBeSharedAlone() throws IOException {
        Pipe pipe = ends.pipe();
        Source source = kernel.source(pipe.source());
        Target target = kernel.target(pipe.sink());
        source.acquire();
        target.acquire();
        assertThat(source.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(Step.AWAIT_SOURCE);
        assertThat(target.write(ByteBuffer.allocateDirect(1 << 20), -1)).isEqualTo(64 << 10);
        assertThat(target.write(ByteBuffer.allocate(1), -1)).isEqualTo(Step.AWAIT_TARGET);
        assertThat(isNonBlocking(pipe.source()) || isNonBlocking(pipe.sink())).isFalse();
        source.release();
        target.release();
    }

    /**
     * Kernels before 6.4 refuse the call's flag, some C libraries lack the function, some sandboxes refuse the call.
     */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EPERM})
    void aDescriptorIsNonBlockingIfItsCallHasNoFlag(int errno) throws IOException {
        ScriptedSyscalls script = new ScriptedSyscalls();
        Kernel old = new Kernel(script.sys());
        script.answer("preadv2", -errno);
        Pipe pipe = ends.pipe();
        Source source = old.source(pipe.source());
        source.acquire();
        assertThat(source.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(Step.AWAIT_SOURCE);
        assertThat(isNonBlocking(pipe.source())).isTrue();
        assertThat(source.read(ByteBuffer.allocateDirect(10), 0)).isEqualTo(Step.AWAIT_SOURCE);
        assertThat(script.calls("preadv2")).hasSize(1);
        assertThat(script.calls("read")).hasSize(2);
        source.release();
        assertThat(isNonBlocking(pipe.source())).isFalse();
    }

    /** No close, interrupt or deadline ends a waiting call. */
    @ParameterizedTest
    @EnumSource(names = {"SENDFILE", "SPLICE"})
    void ifTheFlagIsRefusedNoCallIsMadeThatMightWait(Mechanism mechanism) throws IOException {
        ScriptedSyscalls script = new ScriptedSyscalls();
        SocketChannel socket = ends.tcp()[0];
        Mover mover = ends.mover(new Kernel(script.sys()), mechanism, ends.file(100), socket);
        script.forget();
        script.answer("fcntl", -Errno.EPERM, -Errno.EPERM);
        assertThat(mover.step(0, Target.NO_POSITION, 100)).isEqualTo(Step.DECLINED);
        assertThat(mover.declinedBecause()).isEqualTo("fcntl: EPERM (Operation not permitted)");
        assertThat(mover.step(0, Target.NO_POSITION, 100)).isEqualTo(Step.DECLINED); // each step tries again
        assertThat(script.names()).containsOnly("fcntl").hasSize(2);
        assertThat(mover.step(0, Target.NO_POSITION, 100)).isEqualTo(100);
        assertThat(isNonBlocking(socket)).isTrue();
    }

    @Test
    void ifTheFlagIsRefusedNothingIsRead() throws IOException {
        ScriptedSyscalls script = new ScriptedSyscalls();
        Pipe pipe = ends.pipe();
        Source source = new Kernel(script.sys()).source(pipe.source());
        source.acquire();
        script.answer("preadv2", -Errno.ENOSYS).answer("fcntl", -Errno.EPERM, -Errno.EPERM);
        script.answer("read", 0); // would wait
        assertThatThrownBy(() -> source.read(ByteBuffer.allocateDirect(10), 0)).hasMessageContaining("EPERM");
        assertThatThrownBy(source::keepFromWaiting).hasMessage("fcntl: EPERM (Operation not permitted)");
        source.release();
        assertThat(script.calls("read")).isEmpty();
        assertThat(isNonBlocking(pipe.source())).isFalse();
    }

    @Test
    void theFlagGoesBackWhenTheLastOfSeveralTransfersIsDone() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        Source one = kernel.source(socket);
        Target other = kernel.target(socket);
        hold(one);
        hold(other);
        assertThat(isNonBlocking(socket)).isTrue();
        one.release();
        one.release();
        assertThat(isNonBlocking(socket)).isTrue();
        other.release();
        assertThat(isNonBlocking(socket)).isFalse();
        assertThat(socket.isBlocking()).isTrue();
    }

    @Test
    void theFlagOfANonBlockingChannelIsNotTouched() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        socket.configureBlocking(false);
        Source port = kernel.source(socket);
        hold(port);
        port.release();
        assertThat(isNonBlocking(socket)).isTrue();
    }

    /** Facts from the first look at the channel may be out of date. */
    @Test
    void aChannelThatHasBecomeBlockingSinceIsMadeNonBlocking() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        socket.configureBlocking(false);
        Source port = kernel.source(socket);
        socket.configureBlocking(true);
        hold(port);
        assertThat(isNonBlocking(socket)).isTrue();
        port.release();
        assertThat(isNonBlocking(socket)).isFalse();
    }

    @Test
    void aChannelThatItsOwnerMadeNonBlockingMeanwhileStaysSo() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        Source port = kernel.source(socket);
        hold(port);
        socket.configureBlocking(false);
        port.release();
        assertThat(isNonBlocking(socket)).isTrue();
    }

    /** Two transfers that first use a channel at the same time must share one lease. */
    @Test
    void firstUsesAtTheSameTimeShareOneLease() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        AtomicReference<ChannelLease> other = new AtomicReference<>();
        ScriptedSyscalls script = new ScriptedSyscalls();
        LeaseCache leases = new LeaseCache(script.sys());
        script.answer("statx", arguments -> {
            other.set(leases.lease(socket));
            return script.pass("statx", arguments);
        });
        assertThat(leases.lease(socket)).isNotNull().isSameAs(other.get());
    }

    /** From the first use by a virtual thread on, the JDK expects that the flag stays set. */
    @Test
    void theFlagStaysWhereAVirtualThreadHasComeToNeedIt() throws Exception {
        SocketChannel[] pair = ends.tcp();
        Source port = kernel.source(pair[0]);
        hold(port);
        boolean virtual = readOnVirtualThread(pair);
        port.release();
        assertThat(isNonBlocking(pair[0])).isEqualTo(virtual);
    }

    /** Reads one byte; on a JDK without virtual threads, on this one. */
    private static boolean readOnVirtualThread(SocketChannel[] pair) throws Exception {
        pair[1].write(ByteBuffer.wrap(new byte[1]));
        CountDownLatch done = new CountDownLatch(1);
        Runnable read = () -> {
            try {
                pair[0].read(ByteBuffer.allocate(1));
                done.countDown();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
        if (Runtime.version().feature() < 21) {
            read.run();
            return false;
        }
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, read);
        assertThat(done.await(ChannelFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        return true;
    }

    @Test
    void aClosedChannelIsRefused() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        Source port = kernel.source(socket);
        port.acquire();
        socket.close();
        assertThatThrownBy(() -> port.read(ByteBuffer.allocateDirect(1), 0))
                .isInstanceOf(AsynchronousCloseException.class);
        port.release();
        assertThatThrownBy(port::acquire).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void aCloseByAnotherThreadEndsAWaitWithinASlice() throws Exception {
        SocketChannel socket = ends.tcp()[0];
        ScriptedSyscalls script = new ScriptedSyscalls().answer("poll", 0);
        Source port = new Kernel(script.sys()).source(socket);
        port.acquire();
        Thread closer = new Thread(() -> {
            try {
                socket.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(port.await(TimeUnit.HOURS.toNanos(1))).isFalse();
        assertThat(script.calls("poll")).hasSize(1);
        assertThat(script.calls("poll").get(0).number(2))
                .as("milliseconds of a slice")
                .isBetween(1L, 100L);
        closer.start();
        closer.join();
        assertThat(port.isOpen()).isFalse();
        port.release();
    }

    @Test
    void anInterruptEndsAWaitAndStaysSet() throws Exception {
        ScriptedSyscalls script = new ScriptedSyscalls().answer("poll", 0);
        Source port = new Kernel(script.sys()).source(ends.tcp()[0]);
        Thread.currentThread().interrupt();
        assertThat(port.await(TimeUnit.HOURS.toNanos(1))).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(script.calls("poll").get(0).number(2)).as("it only looks").isZero();
        assertThat(port.isOpen()).isTrue();
    }

    @Test
    void aSecondTransferLooksNothingUpAgain() throws IOException {
        ScriptedSyscalls script = new ScriptedSyscalls();
        Kernel watched = new Kernel(script.sys());
        Channel file = ends.file(10);
        watched.source((java.io.Closeable) file);
        script.forget();
        Source again = watched.source((java.io.Closeable) file);
        again.acquire();
        again.release();
        assertThat(script.names()).isEmpty();
    }
}
