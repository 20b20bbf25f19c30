package io.zerocopy.internal.file;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether a channel reads the file of a name, or of another channel, where nothing tells what file it reads: without
 * providers that see descriptors, or where the kernel has refused to look. The JDK knows, and refuses to lock in one file
 * what this process has locked there by whichever channel. Nothing in the file changes. The byte that is locked lies where
 * no file has one, and is another one each time, so that two probes do not meet. That the close of a name's probe gives up
 * what this process has locked in the file, the close of the target would do as well.
 */
public final class SameFileProbe {
    private static final long FIRST = 1L << 62;

    private SameFileProbe() {}

    /** False also where nobody can tell, as on a file system without locks. */
    public static boolean is(Channel channel, Path path, OpenOption[] options) {
        boolean known = channel instanceof FileChannel
                && isOfTheJdk((FileChannel) channel)
                && path.getFileSystem() == FileSystems.getDefault();
        try {
            return known && Files.exists(path) && lockTogether((FileChannel) channel, path, options);
        } catch (IOException noLocks) {
            return false;
        }
    }

    /**
     * The same of two channels, one to read and one to write. Where their owner has locked so much of both that no byte
     * is left to try, files of one length count as one file.
     */
    public static boolean is(FileChannel source, FileChannel target) {
        if (!isOfTheJdk(source) || !isOfTheJdk(target)) {
            return false;
        }
        try {
            long size = source.size();
            if (size != target.size() && size == source.size()) {
                return false;
            }
            return lockTogether(source, at -> isLocked(target, at));
        } catch (IOException noLocks) {
            return false;
        }
    }

    private static boolean isOfTheJdk(FileChannel channel) {
        return channel.getClass().getModule() == Object.class.getModule();
    }

    private interface Look {
        boolean isLocked(long at) throws IOException;
    }

    private static boolean lockTogether(FileChannel channel, Look look) throws IOException {
        long at = ThreadLocalRandom.current().nextLong(FIRST, Long.MAX_VALUE);
        FileLock lock = null;
        try {
            lock = channel.tryLock(at, 1, true);
        } catch (OverlappingFileLockException lockedByItsOwner) {
            // as good as a lock of our own: who locks all of one file will hardly have locked all of the other
        }
        try {
            return look.isLocked(at);
        } finally {
            if (lock != null) {
                lock.release();
            }
        }
    }

    private static boolean lockTogether(FileChannel channel, Path path, OpenOption[] options) throws IOException {
        Set<OpenOption> how = new HashSet<>(Set.of(StandardOpenOption.WRITE));
        Arrays.stream(options).filter(LinkOption.class::isInstance).forEach(how::add);
        return lockTogether(channel, at -> {
            try (FileChannel probe = opened(path, how)) {
                return isLocked(probe, at);
            }
        });
    }

    /** To read and write, a FIFO that has taken its place opens without a wait for its other end, see fifo(7). */
    private static FileChannel opened(Path path, Set<OpenOption> how) throws IOException {
        Set<OpenOption> both = new HashSet<>(how);
        both.add(StandardOpenOption.READ);
        try {
            return FileChannel.open(path, both);
        } catch (AccessDeniedException notToBeRead) {
            if (!Files.isRegularFile(path)) {
                throw notToBeRead;
            }
            return FileChannel.open(path, how);
        }
    }

    private static boolean isLocked(FileChannel channel, long at) throws IOException {
        try {
            FileLock lock = channel.tryLock(at, 1, false);
            if (lock != null) {
                lock.release();
            }
            return false;
        } catch (OverlappingFileLockException same) {
            return true;
        }
    }
}
