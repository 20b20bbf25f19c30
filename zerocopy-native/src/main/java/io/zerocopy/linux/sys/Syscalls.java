package io.zerocopy.linux.sys;

/**
 * The functions of the C library that transfers use. Each method has the name, the arguments and the meaning of the
 * function in section 2 of the manual; addresses are {@code long}. It returns the function's result, or the negative
 * {@code errno}. No method throws or allocates. If a signal interrupts a call before it has done anything, the call is
 * repeated. Only {@link #poll} returns {@code -EINTR}, so that its caller can check for interrupts and closes.
 * Thread-safe.
 */
public interface Syscalls {
    /** See open(2). */
    int open(String path, int flags, int mode);

    /** See close(2); never repeated, because the descriptor is closed even after EINTR. */
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

    /** See sendmsg(2); the message is the address of a {@code MsgHdr}. */
    long sendmsg(int fd, long message, int flags);

    /** See recvmsg(2); the message is the address of a {@code MsgHdr}. */
    long recvmsg(int fd, long message, int flags);

    /**
     * See preadv2(2). At offset -1 it uses the descriptor's own position; {@code RWF_NOWAIT} keeps the call from
     * waiting, whatever the descriptor's flags are. Returns {@code -ENOSYS} if the C library does not have the
     * function.
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

    /** See statx(2); an empty path with {@code AT_EMPTY_PATH} describes the descriptor itself. */
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
     * See io_uring_enter(2), without a signal mask. {@code -EINTR} is returned only if nothing was submitted, so
     * repeating the call repeats only the wait.
     */
    int io_uring_enter(int ring, int submitted, int awaited, int flags);

    /** See io_uring_register(2). */
    int io_uring_register(int ring, int operation, long argument, int count);

    /** See open(2); the path is the address of a string of C, as in all calls that name a folder. */
    int openat(int folder, long path, int flags, int mode);

    /** See mkdir(2). */
    int mkdirat(int folder, long path, int mode);

    /** See link(2). */
    int linkat(int oldFolder, long oldPath, int newFolder, long newPath, int flags);

    /** See rename(2). */
    int renameat(int oldFolder, long oldPath, int newFolder, long newPath);

    /** See rename(2); {@code -ENOSYS} where the C library has no such function. */
    int renameat2(int oldFolder, long oldPath, int newFolder, long newPath, int flags);

    /** See unlink(2). */
    int unlinkat(int folder, long path, int flags);

    /** See getuid(2). */
    int geteuid();

    /** See chown(2). */
    int fchown(int fd, int owner, int group);

    /** See chmod(2). */
    int fchmod(int fd, int mode);

    /** See utimensat(2); the times are the address of two {@code struct timespec}. */
    int futimens(int fd, long times);

    /** See listxattr(2). */
    long flistxattr(int fd, long names, long size);

    /** See getxattr(2). */
    long fgetxattr(int fd, long name, long value, long size);

    /** See setxattr(2). */
    int fsetxattr(int fd, long name, long value, long size, int flags);
}
