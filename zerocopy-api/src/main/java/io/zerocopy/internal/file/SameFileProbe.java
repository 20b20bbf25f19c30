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
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out whether a channel reads the same file as a name or another channel does, if no file identity is known:
 * without providers that see descriptors, or if the kernel has refused to report it. The JDK knows the identity: it
 * refuses to lock a region of a file that this process has already locked through any channel. The file does not
 * change. The locked byte is at a position that no file reaches, and it is random, so that two probes do not collide.
 * When the probe of a name is closed, the locks of this process on that file are released; the close of the target
 * would release them too.
 */
public final class SameFileProbe {
    private static final long FIRST = 1L << 62;

    private SameFileProbe() {}

    /** Returns false also if it is unknown, for example on a file system without locks. */
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
     * The same for two channels, one for reading and one for writing. If their owner has locked so much of both that no
     * byte is left to try, two files of the same length count as one file.
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
            // serves as our own lock: an owner who has locked all of one file is unlikely to have locked all of the
            // other
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
            try (FileChannel probe = FileChannel.open(path, how)) {
                return isLocked(probe, at);
            }
        });
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
