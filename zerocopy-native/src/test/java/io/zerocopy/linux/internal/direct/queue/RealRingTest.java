package io.zerocopy.linux.internal.direct.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Pointer;
import io.zerocopy.linux.internal.direct.uring.Uring;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.bind.JnaSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ring of this machine's kernel. */
class RealRingTest {
    private static final int BLOCK = 4096;

    private final Syscalls sys = JnaSyscalls.load();

    @TempDir
    Path directory;

    @BeforeEach
    void thereAreRings() {
        String why = new Uring(sys).unavailableBecause();
        assumeTrue(why == null, why);
    }

    @Test
    void readsAndWritesBlocksOfFiles() throws IOException {
        byte[] bytes = new byte[10 * BLOCK + 123];
        new Random(1).nextBytes(bytes);
        Path source = Files.write(directory.resolve("source"), bytes);
        Path target = Files.createFile(directory.resolve("target"));
        int in = sys.open(source.toString(), C.O_RDONLY | C.O_CLOEXEC, 0);
        int out = sys.open(target.toString(), C.O_WRONLY | C.O_CLOEXEC, 0);
        try (UringBlockQueue queue = UringBlockQueue.open(sys, 16, BLOCK)) {
            for (int slot = 0; slot <= 10; slot++) {
                queue.read(slot, in, (long) slot * BLOCK, BLOCK);
            }
            int written = 0;
            for (int slot = queue.next(); slot >= 0; slot = queue.next()) {
                if (slot <= 10 && (written & 1 << slot) == 0) {
                    assertThat((int) queue.result(slot)).isEqualTo(slot == 10 ? 123 : BLOCK);
                    written |= 1 << slot;
                    queue.write(slot, out, (long) slot * BLOCK, (int) queue.result(slot));
                }
            }
        } finally {
            sys.close(in);
            sys.close(out);
        }
        assertThat(target).hasBinaryContent(bytes);
    }

    @Test
    void closingWithAReadOfAnEmptyPipeUnderWayCancelsItAndReturns() throws IOException {
        Pointer fds = new com.sun.jna.Memory(8);
        assertThat(sys.pipe2(Pointer.nativeValue(fds), C.O_CLOEXEC)).isZero();
        long rings = rings();
        try (UringBlockQueue queue = UringBlockQueue.open(sys, 2, BLOCK)) {
            Path file = Files.write(directory.resolve("file"), new byte[1]);
            int in = sys.open(file.toString(), C.O_RDONLY | C.O_CLOEXEC, 0);
            queue.read(0, fds.getInt(0), -1, BLOCK); // this pipe never gets a byte
            queue.read(1, in, 0, BLOCK);
            assertThat(queue.next()).isEqualTo(1);
            assertThat(queue.result(1)).isEqualTo(1);
            sys.close(in);
            assertThat(rings()).isGreaterThan(rings);
        } finally {
            sys.close(fds.getInt(0));
            sys.close(fds.getInt(4));
        }
        assertThat(rings()).isEqualTo(rings);
    }

    private static long rings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("io_uring"))
                .count();
    }
}
