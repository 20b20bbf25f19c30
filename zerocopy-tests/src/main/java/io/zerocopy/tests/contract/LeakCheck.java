package io.zerocopy.tests.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Counts threads and pipes, of which a provider may keep a limited number for later; a {@link TestFixture} therefore does not
 * count them. If their number grows with the number of movers, it is a leak.
 */
final class LeakCheck {
    /** More than one transfer, or two at a time, may need to create. */
    private static final int FEW = 4;

    private final Set<Thread> threads = threads();
    private final long pipes = pipes();

    /** Records the current numbers. */
    LeakCheck() throws IOException {}

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    /** Counts descriptors of pipes; 0 if they cannot be counted. */
    private static long pipes() throws IOException {
        Path all = Path.of("/proc/self/fd");
        if (!Files.isDirectory(all)) {
            return 0;
        }
        try (Stream<Path> descriptors = Files.list(all)) {
            return descriptors.filter(LeakCheck::isPipe).count();
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
     * Fails if the numbers have grown by much after many movers, all of which are closed.
     *
     * @param seconds how long to wait for threads to end
     */
    void hasHardlyGrown(long seconds) {
        TestFixture.until(
                seconds, () -> "at most " + FEW + " new threads are left, of " + more(), () -> more().size() <= FEW);
        TestFixture.until(
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
