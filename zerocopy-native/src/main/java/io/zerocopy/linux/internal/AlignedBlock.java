package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Memory for reads and writes past the page cache, which begins where a page does. From a bounded pool: 16 blocks of 512
 * KiB stay for the next transfer.
 */
final class AlignedBlock {
    /** What one read or write moves at most; twice as much was not faster, see the benchmark of files. */
    static final int CAPACITY = 512 << 10;

    private static final int ALIGNMENT = 64 << 10; // more than any device asks for
    private static final int MAX_IDLE = 16;
    private static final ArrayDeque<AlignedBlock> IDLE = new ArrayDeque<>(MAX_IDLE);

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY + ALIGNMENT)
            .alignedSlice(ALIGNMENT)
            .limit(CAPACITY);
    private final long address = Memory.addressOf(buffer);

    private AlignedBlock() {}

    static AlignedBlock take() {
        synchronized (IDLE) {
            AlignedBlock idle = IDLE.pollLast();
            if (idle != null) {
                return idle;
            }
        }
        return new AlignedBlock();
    }

    /** Gives it back; nothing may be under way in it any more. */
    void release() {
        synchronized (IDLE) {
            if (IDLE.size() < MAX_IDLE) {
                IDLE.addLast(this);
            }
        }
    }

    long address() {
        return address;
    }

    /** The bytes of a part, to be read or written. */
    ByteBuffer part(int from, int to) {
        return buffer.clear().limit(to).position(from);
    }
}
