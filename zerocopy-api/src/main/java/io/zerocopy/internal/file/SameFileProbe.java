package io.zerocopy.internal.file;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether a channel reads the file of a name, where nothing tells what file it reads: without providers that see
 * descriptors, or where the kernel has refused to look. The JDK knows, and refuses to lock in one file what this process
 * has locked there by whichever channel. Nothing in the file changes, and whoever locks in another process locks bytes
 * that are there, not the last one that there can be. That the probe's close gives up what this process has locked in the
 * file, the close of the target would do as well.
 */
public final class SameFileProbe {
    private static final long LAST = Long.MAX_VALUE - 1;

    private SameFileProbe() {}

    /** False also where nobody can tell, as on a file system without locks. */
    public static boolean is(Channel channel, Path path, OpenOption[] options) {
        boolean known = channel instanceof FileChannel
                && channel.getClass().getModule() == Object.class.getModule()
                && path.getFileSystem() == FileSystems.getDefault();
        try {
            return known && Files.exists(path) && lockTogether((FileChannel) channel, path, options);
        } catch (IOException noLocks) {
            return false;
        }
    }

    private static boolean lockTogether(FileChannel channel, Path path, OpenOption[] options) throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock(LAST, 1, true);
        } catch (OverlappingFileLockException lockedByItsOwner) {
            // as good as a lock of our own: who locks all of one file will hardly have locked all of the other
        }
        try {
            return isLocked(path, options);
        } finally {
            if (lock != null) {
                lock.release();
            }
        }
    }

    private static boolean isLocked(Path path, OpenOption[] options) throws IOException {
        Set<OpenOption> how = new HashSet<>(Set.of(StandardOpenOption.WRITE));
        Arrays.stream(options).filter(LinkOption.class::isInstance).forEach(how::add);
        try (FileChannel probe = FileChannel.open(path, how)) {
            FileLock lock = probe.tryLock(LAST, 1, false);
            if (lock != null) {
                lock.release();
            }
            return false;
        } catch (OverlappingFileLockException same) {
            return true;
        }
    }
}
