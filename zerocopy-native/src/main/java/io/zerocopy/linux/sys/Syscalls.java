package io.zerocopy.linux.sys;

/**
 * The C library as transfers see it. Each method has the name, the arguments and the meaning of the function in section
 * 2 of the manual, addresses being {@code long}. The result is that of the function, or the negative of {@code errno}:
 * no call throws, none allocates. A call that a signal interrupted before it did anything has been made again, except
 * {@link #poll}, which answers {@code -EINTR} as a reason to look around. Thread-safe.
 */
public interface Syscalls {
    /** See open(2). */
    int open(String path, int flags, int mode);

    /** See close(2); never made again, because after EINTR the descriptor is gone all the same. */
    int close(int fd);

    /** See read(2). */
    long read(int fd, long address, long count);

    /** See write(2). */
    long write(int fd, long address, long count);

    /** See pread(2). */
    long pread(int fd, long address, long count, long offset);

    /** See pwrite(2). */
    long pwrite(int fd, long address, long count, long offset);

    /** See writev(2). */
    long writev(int fd, long iov, int iovcnt);

    /** See pwritev(2). */
    long pwritev(int fd, long iov, int iovcnt, long offset);

    /** See sendmsg(2); the message is the address of a {@link Message}. */
    long sendmsg(int fd, long message, int flags);

    /** See recvmsg(2); the message is the address of a {@link Message}. */
    long recvmsg(int fd, long message, int flags);

    /**
     * See preadv2(2); at offset -1 a descriptor's own position is used, and {@code RWF_NOWAIT} keeps the call from waiting
     * whatever the descriptor's flags are. {@code -ENOSYS} where the C library has no such function.
     */
    long preadv2(int fd, long iov, int iovcnt, long offset, int flags);

    /** See pwritev2(2), and {@link #preadv2}. */
    long pwritev2(int fd, long iov, int iovcnt, long offset, int flags);

    /** See epoll_ctl(2); the event is the address of a structure, or 0. */
    int epoll_ctl(int epoll, int operation, int fd, long event);

    /** See shutdown(2). */
    int shutdown(int fd, int how);

    /** See pipe2(2); {@code fds} is the address of two ints. */
    int pipe2(long fds, int flags);

    /** See fcntl(2), with an int argument. */
    int fcntl(int fd, int command, int argument);

    /** See splice(2); an offset is the address of a long, or 0. */
    long splice(int in, long offIn, int out, long offOut, long length, int flags);

    /** See sendfile(2); the offset is the address of a long, or 0. */
    long sendfile(int out, int in, long offset, long count);

    /** See copy_file_range(2); an offset is the address of a long, or 0. */
    long copy_file_range(int in, long offIn, int out, long offOut, long length, int flags);

    /** See ioctl(2), with an int or the address of a structure as argument. */
    int ioctl(int fd, long request, long argument);

    /** See poll(2); not repeated after a signal. */
    int poll(long fds, int count, int timeoutMillis);

    /** See lseek(2). */
    long lseek(int fd, long offset, int whence);

    /** See getsockopt(2). */
    int getsockopt(int fd, int level, int name, long value, long length);

    /** See setsockopt(2). */
    int setsockopt(int fd, int level, int name, long value, int length);

    /** See statx(2); an empty path with {@code AT_EMPTY_PATH} asks for the descriptor itself. */
    int statx(int fd, String path, int flags, int mask, long buffer);

    /** See fstatfs(2). */
    int fstatfs(int fd, long buffer);

    /** See statfs(2). */
    int statfs(String path, long buffer);

    /** See madvise(2). */
    int madvise(long address, long length, int advice);

    /** See sync_file_range(2). */
    int sync_file_range(int fd, long offset, long length, int flags);

    /** See posix_fadvise(2). */
    int posix_fadvise(int fd, long offset, long length, int advice);

    /** See ftruncate(2). */
    int ftruncate(int fd, long length);

    /** See fallocate(2). */
    int fallocate(int fd, int mode, long offset, long length);

    /** See fsync(2). */
    int fsync(int fd);

    /** See mmap(2). */
    long mmap(long address, long length, int protection, int flags, int fd, long offset);

    /** See munmap(2). */
    int munmap(long address, long length);

    /** See cachestat(2); range and result are the addresses of structures. {@code -ENOSYS} before Linux 6.5. */
    int cachestat(int fd, long range, long result, int flags);

    /** See io_uring_setup(2); the parameters are the address of a structure. */
    int io_uring_setup(int entries, long parameters);

    /**
     * See io_uring_enter(2), without a signal mask. {@code -EINTR} is answered only where nothing was submitted, so that
     * what is made again is no more than the wait.
     */
    int io_uring_enter(int ring, int submitted, int awaited, int flags);

    /** See io_uring_register(2). */
    int io_uring_register(int ring, int operation, long argument, int count);
}
