package io.zerocopy.linux.internal;

import com.sun.jna.Pointer;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Sends in place to the model's target: memory is read as late as the kernel may, when the report of it is asked for, so that
 * whoever used it again too early has sent other bytes.
 */
final class ModelSends {
    /** A send: where its bytes lie, and how many of them were taken. */
    private record Sent(long[] table, int taken) {
        byte[] bytes() {
            byte[] all = new byte[taken];
            int at = 0;
            for (int i = 0; i < table.length && at < taken; i += 2) {
                int n = (int) Math.min(table[i + 1], taken - at);
                System.arraycopy(ModelPipe.part(table[i], n), 0, all, at, n);
                at += n;
            }
            return all;
        }
    }

    private final ModelKernel kernel;
    private final Deque<Sent> unread = new ArrayDeque<>();
    private int read; // sends that were read, whose numbers are those before this
    private int reported;

    ModelSends(ModelKernel kernel) {
        this.kernel = kernel;
    }

    /** See sendmsg(2). */
    long send(Pointer message, int flags) {
        long most = kernel.fault("sendmsg", false);
        if (most < 0) {
            return most;
        }
        if (!kernel.target.look()) {
            return -Errno.EAGAIN;
        }
        long iov = message.getLong(16);
        int count = (int) message.getLong(24);
        if ((flags & C.MSG_ZEROCOPY) == 0) {
            byte[] bytes = ModelPipe.vector(iov, count);
            return put(Arrays.copyOf(bytes, (int) Math.min(bytes.length, most)));
        }
        long[] table = new Pointer(iov).getLongArray(0, 2 * count);
        long all = 0;
        for (int i = 1; i < table.length; i += 2) {
            all += table[i];
        }
        int taken = (int) Math.min(all, most);
        unread.addLast(new Sent(table, taken));
        return taken;
    }

    /** What is written as ever lies behind what was sent before. */
    long put(byte[] bytes) {
        readAll();
        kernel.target.put(-1, bytes);
        return bytes.length;
    }

    /** The peer reads. */
    void readAll() {
        while (!unread.isEmpty()) {
            kernel.target.put(-1, unread.removeFirst().bytes());
            read++;
        }
    }

    /** See recvmsg(2) with {@code MSG_ERRQUEUE}: one report, of every second send or of all that there are. */
    long report(Pointer message) {
        long most = kernel.fault("recvmsg", true);
        if (most < 0) {
            return most;
        }
        if (reported == read) {
            if (unread.isEmpty()) {
                return -Errno.EAGAIN;
            }
            readAll();
        }
        Pointer control = new Pointer(message.getLong(32));
        control.setLong(0, 48);
        control.setInt(8, C.SOL_IP);
        control.setInt(12, C.IP_RECVERR);
        control.setInt(16, 0);
        control.setByte(20, (byte) C.SO_EE_ORIGIN_ZEROCOPY);
        control.setByte(22, (byte) 0);
        int last = most == Long.MAX_VALUE ? read - 1 : reported;
        control.setInt(24, reported);
        control.setInt(28, last);
        message.setLong(40, 48);
        reported = last + 1;
        return 0;
    }
}
