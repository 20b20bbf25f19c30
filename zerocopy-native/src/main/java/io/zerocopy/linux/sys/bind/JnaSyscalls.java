package io.zerocopy.linux.sys.bind;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.memory.Memory;

/** {@code Syscalls} over the C library, bound by JNA. */
public class JnaSyscalls extends JnaFiles {
    private final boolean vectored;

    private JnaSyscalls(boolean vectored) {
        this.vectored = vectored;
    }

    /** Copies another binding, for a subclass that calls some functions in its own way. */
    JnaSyscalls(JnaSyscalls bound) {
        this.vectored = bound.vectored;
    }

    /**
     * Binds the C library.
     *
     * @return the binding
     * @throws UnsupportedOperationException if this is not Linux, or if the processor is not in the table of
     *     {@link Abi}
     * @throws LinkageError if JNA, or a function, cannot be loaded
     */
    public static JnaSyscalls load() {
        String unsupported = Abi.unsupportedBecause();
        if (unsupported != null) {
            throw new UnsupportedOperationException(unsupported);
        }
        if (Native.isProtected()) { // by a call of the application
            throw new UnsupportedOperationException(Binding.PROTECTED);
        }
        NativeLibrary library = NativeLibrary.getInstance("c");
        Native.register(Libc.class, library);
        opened(library);
        return new JnaSyscalls(registered(LibcVectored.class, library));
    }

    private static volatile Memory empty; // an empty C string, kept for ever

    static long emptyPath() {
        Memory known = empty;
        return (known != null ? known : madeEmpty()).address();
    }

    private static synchronized Memory madeEmpty() {
        empty = empty != null ? empty : Memory.small().putInt(0, 0);
        return empty;
    }

    @Override
    public int open(String path, int flags, int mode) {
        long result;
        do {
            result = Libc.open(path, flags, mode);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int close(int fd) {
        return (int) checked(Libc.close(fd));
    }

    @Override
    public long read(int fd, long address, long count) {
        long result;
        do {
            result = Libc.read(fd, address, count);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long write(int fd, long address, long count) {
        long result;
        do {
            result = Libc.write(fd, address, count);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long pread(int fd, long address, long count, long offset) {
        long result;
        do {
            result = Libc.pread(fd, address, count, offset);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long pwrite(int fd, long address, long count, long offset) {
        long result;
        do {
            result = Libc.pwrite(fd, address, count, offset);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long writev(int fd, long iov, int iovcnt) {
        long result;
        do {
            result = Libc.writev(fd, iov, iovcnt);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long pwritev(int fd, long iov, int iovcnt, long offset) {
        long result;
        do {
            result = Libc.pwritev(fd, iov, iovcnt, offset);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long sendmsg(int fd, long message, int flags) {
        long result;
        do {
            result = Libc.sendmsg(fd, message, flags);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long recvmsg(int fd, long message, int flags) {
        long result;
        do {
            result = Libc.recvmsg(fd, message, flags);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long preadv2(int fd, long iov, int iovcnt, long offset, int flags) {
        long result;
        do {
            result = vectored ? LibcVectored.preadv2(fd, iov, iovcnt, offset, flags) : -Errno.ENOSYS;
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long pwritev2(int fd, long iov, int iovcnt, long offset, int flags) {
        long result;
        do {
            result = vectored ? LibcVectored.pwritev2(fd, iov, iovcnt, offset, flags) : -Errno.ENOSYS;
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public int epoll_ctl(int epoll, int operation, int fd, long event) {
        return (int) checked(Libc.epoll_ctl(epoll, operation, fd, event));
    }

    @Override
    public int shutdown(int fd, int how) {
        return (int) checked(Libc.shutdown(fd, how));
    }

    @Override
    public int pipe2(long fds, int flags) {
        long result;
        do {
            result = Libc.pipe2(fds, flags);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        long result;
        do {
            result = Libc.fcntl(fd, command, argument);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public long splice(int in, long offIn, int out, long offOut, long length, int flags) {
        long result;
        do {
            result = Libc.splice(in, offIn, out, offOut, length, flags);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long sendfile(int out, int in, long offset, long count) {
        long result;
        do {
            result = Libc.sendfile(out, in, offset, count);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public long copy_file_range(int in, long offIn, int out, long offOut, long length, int flags) {
        long result;
        do {
            result = Libc.copy_file_range(in, offIn, out, offOut, length, flags);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
        long result;
        do {
            result = Libc.ioctl(fd, request, argument);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int poll(long fds, int count, int timeoutMillis) {
        return (int) checked(Libc.poll(fds, count, timeoutMillis));
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        long result;
        do {
            result = Libc.lseek(fd, offset, whence);
        } while (interrupted(result));
        return checked(result);
    }

    @Override
    public int getsockopt(int fd, int level, int name, long value, long length) {
        long result;
        do {
            result = Libc.getsockopt(fd, level, name, value, length);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int setsockopt(int fd, int level, int name, long value, int length) {
        long result;
        do {
            result = Libc.setsockopt(fd, level, name, value, length);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int statx(int fd, String path, int flags, int mask, long buffer) {
        long result;
        do {
            result = path.isEmpty()
                    ? Libc.statx(fd, emptyPath(), flags, mask, buffer)
                    : Libc.statx(fd, path, flags, mask, buffer);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int fstatfs(int fd, long buffer) {
        long result;
        do {
            result = Libc.fstatfs(fd, buffer);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int statfs(String path, long buffer) {
        long result;
        do {
            result = Libc.statfs(path, buffer);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int madvise(long address, long length, int advice) {
        return (int) checked(Libc.madvise(address, length, advice));
    }

    @Override
    public int sync_file_range(int fd, long offset, long length, int flags) {
        long result;
        do {
            result = Libc.sync_file_range(fd, offset, length, flags);
        } while (interrupted(result));
        return (int) checked(result);
    }

    /** Returns the error itself, and does not set {@code errno}. */
    @Override
    public int posix_fadvise(int fd, long offset, long length, int advice) {
        return -Libc.posix_fadvise(fd, offset, length, advice);
    }

    @Override
    public int ftruncate(int fd, long length) {
        long result;
        do {
            result = Libc.ftruncate(fd, length);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int fallocate(int fd, int mode, long offset, long length) {
        long result;
        do {
            result = Libc.fallocate(fd, mode, offset, length);
        } while (interrupted(result));
        return (int) checked(result);
    }

    @Override
    public int fsync(int fd) {
        long result;
        do {
            result = Libc.fsync(fd);
        } while (interrupted(result));
        return (int) checked(result);
    }
}
