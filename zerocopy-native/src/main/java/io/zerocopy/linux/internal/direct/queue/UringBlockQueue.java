package io.zerocopy.linux.internal.direct.queue;

import io.zerocopy.linux.internal.direct.uring.Mapping;
import io.zerocopy.linux.internal.direct.uring.Ring;
import io.zerocopy.linux.internal.direct.uring.UnavailableException;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.nio.ByteBuffer;

/**
 * A {@link BlockQueue} on a ring of its own. Operations are written into the ring as they come and started together by
 * the next {@link #next()} that finds no completion: one system call for many of them, which also waits. The buffers
 * are registered with the ring, so that the kernel need not look up their pages each time; if that is refused, since
 * registered memory counts against RLIMIT_MEMLOCK, they are used unregistered.
 *
 * <p>If the kernel did not do an operation for internal reasons, the queue starts it again a few times, in a kernel
 * worker; the caller judges every other result. If the kernel refuses the ring itself, every busy slot gets that error.
 *
 * <p>The buffers are freed only when nothing is under way. {@link #close()} takes back operations that the kernel does
 * not know yet, cancels the rest, and waits for every completion, cancelled or done. If the kernel refuses even to
 * wait, the buffers stay mapped for good, because the kernel may still write to them.
 */
public final class UringBlockQueue implements BlockQueue {
    static final int MAX_DEPTH = C.IOV_MAX;

    private static final long CANCEL = 1L << 32; // in the data of a cancellation, beside the slot
    private static final int MAX_REPEATS = 16;

    /** The most rounds in which the kernel may refuse to start operations while none is under way. */
    private static final int MAX_REFUSALS = 1000;

    private final Syscalls sys;
    private final Ring ring;
    private final Mapping buffers;
    private final int blockSize;
    private final String unregistered; // why the buffers are not registered; empty when they are
    private final Slot[] slots;
    private int pending; // operations without a completion
    private int broken; // why no completion will come: a negative errno; or 0
    private boolean closed;

    /** One buffer, and its current operation. */
    private static final class Slot {
        final ByteBuffer memory;
        final long address;
        boolean busy; // busy for the caller
        boolean pending; // under way in the ring
        boolean writes;
        int fd;
        long position;
        int length;
        int repeats;
        long result;

        Slot(ByteBuffer memory, long address) {
            this.memory = memory;
            this.address = address;
        }
    }

    private UringBlockQueue(Syscalls sys, Ring ring, Mapping buffers, int depth, int blockSize, String unregistered) {
        this.sys = sys;
        this.ring = ring;
        this.buffers = buffers;
        this.blockSize = blockSize;
        this.unregistered = unregistered;
        this.slots = new Slot[depth];
        for (int i = 0; i < depth; i++) {
            long offset = (long) i * blockSize;
            slots[i] = new Slot(buffers.buffer(offset, blockSize), buffers.address() + offset);
        }
    }

    /**
     * Makes a ring and its buffers. The first buffer begins at a page.
     *
     * @param depth how many operations may be under way, from 1 to {@link #MAX_DEPTH}
     * @param blockSize bytes of each buffer, a multiple of every alignment that the files ask for
     * @throws UnavailableException if no ring is available, with the reason
     */
    public static UringBlockQueue open(Syscalls sys, int depth, int blockSize) throws UnavailableException {
        if (depth < 1 || depth > MAX_DEPTH || blockSize < 1) {
            throw new IllegalArgumentException(depth + " buffers of " + blockSize + " bytes");
        }
        Ring ring = Ring.open(sys, depth);
        UringBlockQueue queue = null;
        Mapping buffers = null;
        try {
            buffers = Mapping.anonymous(sys, (long) depth * blockSize);
            int registered = register(sys, ring, buffers.address(), depth, blockSize);
            String why = registered < 0 ? Errno.message(Call.IO_URING_BUFFERS.text(), registered) : "";
            queue = new UringBlockQueue(sys, ring, buffers, depth, blockSize, why);
            return queue;
        } finally {
            if (queue == null) {
                ring.close();
                if (buffers != null) {
                    buffers.unmap();
                }
            }
        }
    }

    private static int register(Syscalls sys, Ring ring, long address, int depth, int blockSize) {
        Memory iovecs = Memory.take();
        try {
            for (int i = 0; i < depth; i++) {
                iovecs.putLong(i * 16, address + (long) i * blockSize).putLong(i * 16 + 8, blockSize);
            }
            return sys.io_uring_register(ring.fd(), C.IORING_REGISTER_BUFFERS, iovecs.address(), depth);
        } finally {
            iovecs.release();
        }
    }

