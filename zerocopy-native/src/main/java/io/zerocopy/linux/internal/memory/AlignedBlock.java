package io.zerocopy.linux.internal.memory;

import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.memory.Memory;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Memory for reads and writes past the page cache, which begins at a page boundary. It comes from a bounded pool: up to
 * 16 blocks of 512 KiB stay for the next transfer.
 */
public final class AlignedBlock {
    /** The most bytes of one read or write. */
    public static final int CAPACITY = CallSizes.DIRECT_BLOCK;

    private static final int ALIGNMENT = 64 << 10; // more than any device asks for
    private static final WeakPool<AlignedBlock> IDLE = new WeakPool<>(16);

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY + ALIGNMENT)
            .alignedSlice(ALIGNMENT)
            .limit(CAPACITY);
    private final long address = Memory.addressOf(buffer);

    private final WeakReference<AlignedBlock> reference = new WeakReference<>(this);

    private AlignedBlock() {}

    /** A block; fails as the JDK does if there is no direct memory for one, see {@code -XX:MaxDirectMemorySize}. */
    public static AlignedBlock take() {
        AlignedBlock idle = IDLE.take();
        return idle == null ? new AlignedBlock() : idle;
    }

    /** As many blocks as direct memory allows, at most {@code most}; at least one, or it fails as {@link #take}. */
    public static AlignedBlock[] take(int most) {
        AlignedBlock[] blocks = new AlignedBlock[most];
        int taken = 0;
        try {
            while (taken < most) {
                blocks[taken] = take();
                taken++;
            }
        } catch (OutOfMemoryError fewer) {
            if (taken == 0) {
                throw fewer;
            }
        }
        return Arrays.copyOf(blocks, taken);
    }

    /** Gives the block back; no operation on it may be under way. */
    public void release() {
        IDLE.give(reference);
    }

    public long address() {
        return address;
    }

    /** The bytes of a part, to be read or written. */
    public ByteBuffer part(int from, int to) {
        return buffer.clear().limit(to).position(from);
    }
}
