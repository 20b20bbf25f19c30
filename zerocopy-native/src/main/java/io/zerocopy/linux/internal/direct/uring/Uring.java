package io.zerocopy.linux.internal.direct.uring;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * Whether this process can use rings, found out by making one. Kernels without io_uring answer ENOSYS; containers that
 * filter it, and {@code kernel.io_uring_disabled}, answer EPERM. Each operation must be present, since different
 * kernels added them. A passing refusal (no memory, no descriptor) is checked again the next time; a permanent one is
 * remembered.
 */
public final class Uring {
    private static final int OPERATIONS = 64; // the number that is asked for; all used ones are below
    private static final int[] NEEDED = {
        C.IORING_OP_NOP,
        C.IORING_OP_READ,
        C.IORING_OP_WRITE,
        C.IORING_OP_READ_FIXED,
        C.IORING_OP_WRITE_FIXED,
        C.IORING_OP_ASYNC_CANCEL,
    };

    private final Syscalls sys;
    private volatile String unavailable; // empty if it can be used; null before the first question

    public Uring(Syscalls sys) {
        this.sys = sys;
    }

    /** Why no ring is available; null if one is. */
    public String unavailableBecause() {
        String known = unavailable;
        if (known == null) {
            try {
                probe();
                known = "";
            } catch (UnavailableException e) {
                if (e.isPassing()) {
                    return e.getMessage();
                }
                known = e.getMessage();
            }
            unavailable = known;
        }
        return known.isEmpty() ? null : known;
    }

    /** Makes a ring and does one operation. */
    private void probe() throws UnavailableException {
        try (Ring ring = Ring.open(sys, 1)) {
            requireOperations(sys, ring);
            ring.prepare(C.IORING_OP_NOP, 0, -1, 0, 0, 0, 0, 1);
            int entered = ring.submit(1);
            if (entered < 0) {
                throw refused("io_uring_enter", entered);
            }
            if (!ring.take() || ring.result() != 0) {
                throw new UnavailableException("io_uring: the operation that does nothing does not do that");
            }
        }
    }

    private static void requireOperations(Syscalls sys, Ring ring) throws UnavailableException {
        Memory memory = Memory.take();
        try {
            for (int i = 0; i < 16 + OPERATIONS * 8; i += Long.BYTES) {
                memory.putLong(i, 0);
            }
            int result = sys.io_uring_register(ring.fd(), C.IORING_REGISTER_PROBE, memory.address(), OPERATIONS);
            if (result < 0) {
                throw refused("io_uring_register(PROBE)", result);
            }
            for (int operation : NEEDED) {
                int flags = memory.getUnsignedShort(16 + operation * 8 + 2);
                if ((flags & C.IO_URING_OP_SUPPORTED) == 0) {
                    throw new UnavailableException("io_uring: this kernel has no operation " + operation);
                }
            }
        } finally {
            memory.release();
        }
    }

    static UnavailableException refused(String call, long result) {
        return new UnavailableException(call, result, ", " + hint(result));
    }

    /** The errno table's reason, unless the switch says it exactly. */
    private static String hint(long result) {
        boolean lasting = ErrnoTable.of(Call.IO_URING_SETUP, result, false) == Outcome.DECLINE_FOR_GOOD;
        int disabled = lasting ? disabled() : 0;
        return disabled > 0
                ? "kernel.io_uring_disabled is " + disabled
                : ErrnoTable.reason(Call.IO_URING_SETUP, result);
    }

    /** In one read, see proc(5); 0 if there is no such switch. */
    private static int disabled() {
        try (FileInputStream in = new FileInputStream("/proc/sys/kernel/io_uring_disabled")) {
            int first = in.read();
            return first < '0' || first > '9' ? 0 : first - '0';
        } catch (IOException none) {
            return 0;
        }
    }
}
