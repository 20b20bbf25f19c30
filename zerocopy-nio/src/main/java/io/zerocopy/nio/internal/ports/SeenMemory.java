package io.zerocopy.nio.internal.ports;

import io.zerocopy.internal.memory.BufferSizes;
import java.nio.ByteBuffer;

/**
 * What a foreign stream or channel gets to see in place of memory that others use, too. It may look at all of it, and keep
 * it for ever: so it is made for one end of one transfer, holds nothing but the bytes of that end, and is left to the
 * collector. On the heap, since direct memory that somebody may have kept could not be freed.
 */
final class SeenMemory {
    private ByteBuffer memory; // null before the first use

    /** Room for so many bytes, or for as many as one call carries. */
    ByteBuffer room(int wanted) {
        int most = Math.min(wanted, BufferSizes.MEDIUM);
        if (memory == null || memory.capacity() < most) {
            memory = ByteBuffer.allocate(most);
        }
        return memory.clear().limit(most);
    }

    /** Lets it go. */
    void forget() {
        memory = null;
    }
}
