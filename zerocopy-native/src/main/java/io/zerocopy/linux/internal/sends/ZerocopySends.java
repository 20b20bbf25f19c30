package io.zerocopy.linux.internal.sends;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.linux.sys.memory.MsgHdr;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All sends of a TCP socket with {@code MSG_ZEROCOPY}, of any transfer: the kernel numbers them per socket, and puts
 * its reports into one queue. There is one object per socket, remembered with its {@link ChannelLease}. The caller of
 * every method holds the close lock.
 */
public final class ZerocopySends implements ChannelLease.Reports {
    /** The reason for a send that the kernel has copied. */
    public static final String COPIED =
            "the kernel copied what it was to read in place, as it does where the peer is on this"
                    + " machine or the interface cannot gather (SO_EE_CODE_ZEROCOPY_COPIED)";

    /** Why a socket is no longer used if some of its numbers and reports belong to sends of other code. */
    public static final String SHARED =
            "somebody else sends from memory on this socket (SO_ZEROCOPY), and the kernel numbers"
                    + " and reports the sends of all alike";

    /**
     * All objects with outstanding sends: if you drop a session without a close, and its channel too, memory that the
     * kernel still reads must not be freed.
     */
    private static final Set<ZerocopySends> READ_BY_KERNEL = ConcurrentHashMap.newKeySet();

    /** Reports read at a time; each may tell of thousands of sends. */
    private static final int MOST_REPORTS = 64;

    private final Syscalls sys;
    private final int fd;
    private final Completions completions = new Completions(0);
    private boolean enabled;
    private volatile long told;
    private volatile boolean copied;

    public ZerocopySends(Syscalls sys, int fd) {
        this.sys = sys;
        this.fd = fd;
    }

    /** The sends on a socket, of any transfer. */
    public static ZerocopySends of(Syscalls sys, ChannelLease lease) {
        lease.locked(() -> {
            if (lease.reports() == null) {
                lease.reports(new ZerocopySends(sys, lease.fd()));
            }
        });
        return (ZerocopySends) lease.reports();
    }

    /**
     * Enables it on the socket, once; empty, or why that is impossible. A socket on which it was set before has other
     * users.
     */
    public String enable() {
        if (enabled) {
            return "";
        }
        Memory memory = Memory.take();
        try {
            memory.putInt(0, 0).putInt(8, Integer.BYTES);
            int asked = sys.getsockopt(fd, C.SOL_SOCKET, C.SO_ZEROCOPY, memory.address(), memory.address(8));
            if (asked >= 0 && memory.getInt(0) != 0) {
                return SHARED;
            }
            int result = enable(sys, fd, memory);
            enabled = result >= 0;
            return enabled ? "" : refused(result);
        } finally {
            memory.release();
        }
    }

    public static int enable(Syscalls sys, int fd, Memory memory) {
        memory.putInt(0, 1);
        return sys.setsockopt(fd, C.SOL_SOCKET, C.SO_ZEROCOPY, memory.address(), Integer.BYTES);
    }

    /**
     * Sends the first buffers of a table; the bytes taken, or an errno. The pin is kept until the kernel needs the
     * memory no longer.
     */
    public long send(Memory memory, int count, boolean more, Completions.Pin pin) {
        int flags = C.MSG_ZEROCOPY | C.MSG_DONTWAIT | C.MSG_NOSIGNAL | (more ? C.MSG_MORE : 0);
        completions.reserve();
        if (completions.outstanding() == 0) {
            READ_BY_KERNEL.add(this);
        }
        long n = sys.sendmsg(fd, MsgHdr.ofBuffers(memory, count), flags);
        if (n > 0) {
            completions.sent(pin); // a call that fails gets no number
        } else {
            unlessOutstanding();
        }
        return n;
    }

    /** Reads the kernel's reports; never waits. True if they included completions. */
    @Override
    public boolean drain() {
        if (completions.outstanding() == 0) {
            return false;
        }
        Memory memory = Memory.take();
        try {
            boolean any = false;
            for (int i = 0; i < MOST_REPORTS && completions.outstanding() > 0; i++) {
                long n = sys.recvmsg(fd, MsgHdr.ofReport(memory), C.MSG_ERRQUEUE | C.MSG_DONTWAIT);
                if (n < 0) {
                    return any; // EAGAIN: no more reports. The next send reports any other error
                }
                if (MsgHdr.isCompletion(memory)) {
                    any = true;
                    told = told + 1;
                    copied |= MsgHdr.isCopied(memory);
                    completions.completed(MsgHdr.firstCompleted(memory), MsgHdr.lastCompleted(memory));
                }
            }
            return any;
        } finally {
            unlessOutstanding();
            memory.release();
        }
    }

    private void unlessOutstanding() {
        if (completions.outstanding() == 0) {
            READ_BY_KERNEL.remove(this);
        }
    }

    /** How many reports of completions were read, by any transfer; only compare the number, since it wraps around. */
    public int told() {
        return (int) told;
    }

    /** Whether the kernel has copied memory that it was asked to read in place; then further requests are useless. */
    public boolean isCopied() {
        return copied;
    }

    /** Whether reports included sends of other code; then no more may be sent in this way. */
    public boolean isShared() {
        return completions.isShared();
    }

    /** How many sends the kernel still reads from. */
    public int outstanding() {
        return completions.outstanding();
    }

    public void abandon() {
        completions.abandon();
        unlessOutstanding();
    }

    public static String refused(int result) {
        return Errno.message(Call.SO_ZEROCOPY.text(), result);
    }
}
