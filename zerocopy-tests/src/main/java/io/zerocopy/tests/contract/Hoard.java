package io.zerocopy.tests.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a provider may keep for later, in bounds: threads, and pipes, which a {@link Rig} leaves out of its count for that
 * reason. What each mover leaves behind grows with their number, and is a leak.
 */
final class Hoard {
    /** More than what one transfer, or two at a time, may find wanting and have made. */
    private static final int FEW = 4;

    private final Set<Thread> threads = threads();
    private final long pipes = pipes();

    /** Looks what there is. */
    Hoard() throws IOException {}

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    /** Descriptors of pipes; none where they cannot be counted. */
    private static long pipes() throws IOException {
        Path all = Path.of("/proc/self/fd");
        if (!Files.isDirectory(all)) {
            return 0;
        }
        try (Stream<Path> descriptors = Files.list(all)) {
            return descriptors.filter(Hoard::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Fails if there is much more by now, after many movers of which none is left.
     *
     * @param seconds how long to wait for threads that are ending
     */
    void hasHardlyGrown(long seconds) {
        Rig.until(seconds, () -> "at most " + FEW + " new threads are left, of " + more(), () -> more().size() <= FEW);
        Rig.until(
                seconds,
                () -> "at most " + FEW + " new descriptors of pipes are left, of " + morePipes(),
                () -> morePipes() <= FEW);
    }

    private Set<Thread> more() {
        Set<Thread> now = threads();
        now.removeAll(threads);
        return now;
    }

    private long morePipes() {
        try {
            return pipes() - pipes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
