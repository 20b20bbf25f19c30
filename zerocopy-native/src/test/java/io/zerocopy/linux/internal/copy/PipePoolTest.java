package io.zerocopy.linux.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The number of pipes, their sizes, and which pipes are used again. */
class PipePoolTest {
    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final PipePool pool = new PipePool(script.sys());
    private final List<PipePool.Pipe> taken = new ArrayList<>();

    @AfterEach
    void close() {
        for (int i = 0; i < PipePool.MAX_IDLE; i++) {
            take(); // the idle ones, too
        }
        taken.forEach(pipe -> pool.give(pipe, false));
        taken.clear();
    }

    private PipePool.Pipe take() {
        PipePool.Pipe pipe = pool.take();
        taken.add(pipe);
        return pipe;
    }

    private void giveBack(PipePool.Pipe pipe, boolean empty) {
        taken.remove(pipe);
        pool.give(pipe, empty);
    }

    @Test
    void anEmptyPipeIsTakenAgainWithoutACall() {
        PipePool.Pipe first = take();
        giveBack(first, true);
        script.forget();
        assertThat(take()).isSameAs(first);
        assertThat(script.names()).isEmpty();
    }

    @Test
    void aPipeWithBytesIsClosedAndNeverTakenAgain() {
        PipePool.Pipe first = take();
        giveBack(first, false);
        assertThat(script.calls("close")).hasSize(2);
        assertThat(take()).isNotSameAs(first);
    }

    @Test
    void pipesAreNotInheritedAndDoNotBlock() {
        take();
        assertThat(script.calls("pipe2").get(0).number(1)).isEqualTo(C.O_CLOEXEC | C.O_NONBLOCK);
    }

    @Test
    void ifTheKernelRefusesALargerPipeItsSizeIsReadBack() {
        script.answer("fcntl", -Errno.EPERM);
        PipePool.Pipe pipe = take();
        assertThat(pipe.capacity()).isEqualTo(64 << 10);
        assertThat(pipe.isLarge()).isFalse();
    }

    @Test
    void fewPipesAreMadeLarge() {
        for (int i = 0; i < PipePool.MAX_LARGE; i++) {
            assertThat(take().capacity()).isEqualTo(CallSizes.PIPE);
        }
        assertThat(take().capacity()).isLessThan(CallSizes.PIPE);
        giveBack(taken.get(0), false);
        assertThat(take().capacity()).isEqualTo(CallSizes.PIPE);
    }

    @Test
    void aRefusedSizeDoesNotCountAsLarge() {
        for (int i = 0; i < 2 * PipePool.MAX_LARGE; i++) {
            script.answer("fcntl", -Errno.EPERM, 64 << 10);
            take();
        }
        assertThat(take().isLarge()).isTrue();
    }

    @Test
    void largePipesAreKeptRatherThanOthers() {
        List<PipePool.Pipe> all = new ArrayList<>();
        for (int i = 0; i < PipePool.MAX_LARGE + PipePool.MAX_IDLE; i++) {
            all.add(take());
        }
        for (int i = all.size() - 1; i >= 0; i--) { // the large ones last, when the pool is full
            giveBack(all.get(i), true);
        }
        assertThat(script.calls("close")).hasSize(2 * PipePool.MAX_LARGE);
        for (int i = 0; i < PipePool.MAX_IDLE; i++) {
            assertThat(take().isLarge()).isEqualTo(i < PipePool.MAX_LARGE);
        }
    }

    @Test
    void aMissingPipeHasItsReason() {
        script.answer("pipe2", -Errno.ENFILE);
        assertThat(pool.take()).isNull();
        assertThat(pool.exhaustedBecause()).isEqualTo("pipe2: ENFILE (Too many open files in system)");
        assertThat(take()).isNotNull();
    }

    @Test
    void noDescriptorIsLeftOpen() throws IOException {
        close();
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            take();
        }
        close();
        assertThat(descriptors()).isEqualTo(before);
    }

    /** Counts pipes only: the JVM itself may open and close other descriptors meanwhile. */
    private static long descriptors() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.filter(PipePoolTest::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException gone) {
            return false;
        }
    }
}