    /** Why the buffers are not registered; empty when they are. */
    String unregisteredBecause() {
        return unregistered;
    }

    private boolean isRegistered() {
        return unregistered.isEmpty();
    }

    @Override
    public int depth() {
        return slots.length;
    }

    int blockSize() {
        return blockSize;
    }

    @Override
    public ByteBuffer part(int slot, int from, int to) {
        requireOpen();
        return slots[slot].memory.clear().limit(to).position(from);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the queue is closed");
        }
    }

    @Override
    public void read(int slot, int fd, long position, int length) {
        begin(slot, false, fd, position, length);
    }

    @Override
    public void write(int slot, int fd, long position, int length) {
        begin(slot, true, fd, position, length);
    }

    private void begin(int index, boolean writes, int fd, long position, int length) {
        requireOpen();
        Slot slot = slots[index];
        if (slot.busy || length < 1 || length > blockSize) {
            throw new IllegalStateException("slot " + index + " is busy, or has no room for " + length);
        }
        slot.busy = true;
        if (broken == 0) {
            slot.writes = writes;
            slot.fd = fd;
            slot.position = position;
            slot.length = length;
            slot.repeats = 0;
            slot.pending = true;
            pending++;
            prepare(index, 0);
        }
    }

    /** There is always room: the ring has at least as many entries as there are slots, and a slot has one at a time. */
    private void prepare(int index, int flags) {
        Slot slot = slots[index];
        int code;
        if (isRegistered()) {
            code = slot.writes ? C.IORING_OP_WRITE_FIXED : C.IORING_OP_READ_FIXED;
        } else {
            code = slot.writes ? C.IORING_OP_WRITE : C.IORING_OP_READ;
        }
        int buffer = isRegistered() ? index : 0;
        ring.prepare(code, flags, slot.fd, slot.position, slot.address, slot.length, buffer, index);
    }

    @Override
    public int next() {
        requireOpen();
        int refusals = 0;
        while (broken == 0 && pending > 0) {
            while (ring.take()) {
                int index = (int) ring.completed();
                if (!isRepeated(index, ring.result())) {
                    ended(index);
                    return told(index, ring.result());
                }
            }
            int n = ring.submit(1);
            if (ErrnoTable.waits(Call.IO_URING_ENTER, n)) {
                boolean running = ring.unsubmitted() < pending;
                n = running ? ring.await() : refusals++ < MAX_REFUSALS ? 0 : n;
            }
            broken = Math.min(n, 0);
        }
        for (int index = 0; index < slots.length; index++) {
            if (slots[index].busy) {
                return told(index, broken);
            }
        }
        return -1;
    }

    private int told(int index, long result) {
        slots[index].busy = false;
        slots[index].result = result;
        return index;
    }

    private void ended(int index) {
        slots[index].pending = false;
        pending--;
    }

    @Override
    public boolean hasFailed() {
        return broken != 0;
    }

    @Override
    public long result(int slot) {
        return slots[slot].result;
    }

    private boolean isRepeated(int index, int result) {
        boolean passing = result < 0 && ErrnoTable.of(Call.IO_URING_COMPLETION, result, true) == Outcome.RETRY;
        if (!passing || slots[index].repeats == MAX_REPEATS) {
            return false;
        }
        slots[index].repeats++;
        prepare(index, C.IOSQE_ASYNC); // by a worker, which waits where the first attempt would not
        return true;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean quiet = drain();
        if (quiet && isRegistered()) {
            sys.io_uring_register(ring.fd(), C.IORING_UNREGISTER_BUFFERS, 0, 0); // else the ring does so later
        }
        ring.close();
        if (quiet) {
            buffers.unmap();
        }
    }

    /** Ends all operations under way; false if it is unknown whether they ended. */
    private boolean drain() {
        for (long index = ring.retract(); index >= 0; index = ring.retract()) {
            ended((int) index);
        }
        int cancels = 0;
        for (int index = 0; index < slots.length; index++) {
            if (slots[index].pending && ring.prepare(C.IORING_OP_ASYNC_CANCEL, 0, -1, 0, index, 0, 0, CANCEL | index)) {
                cancels++;
            }
        }
        while (true) {
            while (ring.take()) {
                if ((ring.completed() & CANCEL) != 0) {
                    cancels--;
                } else {
                    ended((int) ring.completed());
                }
            }
            if (pending + cancels == 0) {
                return true;
            }
            int n = ring.submit(1);
            if (n < 0) { // a cancellation is optional: running operations end without it
                while (ring.retract() >= 0) {
                    cancels--;
                }
                n = pending + cancels > 0 ? ring.await() : 0;
            }
            if (n < 0) {
                return false;
            }
        }
    }
}
