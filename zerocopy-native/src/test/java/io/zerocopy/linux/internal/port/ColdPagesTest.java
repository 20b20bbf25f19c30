package io.zerocopy.linux.internal.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls on files that are not in the page cache: why they wait, and whether other threads can close the channels
 * meanwhile.
 */
class ColdPagesTest {
    private static final long DEADLINE_SECONDS = 120;
    private static final int SIZE = 4 << 20;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private void cold() {
        script.answer("cachestat", arguments -> {
            new Pointer((long) arguments[2]).setLong(0, 0);
            return 0;
        });
    }

    private static void onAnotherThread(AutoCloseable... closed) throws Exception {
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> {
            try {
                for (AutoCloseable each : closed) {
                    each.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        done.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(names = {"SENDFILE", "SPLICE"})
    void aCloseIsLetThroughWhileTheDiskIsWaitedFor(Mechanism mechanism) throws Exception {
        FileChannel file = ends.file(SIZE);
        SocketChannel socket = ends.tcp()[0];
        Mover mover = ends.mover(kernel, mechanism, file, socket);
        cold();
        script.answer("madvise", arguments -> {
            onAnotherThread(socket, file); // fails if it does not come back
            return 0;
        });
        script.forget();
        assertThatThrownBy(() -> mover.step(0, Target.NO_POSITION, SIZE))
                .isInstanceOf(AsynchronousCloseException.class);
        assertThat(script.names()).contains("madvise", "munmap").doesNotContain("sendfile", "splice");
    }

    @Test
    void aCloseIsLetThroughWhileAReadWaitsForTheDisk() throws Exception {
        FileChannel file = ends.file(SIZE);
        Source source = kernel.source(file);
        source.acquire();
        cold();
        script.answer("madvise", arguments -> {
            onAnotherThread(file);
            return 0;
        });
        assertThatThrownBy(() -> source.read(ByteBuffer.allocateDirect(SIZE), 0))
                .isInstanceOf(AsynchronousCloseException.class);
        source.release();
    }

    /** Bytes of a flow wait for the disk of the target in a pipe, while only the file's lock is held. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCloseOfTheSourceIsLetThroughWhileAFileIsWritten(boolean pipe) throws Exception {
        SocketChannel[] pair = ends.tcp();
        Pipe flow = ends.pipe();
        script.answer("fstatfs", arguments -> {
            new Pointer((long) arguments[1]).setLong(0, 0x65735546L); // FUSE
            return 0;
        });
        Channel source = pipe ? flow.source() : pair[0];
        (pipe ? flow.sink() : pair[1]).write(ByteBuffer.allocate(100));
        Mover mover = ends.mover(kernel, Mechanism.SPLICE, source, ends.file(1));
        script.answer("splice", arguments -> script.pass("splice", arguments));
        script.answer("splice", arguments -> {
            onAnotherThread(source); // fails if it does not come back
            return script.pass("splice", arguments);
        });
        assertThat(mover.step(0, 0, 1000)).isEqualTo(100);
        assertThatThrownBy(() -> mover.step(0, 100, 1000)).isInstanceOf(AsynchronousCloseException.class);
    }

    /** A write from a mapping would wait for its pages. */
    @Test
    void aCloseIsLetThroughWhilePagesOfAMappingAreRead() throws Exception {
        SocketChannel socket = ends.tcp()[0];
        Target target = kernel.target(socket);
        target.acquire();
        ByteBuffer mapped = ends.file(SIZE).map(FileChannel.MapMode.READ_ONLY, 0, SIZE);
        script.answer("madvise", arguments -> {
            onAnotherThread(socket);
            return 0;
        });
        assertThatThrownBy(() -> target.writeMapped(mapped, Target.NO_POSITION))
                .isInstanceOf(AsynchronousCloseException.class);
        assertThat(mapped.remaining()).isEqualTo(SIZE);
        target.release();
    }

    @Test
    void whatIsInMemoryIsCopiedByOneCall() throws IOException {
        FileChannel file = ends.file(SIZE);
        Mover mover = ends.mover(kernel, Mechanism.SENDFILE, file, ends.file(0));
        script.forget();
        assertThat(mover.step(0, 0, SIZE)).isEqualTo(SIZE);
        assertThat(script.names()).contains("cachestat").doesNotContain("mmap", "madvise");
        assertThat(script.calls("sendfile")).hasSize(1);
    }

    @Test
    void littleIsNotLookedUp() throws IOException {
        Mover mover = ends.mover(kernel, Mechanism.COPY_FILE_RANGE, ends.file(SIZE), ends.file(0));
        script.forget();
        assertThat(mover.step(0, 0, CallSizes.NOT_LOOKED_UP)).isEqualTo(CallSizes.NOT_LOOKED_UP);
        assertThat(script.names()).containsExactly("copy_file_range");
    }

    /** A look takes time for each page, and is made for each call. */
    @Test
    void noMoreIsLookedUpThanAFewTimesWhatTheTargetTakes() throws IOException {
        Mover mover = ends.mover(
                kernel, Mechanism.SPLICE, ends.file(SIZE), ends.pipe().sink());
        script.forget();
        long n = mover.step(0, Target.NO_POSITION, SIZE);
        assertThat(n).isBetween(1L, CallSizes.LEAST_LOOKED_UP / 2L); // what the pipe holds
        assertThat(mover.step(n, Target.NO_POSITION, SIZE - n)).isEqualTo(Step.AWAIT_TARGET);
        assertThat(script.calls("splice"))
                .extracting(call -> call.arguments().get(4))
                .containsExactly((long) SIZE, (long) CallSizes.LEAST_LOOKED_UP);
    }

    /** Calls begin with few bytes, and move more as long as that is quick. */
    @Test
    void whatIsNotInMemoryIsCopiedPieceByPiece() throws IOException {
        Mover mover = ends.mover(kernel, Mechanism.SENDFILE, ends.file(SIZE), ends.file(0));
        cold();
        long n = mover.step(0, 0, SIZE);
        assertThat(n).isEqualTo(CallSizes.FIRST_COLD);
        cold();
        assertThat(mover.step(n, n, SIZE - n)).isBetween(1L, 2L * CallSizes.FIRST_COLD);
        assertThat(script.calls("madvise")).hasSize(2);
        assertThat(script.calls("munmap")).hasSize(2);
    }

    @Test
    void kernelsWithoutCachestatOrMadviseCopyToo() throws IOException {
        Mover mover = ends.mover(kernel, Mechanism.SENDFILE, ends.file(SIZE), ends.file(0));
        script.answer("cachestat", -Errno.ENOSYS);
        assertThat(mover.step(0, 0, SIZE)).isEqualTo(SIZE);
        Mover other = ends.mover(kernel, Mechanism.SENDFILE, ends.file(SIZE), ends.file(0));
        cold();
        script.answer("madvise", -Errno.EINVAL);
        assertThat(other.step(0, 0, SIZE)).isEqualTo(CallSizes.FIRST_COLD);
    }
}
