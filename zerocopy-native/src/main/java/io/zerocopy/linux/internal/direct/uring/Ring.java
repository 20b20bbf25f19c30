package io.zerocopy.linux.internal.direct.uring;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory of one io_uring and the order in which it is read and written; nothing here knows what the operations are
 * for. There are two queues, each with a head that its consumer moves and a tail that its producer moves; they only ever
 * grow, and wrap around as unsigned ints.
 *
 * <table>
 * <caption>Who writes what, and how it is accessed here</caption>
 * <tr><th>submission entries</th><td>written here, plainly: seen through the tail</td></tr>
 * <tr><th>submission tail</th><td>written here, with release: every entry is complete before the kernel can see it
 * counted</td></tr>
 * <tr><th>submission head</th><td>written by the kernel during io_uring_enter(2); read with acquire: an entry is not
 * written again before the kernel has read it</td></tr>
 * <tr><th>completion tail</th><td>written by the kernel at any time, from any processor; read with acquire: pairs with
 * its release, so that an entry is read after it was written, and so is the block that it speaks of</td></tr>
 * <tr><th>completion entries</th><td>read here, plainly, between the two</td></tr>
 * <tr><th>completion head</th><td>written here, with release: the entry has been read before the kernel may write over
 * it</td></tr>
 * </table>
 *
 * <p>The four indexes are accessed through a {@link VarHandle} over the mapped memory, whose accesses are whole (no
 * index is ever read by halves) and carry the order with them. No full fence is needed: that is for rings whose kernel
 * thread polls the submission queue (IORING_SETUP_SQPOLL), where a store to the tail has to be ordered before a load of
 * the flags; here it is the system call that makes the kernel look. A caller that hands a ring to another thread must
 * publish it safely; one thread at a time uses it.
 *
 * <p>The layout is that of linux/io_uring.h. Both queues come in one mapping, which every kernel does that can probe.
 */
public final class Ring implements AutoCloseable {
    private static final VarHandle INDEX = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final int PARAMETERS = 120; // struct io_uring_params
    private static final int SQ_OFF =
            40; // struct io_sqring_offsets in it: head, tail, mask, entries, flags, dropped, array
    private static final int CQ_OFF = 80; // struct io_cqring_offsets: head, tail, mask, entries, overflow, cqes
    private static final int SQE = 64;
    private static final int CQE = 16;

    private final Syscalls sys;
    private final int fd;
    private final int entries;
    private final Mapping queues;
    private final Mapping submissions;
    private ByteBuffer memory; // of both queues
    private ByteBuffer sqes;

    private final int sqHead;
    private final int sqTail;
    private final int cqHead;
    private final int cqTail;
    private final int cqes;
    private final int cqMask;
    private int tail; // of the submission queue, entries included that the kernel has not been told of
    private int head; // of the completion queue

    private long completed; // user data of the completion taken last
    private int result;

    private Ring(Syscalls sys, int fd, Memory parameters, Mapping queues, Mapping submissions) {
        this.sys = sys;
        this.fd = fd;
        this.queues = queues;
        this.submissions = submissions;
        this.entries = parameters.getInt(0);
        this.sqHead = parameters.getInt(SQ_OFF);
        this.sqTail = parameters.getInt(SQ_OFF + 4);
        this.cqHead = parameters.getInt(CQ_OFF);
        this.cqTail = parameters.getInt(CQ_OFF + 4);
        this.cqes = parameters.getInt(CQ_OFF + 20);
        this.cqMask = parameters.getInt(4) - 1; // a power of two, says io_uring_setup(2)
        this.memory = queues.buffer();
        this.sqes = submissions.buffer();
        this.tail = (int) INDEX.getAcquire(memory, sqTail);
        this.head = (int) INDEX.getAcquire(memory, cqHead);
        int array = parameters.getInt(SQ_OFF + 24);
        for (int i = 0; i < entries; i++) {
            memory.putInt(array + i * Integer.BYTES, i); // each entry stays in its own place
        }
    }

    /**
     * Makes a ring.
     *
     * @param entries of the submission queue at least; the completion queue has twice as many
     * @throws UnavailableException if no ring is available, with the reason
     */
    public static Ring open(Syscalls sys, int entries) throws UnavailableException {
        Memory parameters = Memory.small();
        try {
            for (int i = 0; i < PARAMETERS; i += Long.BYTES) {
                parameters.putLong(i, 0);
            }
            int fd = sys.io_uring_setup(entries, parameters.address());
            if (fd < 0) {
                throw Uring.refused("io_uring_setup", fd);
            }
            return map(sys, fd, parameters);
        } finally {
            parameters.release();
        }
    }

