package io.zerocopy.linux.sys.memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Finds the memory of direct buffers by {@code java.lang.foreign}, which makes no garbage. */
public final class BufferAddress {
    /** The class of scopes that cannot be closed. */
    private static final Class<?> FOR_EVER =
            MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1)).scope().getClass();

    private BufferAddress() {}

    /**
     * Returns the address of a direct buffer.
     *
     * @param direct the buffer; its position and limit are ignored
     * @return the address of its first byte
     */
    public static long of(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address() - direct.position();
    }

    /**
     * Returns the address of a direct buffer if its memory cannot be freed while the buffer is reachable.
     *
     * @param direct the buffer; its position and limit are ignored
     * @return the address of its first byte; 0 if it belongs to an arena that can be closed, or to an arena of one
     *     thread
     */
    public static long stable(ByteBuffer direct) {
        MemorySegment segment = MemorySegment.ofBuffer(direct);
        return segment.scope().getClass() == FOR_EVER ? segment.address() - direct.position() : 0;
    }
}
