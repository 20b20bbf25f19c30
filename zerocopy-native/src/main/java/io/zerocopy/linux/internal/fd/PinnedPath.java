package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.NameFailure;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
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
 * A path that was looked up once, by {@code O_PATH} of open(2). It is for whatever is not simply {@linkplain RegularFile
 * read}. The look does not open the file, needs no permission on it, and never waits. The file that was found is opened through {@code /proc/self/fd}, so no other file can take its place
 * between the look and the opening. If it were opened by its name and had become a FIFO meanwhile, open(2) would wait
 * for the other end, and neither an interrupt nor a timeout would end that wait.
 */
final class PinnedPath implements Closeable {
    private static final int NEW_FILE = 0666; // minus the umask

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

    /** Looks a path up, or with {@code CREATE} makes the file; null if the kernel cannot do this, or does not say. */
    static PinnedPath of(Syscalls sys, Path path, Set<? extends OpenOption> options) throws IOException {
        int follow = options.contains(LinkOption.NOFOLLOW_LINKS) ? Abi.current().O_NOFOLLOW() : 0;
        int fd = open(sys, path, C.O_PATH | follow);
        if (ErrnoTable.isMissing(Call.LOOK_UP, fd) && options.contains(StandardOpenOption.CREATE)) {
            fd = open(sys, path, C.O_WRONLY | C.O_CREAT | C.O_NONBLOCK | follow);
            fd = ErrnoTable.waits(Call.OPEN_FIFO, fd) ? open(sys, path, C.O_PATH | follow) : fd; // a FIFO has appeared
        }
        if (fd < 0) {
            if (ErrnoTable.of(Call.LOOK_UP, fd, false).declines()) {
                return null; // the call itself is refused, not the file
            }
            throw NameFailure.of("open", fd, path);
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

    static int open(Syscalls sys, Path path, int flags) throws IOException {
        Memory memory = Memory.take();
        try {
            long name = CName.of(path).put(memory, 0);
            return sys.openat(C.AT_FDCWD, name, flags | C.O_CLOEXEC, NEW_FILE);
        } finally {
            memory.release();
        }
    }

    FileStatus status() {
        return status;
    }

    /** The path that was looked up. */
    Path told() {
        return told;
    }

    /** A name that leads to the file that was found, as long as this is open. */
    Path name() {
        return Path.of("/proc/self/fd/" + fd);
    }

    /** Has the JDK open the file that was found; null if there is no {@code /proc}. */
    Channel channel(Set<? extends OpenOption> options) throws IOException {
        if (status.is(C.S_IFLNK)) {
            throw new FileSystemException(
                    told.toString(), null, "Too many levels of symbolic links (NOFOLLOW_LINKS specified)");
        }
        if (status.is(C.S_IFDIR)) {
            throw new FileSystemException(told.toString(), null, "Is a directory");
        }
        Set<OpenOption> how = new HashSet<>(options);
        how.remove(LinkOption.NOFOLLOW_LINKS); // was obeyed at the look-up; here it would apply to the name in /proc
        how.remove(StandardOpenOption.CREATE);
        try {
            return Files.newByteChannel(name(), how);
        } catch (NoSuchFileException | SecurityException notMounted) { // or not to be read by this caller
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