    private static Ring map(Syscalls sys, int fd, Memory parameters) throws UnavailableException {
        Mapping queues = null;
        Mapping submissions = null;
        Ring ring = null;
        try {
            int wanted = C.IORING_FEAT_SINGLE_MMAP | C.IORING_FEAT_NODROP;
            if ((parameters.getInt(20) & wanted) != wanted) {
                throw new UnavailableException("io_uring: a kernel that maps its queues apart, or drops completions");
            }
            long end = Math.max(
                    parameters.getInt(SQ_OFF + 24) + (long) parameters.getInt(0) * Integer.BYTES,
                    parameters.getInt(CQ_OFF + 20) + (long) parameters.getInt(4) * CQE);
            queues = Mapping.ofRing(sys, fd, C.IORING_OFF_SQ_RING, end);
            submissions = Mapping.ofRing(sys, fd, C.IORING_OFF_SQES, (long) parameters.getInt(0) * SQE);
            ring = new Ring(sys, fd, parameters, queues, submissions);
            return ring;
        } finally {
            if (ring == null) {
                free(sys, fd, queues, submissions);
            }
        }
    }

    public int fd() {
        return fd;
    }

    public int entries() {
        return entries;
    }

    /** How many entries the kernel has not been told of, or has not taken yet. */
    public int unsubmitted() {
        return tail - (int) INDEX.getAcquire(memory, sqHead);
    }

    /**
     * Writes an entry that the next {@link #submit} starts.
     *
     * @return false if the queue is full
     */
    public boolean prepare(
            int operation, int flags, int file, long offset, long address, int length, int buffer, long data) {
        if (unsubmitted() == entries) {
            return false;
        }
        int at = (tail & entries - 1) * SQE;
        sqes.put(at, (byte) operation).put(at + 1, (byte) flags).putShort(at + 2, (short) 0);
        sqes.putInt(at + 4, file).putLong(at + 8, offset).putLong(at + 16, address);
        sqes.putInt(at + 24, length).putInt(at + 28, 0).putLong(at + 32, data);
        sqes.putShort(at + 40, (short) buffer).putShort(at + 42, (short) 0).putInt(at + 44, 0);
        sqes.putLong(at + 48, 0).putLong(at + 56, 0);
        tail++;
        INDEX.setRelease(memory, sqTail, tail);
        return true;
    }

    /** Takes back the last entry that was prepared and that the kernel has not taken; answers its data, or -1 for none. */
    public long retract() {
        if (unsubmitted() == 0) {
            return -1;
        }
        tail--; // without a thread that polls the queue, the kernel looks at it during io_uring_enter(2) alone
        INDEX.setRelease(memory, sqTail, tail);
        return sqes.getLong((tail & entries - 1) * SQE + 32);
    }

    /**
     * Has the kernel start all prepared entries, and waits for completions.
     *
     * @param awaited how many completions to wait for; does not wait when fewer entries are taken than were prepared
     * @return how many were taken, or {@code -errno}
     */
    public int submit(int awaited) {
        return sys.io_uring_enter(fd, unsubmitted(), awaited, awaited > 0 ? C.IORING_ENTER_GETEVENTS : 0);
    }

    /** Waits for a completion of a running operation, and starts nothing. */
    public int await() {
        return sys.io_uring_enter(fd, 0, 1, C.IORING_ENTER_GETEVENTS);
    }

    /** Takes the next completion, if there is one, for {@link #completed()} and {@link #result()}. */
    public boolean take() {
        if (head == (int) INDEX.getAcquire(memory, cqTail)) {
            return false;
        }
        int at = cqes + (head & cqMask) * CQE;
        completed = memory.getLong(at);
        result = memory.getInt(at + 8);
        head++;
        INDEX.setRelease(memory, cqHead, head);
        return true;
    }

    public long completed() {
        return completed;
    }

    public int result() {
        return result;
    }

    /** Ends the ring. Its memory cannot be accessed afterwards, not even by mistake: the buffers are dropped. */
    @Override
    public void close() {
        if (memory != null) {
            memory = null;
            sqes = null;
            free(sys, fd, queues, submissions);
        }
    }

    private static void free(Syscalls sys, int fd, Mapping queues, Mapping submissions) {
        if (submissions != null) {
            submissions.unmap();
        }
        if (queues != null) {
            queues.unmap();
        }
        sys.close(fd);
    }
}
