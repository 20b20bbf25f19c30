package io.zerocopy.linux.sys.bind;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Calls the frequent functions of {@code Syscalls} through {@code java.lang.foreign}, once they have shown to be frequent:
 * a first transfer would pay for what only many calls earn. It uses JNA for the calls before that, for all other
 * functions, for calls that wait, and for calls whose slot for {@code errno} is in use. A pointer is passed as a
 * {@code long}.
 */
final class ForeignSyscalls extends JnaSyscalls {
    /**
     * Calls of a process before {@code java.lang.foreign} is linked. That takes the CPU about 100 ms, and each call spares a
     * third of a microsecond: a process that makes so few calls would never get it back, and one that makes many has lost
     * 3 ms until then.
     */
    static final int COLD_CALLS = 10_000;

    private final AtomicBoolean linking = new AtomicBoolean();

    private int left; // calls by JNA that are left, about: a lost count does no harm
    private boolean linked; // who reads it too late calls by JNA
    private boolean refused; // there is no linker, or it failed: JNA for good

    /**
     * Creates a binding that uses an existing JNA binding for the rest.
     *
     * @param coldCalls calls by JNA before the first one by {@code java.lang.foreign}
     */
    ForeignSyscalls(JnaSyscalls jna, int coldCalls) {
        super(jna);
        left = coldCalls;
    }

    /** Takes a slot for {@code errno}; negative if the call is one for JNA. */
    private int slot() {
        return linked || link() ? Downcalls.ERRNOS.take() : -1;
    }

    private boolean link() {
        int before = left;
        if (before > 0) {
            left = before - 1;
            return false;
        }
        return !refused && linkNow();
    }

    /** One thread links; the calls of the others go by JNA meanwhile. */
    private boolean linkNow() {
        if (!linking.compareAndSet(false, true)) {
            return false;
        }
        try {
            if (!linked && !refused && isDescriptorLeft()) {
                linked = Downcalls.ERRNOS != null; // initialises the class
            }
        } catch (Error | RuntimeException e) { // a missing function or linker, no memory: it does not initialise twice
            refused = true;
            Binding.stayWithJna(e);
        } finally {
            linking.set(false);
        }
        return linked;
    }

    /**
     * The linker looks functions up in a library of the JDK, which it opens. While no descriptor is left, it would fail for
     * good, so it is tried again later.
     */
    private boolean isDescriptorLeft() {
        int spare = super.open("/dev/null", C.O_RDONLY | C.O_CLOEXEC, 0);
        if (spare == -Errno.EMFILE || spare == -Errno.ENFILE) {
            left = COLD_CALLS;
            return false;
        }
        if (spare >= 0) {
            super.close(spare);
        }
        return true;
    }

    @Override
    public long read(int fd, long address, long count) {
        int slot = slot();
        return slot < 0
                ? super.read(fd, address, count)
                : Downcalls.call(slot, Downcalls.READ, fd, address, count, 0, 0, 0);
    }

    @Override
    public long write(int fd, long address, long count) {
        int slot = slot();
        return slot < 0
                ? super.write(fd, address, count)
                : Downcalls.call(slot, Downcalls.WRITE, fd, address, count, 0, 0, 0);
    }

    @Override
    public long pread(int fd, long address, long count, long offset) {
        int slot = slot();
        return slot < 0
                ? super.pread(fd, address, count, offset)
                : Downcalls.call(slot, Downcalls.PREAD, fd, address, count, offset, 0, 0);
    }

    @Override
    public long pwrite(int fd, long address, long count, long offset) {
        int slot = slot();
        return slot < 0
                ? super.pwrite(fd, address, count, offset)
                : Downcalls.call(slot, Downcalls.PWRITE, fd, address, count, offset, 0, 0);
    }

    @Override
    public long sendmsg(int fd, long message, int flags) {
        int slot = slot();
        return slot < 0
                ? super.sendmsg(fd, message, flags)
                : Downcalls.call(slot, Downcalls.SENDMSG, fd, message, flags, 0, 0, 0);
    }

    @Override
    public long preadv2(int fd, long iov, int iovcnt, long offset, int flags) {
        int slot = slot();
        return slot < 0
                ? super.preadv2(fd, iov, iovcnt, offset, flags)
                : Downcalls.call(slot, Downcalls.PREADV2, fd, iov, iovcnt, offset, flags, 0);
    }

    @Override
    public long pwritev2(int fd, long iov, int iovcnt, long offset, int flags) {
        int slot = slot();
        return slot < 0
                ? super.pwritev2(fd, iov, iovcnt, offset, flags)
                : Downcalls.call(slot, Downcalls.PWRITEV2, fd, iov, iovcnt, offset, flags, 0);
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        int slot = slot();
        return slot < 0
                ? super.fcntl(fd, command, argument)
                : Downcalls.callInt(slot, Downcalls.FCNTL, fd, command, argument, 0, 0);
    }

    @Override
    public long splice(int in, long offIn, int out, long offOut, long length, int flags) {
        int slot = slot();
        return slot < 0
                ? super.splice(in, offIn, out, offOut, length, flags)
                : Downcalls.call(slot, Downcalls.SPLICE, in, offIn, out, offOut, length, flags);
    }

    @Override
    public long sendfile(int out, int in, long offset, long count) {
        int slot = slot();
        return slot < 0
                ? super.sendfile(out, in, offset, count)
                : Downcalls.call(slot, Downcalls.SENDFILE, out, in, offset, count, 0, 0);
    }

    @Override
    public long copy_file_range(int in, long offIn, int out, long offOut, long length, int flags) {
        int slot = slot();
        return slot < 0
                ? super.copy_file_range(in, offIn, out, offOut, length, flags)
                : Downcalls.call(slot, Downcalls.COPY_FILE_RANGE, in, offIn, out, offOut, length, flags);
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        int slot = slot();
        return slot < 0
                ? super.lseek(fd, offset, whence)
                : Downcalls.call(slot, Downcalls.LSEEK, fd, offset, whence, 0, 0, 0);
    }

    /**
     * Only polls that do not wait are called directly. A poll that waits would keep its slot for a long time, and the
     * cost of its call does not matter.
     */
    @Override
    public int poll(long fds, int count, int timeoutMillis) {
        int slot = timeoutMillis == 0 ? slot() : -1;
        return slot < 0
                ? super.poll(fds, count, timeoutMillis)
                : Downcalls.callInt(slot, Downcalls.POLL, fds, count, timeoutMillis, 0, 0);
    }

    @Override
    public int statx(int fd, String path, int flags, int mask, long buffer) {
        long empty = path.isEmpty() ? emptyPath() : 0; // before a slot is taken: it may fail
        int slot = path.isEmpty() ? slot() : -1;
        return slot < 0
                ? super.statx(fd, path, flags, mask, buffer)
                : Downcalls.callInt(slot, Downcalls.STATX, fd, empty, flags, mask, buffer);
    }
}
