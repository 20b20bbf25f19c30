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
 * A TCP socket's sends with {@code MSG_ZEROCOPY}, of whichever transfers: the kernel numbers them per socket, and its
 * reports come out of one queue. One per socket, remembered with its {@link ChannelLease}. All methods want the close lock.
 */
public final class ZerocopySends implements ChannelLease.Reports {
    /** What the kernel says of a send that it copied after all. */
    public static final String COPIED =
            "the kernel copied what it was to read in place, as it does where the peer is on this"
                    + " machine or the interface cannot gather (SO_EE_CODE_ZEROCOPY_COPIED)";

    /** Why a socket is left alone whose numbers, and reports, are not all of this library's sends. */
    public static final String SHARED =
            "somebody else sends from memory on this socket (SO_ZEROCOPY), and the kernel numbers"
                    + " and reports the sends of all alike";

    /**
     * All that have sends outstanding: who drops a session without closing it, and the channel with it, must not have
     * memory freed that the kernel still reads.
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

    /** The sends on a socket, of whichever transfers. */
    public static ZerocopySends of(Syscalls sys, ChannelLease lease) {
        lease.locked(() -> {
            if (lease.reports() == null) {
                lease.reports(new ZerocopySends(sys, lease.fd()));
            }
        });
        return (ZerocopySends) lease.reports();
    }

    /** Asks the socket for it, once; empty, or why it cannot be had. A socket on which it was set before has other users. */
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

    /** Sends the first buffers of a table; bytes taken, with the pin kept until the kernel lets go, or an errno. */
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

    /** Reads what the kernel has to tell; never waits. True if it told of completions. */
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
                    return any; // EAGAIN: no more reports. Anything else the next send will tell
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

    /** How many reports of completions were read, by whichever transfer; to be compared, since it wraps around. */
    public int told() {
        return (int) told;
    }

    /** Whether the kernel has copied what it was to read in place; then asking again is of no use. */
    public boolean isCopied() {
        return copied;
    }

    /** Whether somebody else's sends were reported too; then nothing more may be sent that way. */
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
