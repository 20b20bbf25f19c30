package io.zerocopy.linux.internal.direct;

import io.zerocopy.linux.internal.memory.AlignedBlock;
import java.io.Closeable;
import java.nio.ByteBuffer;

/**
 * Any range of a file past the page cache, through one aligned block that holds the bytes of the last read. Closes its
 * end.
 */
final class DirectReader implements Closeable {
    private final DirectDescriptor end;
    private AlignedBlock block = AlignedBlock.take();
    private long start; // file position of the block's first byte
    private long held; // bytes in it

    DirectReader(DirectDescriptor end) {
        this.end = end;
    }

    DirectDescriptor end() {
        return end;
    }

    /** Bytes of the file from a position on that {@link #part} has now: 0 at its end, or a negative errno. */
    long fill(long position, long most) {
        if (position >= start && position < start + held) {
            return Math.min(most, start + held - position);
        }
        int alignment = end.alignment();
        start = position & -alignment;
        long wanted = position - start + Math.min(most, AlignedBlock.CAPACITY);
        long n = end.pread(
                block.address(), Math.min(AlignedBlock.CAPACITY, (wanted + alignment - 1) & -alignment), start);
        held = Math.max(0, n);
        return n < 0 ? n : Math.min(most, Math.max(0, start + held - position));
    }

    /** The bytes that {@link #fill} has answered. */
    ByteBuffer part(long position, long count) {
        int from = (int) (position - start);
        return block.part(from, from + (int) count);
    }

    @Override
    public void close() {
        if (block != null) {
            block.release();
            block = null;
            held = 0;
        }
        end.close();
    }
}
