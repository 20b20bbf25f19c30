package io.zerocopy.linux.internal.model;

import com.sun.jna.Pointer;
import io.zerocopy.linux.internal.model.ModelFaults.Place;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The model's target as a socket. Sends in place: memory is read as late as the kernel may do so, when its report is
 * requested, so a transfer that reuses the memory too early sends wrong bytes. Packets: bytes that were sent with "more
 * follows" are held back until a call says that no more follow.
 */
public final class ModelSends {
    /** A send: the address of its bytes, and how many of them were taken. */
    private static final class Sent {
        private final long[] table;
        private final int taken;
        private byte[] read; // null before that

        Sent(long[] table, int taken) {
            this.table = table;
            this.taken = taken;
        }

        int taken() {
            return taken;
        }

        byte[] bytes() {
            if (read == null) {
                read = new byte[taken];
                int at = 0;
                for (int i = 0; i < table.length && at < taken; i += 2) {
                    int n = (int) Math.min(table[i + 1], taken - at);
                    System.arraycopy(ModelPipe.part(table[i], n), 0, read, at, n);
                    at += n;
                }
            }
            return read;
        }
    }

    private final ModelKernel kernel;
    private final boolean corkedBefore;
    private final boolean mayBeSlow;
    private final Deque<Sent> unread = new ArrayDeque<>();
    private int read; // sends that were read, whose numbers are those before this
    private int reported;
    private int reportedEarly = -1; // a send that was reported before those in front of it
    private boolean slow; // whether reports come only after a wait
    private boolean corked;
    private boolean heldBack;
    private int zerocopy; // whether it was enabled on the socket

    ModelSends(ModelKernel kernel, boolean corked, boolean slow) {
        this.kernel = kernel;
        this.mayBeSlow = slow;
        this.slow = slow;
        this.corkedBefore = corked;
        this.corked = corked;
    }

    /** Whether a packet waits for more; false if the caller itself had corked the socket. */
    boolean isHeldBack() {
        return heldBack && !corkedBefore;
    }

    /** Whether the socket is corked as it was. */
    boolean isAsBefore() {
        return corked == corkedBefore;
    }

    int unread() {
        return unread.stream().mapToInt(Sent::taken).sum();
    }

    boolean isAnythingToReport() {
        return reported < read || !unread.isEmpty();
    }

    /** The events of poll(2), which come late. */
    int error() {
        slow = false;
        return isAnythingToReport() ? C.POLLERR : 0;
    }

    /** See getsockopt(2) and setsockopt(2). */
    long option(String call, int level, int name, Pointer value) {
        boolean cork = level == C.IPPROTO_TCP && name == C.TCP_CORK;
        if (call.equals("getsockopt")) {
            value.setInt(0, cork && corked ? 1 : 0);
        } else if (cork) {
            corked = value.getInt(0) != 0;
            heldBack &= corked;
        } else if (level == C.SOL_SOCKET && name == C.SO_ZEROCOPY) {
            zerocopy = value.getInt(0);
        }
        return 0;
    }

    /** See sendmsg(2). */
    long send(Pointer message, int flags) {
        boolean inPlace = (flags & C.MSG_ZEROCOPY) != 0 && zerocopy != 0;
        kernel.target.requireCannotWait((flags & C.MSG_DONTWAIT) != 0, "sendmsg");
        if ((flags & C.MSG_NOSIGNAL) == 0) {
            throw new AssertionError("a sendmsg that may end the process");
        }
        long most = kernel.faults.of(inPlace ? "sendmsg(MSG_ZEROCOPY)" : "sendmsg", Place.FLOW);
        if (most < 0) {
            return most;
        }
        if (!kernel.look(kernel.target)) {
            return -Errno.EAGAIN;
        }
        long iov = message.getLong(16);
        int count = (int) message.getLong(24);
        boolean more = (flags & C.MSG_MORE) != 0;
        if (!inPlace) {
            byte[] bytes = ModelPipe.vector(iov, count);
            return put(Arrays.copyOf(bytes, (int) Math.min(bytes.length, most)), more);
        }
        long[] table = new Pointer(iov).getLongArray(0, 2 * count);
        long all = 0;
        for (int i = 1; i < table.length; i += 2) {
            all += table[i];
        }
        int taken = (int) Math.min(all, most);
        unread.addLast(new Sent(table, taken));
        heldBack = more || corked;
        return taken;
    }

    /** Bytes of an ordinary write come after those that were sent before. */
    long put(byte[] bytes, boolean more) {
        readAll();
        kernel.target.put(-1, bytes);
        if (bytes.length > 0) {
            heldBack = more || corked;
        }
        return bytes.length;
    }

    /** The peer reads. */
    public void readAll() {
        while (!unread.isEmpty()) {
            kernel.target.put(-1, unread.removeFirst().bytes());
            read++;
        }
    }

    /**
     * See recvmsg(2) with {@code MSG_ERRQUEUE}: one report, of the next send or of all sends that are complete. If
     * several wait, the first report is of the last send.
     */
    long report(Pointer message) {
        long most = kernel.faults.of("recvmsg", Place.FLOW);
        if (most < 0) {
            return most;
        }
        if (slow || !isAnythingToReport()) {
            return -Errno.EAGAIN;
        }
        if (unread.size() > 1 && reportedEarly < reported) {
            reportedEarly = read + unread.size() - 1;
            unread.peekLast().bytes();
            return report(message, reportedEarly, reportedEarly);
        }
        if (reported == read) {
            readAll();
        }
        int first = reported;
        int behind = most == Long.MAX_VALUE ? read : first + 1;
        behind = reportedEarly >= first ? Math.min(behind, reportedEarly) : behind;
        reported = behind == reportedEarly ? behind + 1 : behind;
        slow = mayBeSlow && !isAnythingToReport();
        return report(message, first, behind - 1);
    }

    private static long report(Pointer message, int first, int last) {
        Pointer control = new Pointer(message.getLong(32));
        control.setLong(0, 48);
        control.setInt(8, C.SOL_IP);
        control.setInt(12, C.IP_RECVERR);
        control.setInt(16, 0);
        control.setByte(20, (byte) C.SO_EE_ORIGIN_ZEROCOPY);
        control.setByte(22, (byte) 0);
        control.setInt(24, first);
        control.setInt(28, last);
        message.setLong(40, 48);
        return 0;
    }
}
