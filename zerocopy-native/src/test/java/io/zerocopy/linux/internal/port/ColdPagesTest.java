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
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
