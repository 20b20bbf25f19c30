package io.zerocopy.linux.internal.direct;

import io.zerocopy.linux.internal.direct.queue.BlockQueue;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.memory.DroppedOwners;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.IOException;
import java.util.Arrays;

/**
 * From file to file, past the page cache at both ends, with several blocks under way at once. No block is under way
 * between two steps. A step answers the bytes up to the first block that fell short. The next step writes the bytes
 * after that again, or they are cut off at the end if the target was not that long before. Bytes that do not fill a
 * block of the device, at the beginning and at the end, are read past the cache and written through it.
 */
final class DirectCopyMover extends DirectMover {
    /** The most blocks of one step: enough to keep a queue busy, few enough to notice an interrupt soon. */
    private static final int MOST = 64;

    private final DescriptorSource source;
    private final DescriptorTarget target;
    private final DirectDescriptor in;
    private final DirectDescriptor out;
    private final BlockQueue queue;
    private final DirectReader edges;
    private final long alignment;
    private long sizeBefore = -1; // of the target, before the first step
    private final long[] results = new long[MOST];
    private final boolean[] wrote = new boolean[MOST];
    private final int[] blockOf; // by slot
    private int end; // blocks of this step that are worth reading
    private long reached; // the largest end position that was written
    private long doubtful; // the same for failed writes: if the queue failed, they may be done later
    private long first = -1; // position of the first byte: earlier bytes belong to others
    private long delivered;
    private boolean fellShort; // whether a read of the queue was short: a plain read continues
    private final Hold hold;
    private boolean closed;

    DirectCopyMover(
            DescriptorSource source,
            DescriptorTarget target,
            DirectReader edges,
            DirectDescriptor out,
            BlockQueue queue) {
        this.source = source;
        this.target = target;
        this.in = edges.end();
        this.out = out;
        this.queue = queue;
        this.edges = edges;
        this.alignment = Math.max(in.alignment(), out.alignment());
        this.blockOf = new int[queue.depth()];
        this.hold = new Hold(this, queue);
    }

    /** Its queue: a ring, or a thread that waits for work. */
    private static final class Hold extends DroppedOwners.Hold {
        private final BlockQueue queue;

        Hold(DirectCopyMover owner, BlockQueue queue) {
            super(owner);
            this.queue = queue;
        }

        @Override
        protected String letGo() {
            queue.close();
            return "its queue of blocks is closed";
        }
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        source.checkOpen();
        target.checkOpen();
        if (sizeBefore < 0) {
            sizeBefore = target.size();
            first = targetPosition;
        }
        if (fellShort) {
            fellShort = false;
            return edge(sourcePosition, targetPosition, Math.min(AlignedBlock.CAPACITY, count));
        }
        long lead = sourcePosition & alignment - 1;
        if (lead != 0 || count < alignment) {
            return edge(sourcePosition, targetPosition, Math.min(alignment - lead, count));
        }
        long most = Math.min(count & -alignment, (long) MOST * AlignedBlock.CAPACITY);
        long length = in.readable(sourcePosition, most) & -alignment;
        if (length == 0) { // after the file's end, or in the block of the source that has it
            return edge(sourcePosition, targetPosition, Math.min(alignment, count));
        }
        long n = blocks(sourcePosition, targetPosition, length);
        if (n == 0 && !wrote[0] && in.askedTooMuch(results[0], sourcePosition, length)) {
            return edge(sourcePosition, targetPosition, Math.min(AlignedBlock.CAPACITY, count));
        }
        if (n == 0 && wrote[0] && isForTheCache(results[0])) {
            return edge(sourcePosition, targetPosition, Math.min(AlignedBlock.CAPACITY, count));
        }
        if (n == 0 && results[0] < 0) {
            return refused(wrote[0] ? Call.DIRECT_PWRITE : Call.DIRECT_PREAD, results[0]);
        }
        return n == 0 ? edge(sourcePosition, targetPosition, Math.min(alignment, count)) : moved(targetPosition, n);
    }

    private long edge(long sourcePosition, long targetPosition, long most) throws IOException {
        long n = edges.fill(sourcePosition, most);
        if (n < 0) {
            return refused(Call.DIRECT_PREAD, n);
        }
        return n == 0
                ? ended(source, sourcePosition)
                : moved(targetPosition, target.write(edges.part(sourcePosition, n), targetPosition));
    }

    private long moved(long targetPosition, long n) {
        delivered = n > 0 ? targetPosition + n : delivered;
        return told(n);
    }

    /** Moves blocks until all are done or one falls short; answers the bytes before that. */
    private long blocks(long sourcePosition, long targetPosition, long length) {
        Arrays.fill(results, 0);
        Arrays.fill(wrote, false);
        end = (int) ((length + AlignedBlock.CAPACITY - 1) / AlignedBlock.CAPACITY);
        int begun = 0;
        while (begun < Math.min(end, queue.depth())) {
            read(begun, begun++, sourcePosition, length);
        }
        for (int slot = queue.next(); slot >= 0; slot = queue.next()) {
            if (!isWritten(slot, targetPosition, length) && begun < end) {
                read(slot, begun++, sourcePosition, length);
            }
        }
        long sum = 0;
        for (int i = 0; i < end && results[i] > 0; i++) {
            sum += results[i];
        }
        return sum;
    }

    private void read(int slot, int block, long sourcePosition, long length) {
        blockOf[slot] = block;
        long offset = (long) block * AlignedBlock.CAPACITY;
        queue.read(slot, in.fd(), sourcePosition + offset, lengthOf(block, length));
    }

    private static int lengthOf(int block, long length) {
        return (int) Math.min(AlignedBlock.CAPACITY, length - (long) block * AlignedBlock.CAPACITY);
    }

    /** Takes a slot's result; true if the bytes that it read are being written now. */
    private boolean isWritten(int slot, long targetPosition, long length) {
        int block = blockOf[slot];
        long n = queue.result(slot);
        long offset = (long) block * AlignedBlock.CAPACITY;
        if (wrote[block]) {
            results[block] = n;
            long at = targetPosition + offset;
            reached = n > 0 ? Math.max(reached, at + n) : reached;
            doubtful = n > 0 ? doubtful : Math.max(doubtful, at + lengthOf(block, length));
        } else {
            long whole = n < 0 ? n : n & -alignment;
            if (whole > 0 && block < end) {
                wrote[block] = true;
                fellShort |= n < lengthOf(block, length);
                end = n < lengthOf(block, length) ? block + 1 : end; // the file's end
                queue.write(slot, out.fd(), targetPosition + offset, (int) whole);
                return true;
            }
            results[block] = Math.min(0, whole);
        }
        if (results[block] < lengthOf(block, length)) {
            end = Math.min(end, block + 1);
        }
        return false;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        hold.end();
        queue.close();
        cutOff();
        edges.close();
        out.close();
    }

    /** Cuts off blocks that were written after one that fell short, if the file was not as long before. */
    private void cutOff() {
        long kept = Math.max(Math.max(sizeBefore, first), delivered);
        long farthest = queue.hasFailed() ? Math.max(reached, doubtful) : reached;
        if (farthest <= kept) {
            return;
        }
        Memory memory = Memory.take();
        try {
            long size = FileStatus.size(target.sys, out.fd(), memory);
            if (size == reached || (queue.hasFailed() && size > kept && size <= farthest)) {
                target.sys.ftruncate(out.fd(), kept);
            }
        } finally {
            memory.release();
        }
    }
}
