package io.zerocopy.linux.sys.bind;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.zerocopy.linux.sys.Errno;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Functions of the C library, and the one way in which all of them are called: with six {@code long}. The calling
 * conventions of 64-bit Linux pass the first six integers and pointers in registers, an {@code int} as the lower half of
 * one; a function does not look at registers beyond its own arguments, and variadic ones are passed likewise. So one
 * method handle serves all functions, and is linked once. The initialiser of this class is what costs: it takes as long
 * as some hundred thousand calls spare, see {@link ForeignSyscalls}.
 */
final class Downcalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final long ERRNO = Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    static final MemorySegment READ = function("read");
    static final MemorySegment WRITE = function("write");
    static final MemorySegment PREAD = function("pread");
    static final MemorySegment PWRITE = function("pwrite");
    static final MemorySegment SENDMSG = function("sendmsg");
    static final MemorySegment PREADV2 = function("preadv2");
    static final MemorySegment PWRITEV2 = function("pwritev2");
    static final MemorySegment FCNTL = function("fcntl");
    static final MemorySegment SPLICE = function("splice");
    static final MemorySegment SENDFILE = function("sendfile");
    static final MemorySegment COPY_FILE_RANGE = function("copy_file_range");
    static final MemorySegment LSEEK = function("lseek");
    static final MemorySegment POLL = function("poll");
    static final MemorySegment STATX = function("statx");

    static final ErrnoSlots ERRNOS = new ErrnoSlots();

    private Downcalls() {}

    private static MemorySegment function(String name) {
        return LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsatisfiedLinkError(name));
    }

    /** Calls a function whose result is a {@code long}, again after a signal; the slot is given back. */
    static long call(int slot, MemorySegment function, long a, long b, long c, long d, long e, long f) {
        try {
            MemorySegment errno = ERRNOS.segment(slot);
            long result;
            do {
                result = (long) CALL.invokeExact(function, errno, a, b, c, d, e, f);
            } while (result == -1 && errno.get(JAVA_INT, ERRNO) == Errno.EINTR);
            return result == -1 ? -errno.get(JAVA_INT, ERRNO) : result;
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            ERRNOS.release(slot);
        }
    }

    /** As {@link #call}, of a function whose result is an {@code int}: what stands above it means nothing. */
    static int callInt(int slot, MemorySegment function, long a, long b, long c, long d, long e) {
        try {
            MemorySegment errno = ERRNOS.segment(slot);
            int result;
            do {
                result = (int) (long) CALL.invokeExact(function, errno, a, b, c, d, e, 0L);
            } while (result == -1 && errno.get(JAVA_INT, ERRNO) == Errno.EINTR);
            return result == -1 ? -errno.get(JAVA_INT, ERRNO) : result;
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            ERRNOS.release(slot);
        }
    }

    /** Wraps a throwable that {@code invokeExact} declares and a C function never throws. */
    private static IllegalStateException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        return new IllegalStateException(thrown);
    }
}
