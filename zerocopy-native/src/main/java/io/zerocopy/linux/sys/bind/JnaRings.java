package io.zerocopy.linux.sys.bind;

import com.sun.jna.Native;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;

/**
 * Memory mappings, and the calls of io_uring and of the page cache, which are made by number because the C library has no
 * functions for them.
 */
abstract class JnaRings implements Syscalls {
    static boolean interrupted(long result) {
        return result == -1 && Native.getLastError() == Errno.EINTR;
    }

    static long checked(long result) {
        return result == -1 ? -Native.getLastError() : result;
    }

    @Override
    public long mmap(long address, long length, int protection, int flags, int fd, long offset) {
        return checked(Libc.mmap(address, length, protection, flags, fd, offset));
    }

    @Override
    public int munmap(long address, long length) {
        return (int) checked(Libc.munmap(address, length));
    }

    @Override
    public int cachestat(int fd, long range, long result, int flags) {
        return (int) repeated(C.SYS_CACHESTAT, fd, range, result, flags);
    }

    @Override
    public int io_uring_setup(int entries, long parameters) {
        return (int) repeated(C.SYS_IO_URING_SETUP, entries, parameters, 0, 0);
    }

    @Override
    public int io_uring_enter(int ring, int submitted, int awaited, int flags) {
        return (int) repeated(C.SYS_IO_URING_ENTER, ring, submitted, awaited, flags);
    }

    @Override
    public int io_uring_register(int ring, int operation, long argument, int count) {
        return (int) repeated(C.SYS_IO_URING_REGISTER, ring, operation, argument, count);
    }

    private static long repeated(long number, long a, long b, long c, long d) {
        long result;
        do {
            result = Libc.syscall(number, a, b, c, d, 0, 0);
        } while (interrupted(result));
        return checked(result);
    }
}
