package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.CName;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * A path that was looked up once, by {@code O_PATH} of open(2). That opens nothing, needs no right to the file, and waits
 * for nobody. What the path led to is opened through {@code /proc/self/fd}: no other file can take its place between the
 * look and the opening. By its name, a file that has become a FIFO would have open(2) wait for the other end, where neither
 * an interrupt nor a timeout ends the wait.
 */
final class PinnedPath implements Closeable {
    private static final int NEW_FILE = 0666; // less the umask

    private final Syscalls sys;
    private final int fd;
    private final Path told;
    private final FileStatus status;

    PinnedPath(Syscalls sys, int fd, Path told, FileStatus status) {
        this.sys = sys;
        this.fd = fd;
        this.told = told;
        this.status = status;
    }

    /** Looks a path up, or with {@code CREATE} makes the file; null where the kernel has no such way, or does not say. */
    static PinnedPath of(Syscalls sys, Path path, Set<? extends OpenOption> options) throws IOException {
        int follow = options.contains(LinkOption.NOFOLLOW_LINKS) ? Abi.current().O_NOFOLLOW() : 0;
        int fd = open(sys, path, C.O_PATH | follow);
        if (fd == -Errno.ENOENT && options.contains(StandardOpenOption.CREATE)) {
            fd = open(sys, path, C.O_WRONLY | C.O_CREAT | C.O_NONBLOCK | follow);
            fd = fd == -Errno.ENXIO ? open(sys, path, C.O_PATH | follow) : fd; // a FIFO has appeared
        }
        if (fd < 0) {
            if (isRefused(fd)) {
                return null;
            }
            throw failure(path, fd);
        }
        Memory memory = Memory.take();
        try {
            FileStatus status = FileStatus.of(sys, fd, memory);
            if (status != null) {
                return new PinnedPath(sys, fd, path, status);
            }
        } finally {
            memory.release();
        }
        sys.close(fd);
        return null;
    }

    private static int open(Syscalls sys, Path path, int flags) throws IOException {
        Memory memory = Memory.take();
        try {
            long name = CName.of(path).put(memory, 0);
            int fd;
            do {
                fd = sys.openat(C.AT_FDCWD, name, flags | C.O_CLOEXEC, NEW_FILE);
            } while (fd == -Errno.EINTR);
            return fd;
        } finally {
            memory.release();
        }
    }

    /** Whether the call itself is refused, by an old kernel or by a filter, and not the file. */
    private static boolean isRefused(int result) {
        return result == -Errno.ENOSYS || result == -Errno.EPERM || result == -Errno.EINVAL;
    }

    /** As the JDK tells it, with the errno where it has no type for that. */
    static FileSystemException failure(Path path, int result) {
        String name = path.toString();
        return switch (-result) {
            case Errno.EACCES -> new AccessDeniedException(name);
            case Errno.ENOENT -> new NoSuchFileException(name);
            default -> new FileSystemException(name, null, Errno.message("open", result));
        };
    }

    FileStatus status() {
        return status;
    }

    /** The path that was looked up. */
    Path told() {
        return told;
    }

    /** A name that leads to what was found, as long as this is open. */
    Path name() {
        return Path.of("/proc/self/fd/" + fd);
    }

    /** Opens what was found by the JDK; null where there is no {@code /proc}. */
    Channel channel(Set<? extends OpenOption> options) throws IOException {
        if (status.is(C.S_IFLNK)) {
            throw new FileSystemException(
                    told.toString(), null, "Too many levels of symbolic links (NOFOLLOW_LINKS specified)");
        }
        if (status.is(C.S_IFDIR)) {
            throw new FileSystemException(told.toString(), null, "Is a directory");
        }
        Set<OpenOption> how = new HashSet<>(options);
        how.remove(LinkOption.NOFOLLOW_LINKS); // which was heeded, and would be about the name in /proc
        how.remove(StandardOpenOption.CREATE);
        try {
            return Files.newByteChannel(name(), how);
        } catch (NoSuchFileException notMounted) {
            return null;
        } catch (AccessDeniedException denied) {
            throw new AccessDeniedException(told.toString());
        } catch (FileSystemException refused) {
            throw new FileSystemException(told.toString(), null, refused.getReason());
        }
    }

    @Override
    public void close() {
        sys.close(fd);
    }
}
