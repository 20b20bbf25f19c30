package io.zerocopy.linux.sys.bind;

/**
 * The C functions, direct-mapped by JNA: no marshalling, no garbage, and {@code errno} is kept for
 * {@code Native.getLastError()}. Functions that are variadic in C are called like any other function on the 64-bit
 * architectures of Linux. {@link JnaSyscalls} registers them.
 */
final class Libc {
    private Libc() {}

    static native int open(String path, int flags, int mode);

    static native int close(int fd);

    static native long read(int fd, long address, long count);

    static native long write(int fd, long address, long count);

    static native long pread(int fd, long address, long count, long offset);

    static native long pwrite(int fd, long address, long count, long offset);

    static native long writev(int fd, long iov, int iovcnt);

    static native long pwritev(int fd, long iov, int iovcnt, long offset);

    static native long sendmsg(int fd, long message, int flags);

    static native long recvmsg(int fd, long message, int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, long event);

    static native int shutdown(int fd, int how);

    static native int pipe2(long fds, int flags);

    static native int fcntl(int fd, int command, int argument);

    static native long splice(int in, long offIn, int out, long offOut, long length, int flags);

    static native long sendfile(int out, int in, long offset, long count);

    static native long copy_file_range(int in, long offIn, int out, long offOut, long length, int flags);

    static native int ioctl(int fd, long request, long argument);

    static native int poll(long fds, long count, int timeoutMillis);

    static native long lseek(int fd, long offset, int whence);

    static native int getsockopt(int fd, int level, int name, long value, long length);

    static native int setsockopt(int fd, int level, int name, long value, int length);

    static native int statx(int fd, String path, int flags, int mask, long buffer);

    /** The same with the address of a path, so that no C string must be created. */
    static native int statx(int fd, long path, int flags, int mask, long buffer);

    static native int fstatfs(int fd, long buffer);

    static native int statfs(String path, long buffer);

    static native int madvise(long address, long length, int advice);

    static native int sync_file_range(int fd, long offset, long length, int flags);

    static native int posix_fadvise(int fd, long offset, long length, int advice);

    static native int ftruncate(int fd, long length);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int fsync(int fd);

    static native long mmap(long address, long length, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long length);

    static native long syscall(long number, long a, long b, long c, long d, long e, long f);
}
