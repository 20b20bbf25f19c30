package io.zerocopy.linux.internal.direct;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import java.io.IOException;

/**
 * A {@link BlockQueue} on a ring of its own. Operations are written into the ring as they come and started together by the
 * next {@link #next()} that finds no completion: one system call for many of them, which also waits. The buffers are
 * registered with the ring, so that the kernel need not look up their pages each time; where that is refused, since
 * registered memory counts against RLIMIT_MEMLOCK, they are used without.
 *
 * <p>What the kernel did not do for reasons of its own (EINTR, EAGAIN, ECANCELED: the thread that had started it has
 * ended) is started again a few times, by a kernel worker; everything else is the caller's to judge.
 *
 * <p>The buffers are freed only when nothing is under way. {@link #close()} takes back what the kernel has not been told
 * of, cancels the rest and waits for every completion, cancelled or done. If the kernel refuses even to wait, the buffers
 * are left mapped for good: memory that is lost is better than memory that is written to by surprise.
 */
public final class UringQueue implements BlockQueue {
    private static final long CANCEL = 1L << 32; // in the data of a cancellation, beside the slot
    private static final int MAX_REPEATS = 16;

    /** Rounds in which the kernel may refuse to start anything while nothing is under way. */
    private static final int MAX_REFUSALS = 1000;

    private final Syscalls sys;
    private final Ring ring;
    private final Mapping buffers;
    private final int depth;
    private final int blockSize;
    private final String unregistered; // why the buffers are not registered; empty when they are
    private final Operation[] slots;
    private int pending; // operations that were begun and have not completed
    private boolean closed;

    /** What a slot is doing. */
    private static final class Operation {
        boolean busy;
        boolean writes;
        int fd;
        long position;
        int length;
        int repeats;
    }

    private UringQueue(Syscalls sys, Ring ring, Mapping buffers, int depth, int blockSize, String unregistered) {
        this.sys = sys;
        this.ring = ring;
        this.buffers = buffers;
        this.depth = depth;
        this.blockSize = blockSize;
        this.unregistered = unregistered;
        this.slots = new Operation[depth];
        for (int i = 0; i < depth; i++) {
            slots[i] = new Operation();
        }
    }

    /**
     * Makes a ring, and buffers that begin at a page.
     *
     * @param depth how many operations may be under way, from 1 to 1024
     * @param blockSize bytes of each buffer, a multiple of every alignment that the files ask for
     * @throws UnavailableException if there cannot be one, with the reason
     */
    public static UringQueue open(Syscalls sys, int depth, int blockSize) throws UnavailableException {
        if (depth < 1 || depth > C.IOV_MAX || blockSize < 1) {
            throw new IllegalArgumentException(depth + " buffers of " + blockSize + " bytes");
        }
        Ring ring = Ring.open(sys, depth);
        try {
            Mapping buffers = Mapping.anonymous(sys, (long) depth * blockSize);
            int registered = register(sys, ring, buffers.address(), depth, blockSize);
            String why = registered < 0 ? Errno.message("io_uring_register(BUFFERS)", registered) : "";
            return new UringQueue(sys, ring, buffers, depth, blockSize, why);
        } catch (UnavailableException e) {
            ring.close();
            throw e;
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
    public String unregisteredBecause() {
        return unregistered;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public int blockSize() {
        return blockSize;
    }

    @Override
    public long address(int slot) {
        if (closed) {
            throw new IllegalStateException("the queue is closed");
        }
        return buffers.address() + (long) slot * blockSize;
    }

    @Override
    public void read(int slot, int fd, long position, int length) {
        begin(slot, false, fd, position, length);
    }

    @Override
    public void write(int slot, int fd, long position, int length) {
        begin(slot, true, fd, position, length);
    }

    private void begin(int slot, boolean writes, int fd, long position, int length) {
        Operation operation = slots[slot];
        if (closed || operation.busy || length < 1 || length > blockSize) {
            throw new IllegalStateException(
                    closed ? "the queue is closed" : "slot " + slot + " is busy, or has no room for " + length);
        }
        operation.busy = true;
        operation.writes = writes;
        operation.fd = fd;
        operation.position = position;
        operation.length = length;
        operation.repeats = 0;
        pending++;
        prepare(slot, 0);
    }

    /** There is always room: the ring has at least as many entries as there are slots, and a slot has one at a time. */
    private void prepare(int slot, int flags) {
        Operation operation = slots[slot];
        int code;
        if (unregistered.isEmpty()) {
            code = operation.writes ? C.IORING_OP_WRITE_FIXED : C.IORING_OP_READ_FIXED;
        } else {
            code = operation.writes ? C.IORING_OP_WRITE : C.IORING_OP_READ;
        }
        ring.prepare(code, flags, operation.fd, operation.position, address(slot), operation.length, slot(slot), slot);
    }

    private int slot(int slot) {
        return unregistered.isEmpty() ? slot : 0;
    }

    @Override
    public long next() throws IOException {
        int refusals = 0;
        while (pending > 0) {
            while (ring.take()) {
                int slot = (int) ring.completed();
                if (!isRepeated(slot, ring.result())) {
                    slots[slot].busy = false;
                    pending--;
                    return BlockQueue.completion(slot, ring.result());
                }
            }
            int n = ring.submit(1);
            if (n == -Errno.EAGAIN || n == -Errno.EBUSY) { // no memory for requests: those that run give theirs back
                n = ring.unsubmitted() < pending ? ring.await() : 0;
                if (n == 0 && ++refusals > MAX_REFUSALS) {
                    throw new IOException("io_uring_enter takes nothing, although nothing is under way");
                }
            }
            if (n < 0) {
                throw new IOException(Errno.message("io_uring_enter", n));
            }
        }
        return NONE;
    }

    private boolean isRepeated(int slot, int result) {
        boolean passing = result == -Errno.EINTR || result == -Errno.EAGAIN || result == -Errno.ECANCELED;
        if (!passing || slots[slot].repeats == MAX_REPEATS) {
            return false;
        }
        slots[slot].repeats++;
        prepare(slot, C.IOSQE_ASYNC); // by a worker, which waits where the first attempt would not
        return true;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        boolean quiet = drain();
        closed = true;
        if (unregistered.isEmpty() && quiet) {
            sys.io_uring_register(ring.fd(), C.IORING_UNREGISTER_BUFFERS, 0, 0); // else the ring does so at leisure
        }
        ring.close();
        if (quiet) {
            buffers.unmap();
        }
    }

    /** Ends whatever is under way; false if that cannot be known. */
    private boolean drain() {
        for (long slot = ring.retract(); slot >= 0; slot = ring.retract()) {
            slots[(int) slot].busy = false;
            pending--;
        }
        int cancels = 0;
        for (int slot = 0; slot < depth; slot++) {
            if (slots[slot].busy && ring.prepare(C.IORING_OP_ASYNC_CANCEL, 0, -1, 0, slot, 0, 0, CANCEL | slot)) {
                cancels++;
            }
        }
        while (pending + cancels > 0) {
            while (ring.take()) {
                if ((ring.completed() & CANCEL) != 0) {
                    cancels--;
                } else {
                    slots[(int) ring.completed()].busy = false;
                    pending--;
                }
            }
            if (pending + cancels > 0) {
                int n = ring.submit(1);
                if (n < 0) { // cancelling was a courtesy: what runs ends without it
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
        return true;
    }
}
