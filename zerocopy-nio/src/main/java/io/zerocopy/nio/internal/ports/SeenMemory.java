package io.zerocopy.nio.internal.ports;

import io.zerocopy.internal.memory.BufferSizes;
import java.nio.ByteBuffer;

/**
 * The memory that a foreign stream or channel gets instead of shared memory. Foreign code may read all of it, and keep
 * it for ever. So it is created for one end of one transfer, contains only the bytes of that end, and is left to the
 * garbage collector. It is on the heap, because direct memory that foreign code may have kept could not be freed.
 */
final class SeenMemory {
    private ByteBuffer memory; // null before the first use

    /** Room for the wanted bytes, or for as many as one call moves. */
    ByteBuffer room(int wanted) {
        int most = Math.min(wanted, BufferSizes.MEDIUM);
        if (memory == null || memory.capacity() < most) {
            memory = ByteBuffer.allocate(most);
        }
        return memory.clear().limit(most);
    }

    /** Releases the memory. */
    void forget() {
        memory = null;
    }
}
