package io.zerocopy.linux.sys.bind;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.zerocopy.linux.sys.Errno;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls the frequent functions of {@code Syscalls} through {@code java.lang.foreign}. It uses JNA for all other
 * functions, for calls that wait, and for calls whose slot for {@code errno} is in use. A pointer is passed as a
 * {@code long}, which it is in every 64-bit calling convention of Linux.
 */
final class ForeignSyscalls extends JnaSyscalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final long ERRNO = Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

    private static final MethodHandle READ = function("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE = function("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PREAD = function("pread", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PWRITE = function("pwrite", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SENDMSG = function("sendmsg", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle PREADV2 =
            function("preadv2", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle PWRITEV2 =
            function("pwritev2", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle FCNTL = function("fcntl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SPLICE =
            function("splice", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SENDFILE =
            function("sendfile", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle COPY_FILE_RANGE =
            function("copy_file_range", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle LSEEK = function("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle POLL = function("poll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle STATX =
            function("statx", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);

    private final ErrnoSlots errnos = new ErrnoSlots();

    /** Creates a binding that uses an existing JNA binding for the rest. */
    ForeignSyscalls(JnaSyscalls jna) {
        super(jna);
    }

    private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
        FunctionDescriptor type = FunctionDescriptor.of(result, arguments);
        return LINKER.defaultLookup()
                .find(name)
                .map(address -> name.equals("fcntl") // variadic in C
                        ? LINKER.downcallHandle(address, type, CAPTURE, Linker.Option.firstVariadicArg(2))
                        : LINKER.downcallHandle(address, type, CAPTURE))
                .orElseThrow(() -> new UnsatisfiedLinkError(name));
    }

    private static boolean wasInterrupted(long result, MemorySegment errno) {
        return result == -1 && errno.get(JAVA_INT, ERRNO) == Errno.EINTR;
    }

    private static long answer(long result, MemorySegment errno) {
        return result == -1 ? -errno.get(JAVA_INT, ERRNO) : result;
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

    @Override
    public long read(int fd, long address, long count) {
        int place = errnos.take();
        if (place < 0) {
            return super.read(fd, address, count);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) READ.invokeExact(errno, fd, address, count);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long write(int fd, long address, long count) {
        int place = errnos.take();
        if (place < 0) {
            return super.write(fd, address, count);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) WRITE.invokeExact(errno, fd, address, count);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long pread(int fd, long address, long count, long offset) {
        int place = errnos.take();
        if (place < 0) {
            return super.pread(fd, address, count, offset);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) PREAD.invokeExact(errno, fd, address, count, offset);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long pwrite(int fd, long address, long count, long offset) {
        int place = errnos.take();
        if (place < 0) {
            return super.pwrite(fd, address, count, offset);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) PWRITE.invokeExact(errno, fd, address, count, offset);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long sendmsg(int fd, long message, int flags) {
        int place = errnos.take();
        if (place < 0) {
            return super.sendmsg(fd, message, flags);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) SENDMSG.invokeExact(errno, fd, message, flags);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long preadv2(int fd, long iov, int iovcnt, long offset, int flags) {
        int place = errnos.take();
        if (place < 0) {
            return super.preadv2(fd, iov, iovcnt, offset, flags);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) PREADV2.invokeExact(errno, fd, iov, iovcnt, offset, flags);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long pwritev2(int fd, long iov, int iovcnt, long offset, int flags) {
        int place = errnos.take();
        if (place < 0) {
            return super.pwritev2(fd, iov, iovcnt, offset, flags);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) PWRITEV2.invokeExact(errno, fd, iov, iovcnt, offset, flags);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        int place = errnos.take();
        if (place < 0) {
            return super.fcntl(fd, command, argument);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            int result;
            do {
                result = (int) FCNTL.invokeExact(errno, fd, command, argument);
            } while (wasInterrupted(result, errno));
            return (int) answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long splice(int in, long offIn, int out, long offOut, long length, int flags) {
        int place = errnos.take();
        if (place < 0) {
            return super.splice(in, offIn, out, offOut, length, flags);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) SPLICE.invokeExact(errno, in, offIn, out, offOut, length, flags);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long sendfile(int out, int in, long offset, long count) {
        int place = errnos.take();
        if (place < 0) {
            return super.sendfile(out, in, offset, count);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) SENDFILE.invokeExact(errno, out, in, offset, count);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long copy_file_range(int in, long offIn, int out, long offOut, long length, int flags) {
        int place = errnos.take();
        if (place < 0) {
            return super.copy_file_range(in, offIn, out, offOut, length, flags);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) COPY_FILE_RANGE.invokeExact(errno, in, offIn, out, offOut, length, flags);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        int place = errnos.take();
        if (place < 0) {
            return super.lseek(fd, offset, whence);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            long result;
            do {
                result = (long) LSEEK.invokeExact(errno, fd, offset, whence);
            } while (wasInterrupted(result, errno));
            return answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    /**
     * Only polls that do not wait are called directly. A poll that waits would keep its slot for a long time, and the
     * cost of its call does not matter.
     */
    @Override
    public int poll(long fds, int count, int timeoutMillis) {
        int place = timeoutMillis == 0 ? errnos.take() : -1;
        if (place < 0) {
            return super.poll(fds, count, timeoutMillis);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            return (int) answer((int) POLL.invokeExact(errno, fds, (long) count, timeoutMillis), errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }

    @Override
    public int statx(int fd, String path, int flags, int mask, long buffer) {
        int place = path.isEmpty() ? errnos.take() : -1;
        if (place < 0) {
            return super.statx(fd, path, flags, mask, buffer);
        }
        try {
            MemorySegment errno = errnos.segment(place);
            int result;
            do {
                result = (int) STATX.invokeExact(errno, fd, emptyPath(), flags, mask, buffer);
            } while (wasInterrupted(result, errno));
            return (int) answer(result, errno);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        } finally {
            errnos.release(place);
        }
    }
}
