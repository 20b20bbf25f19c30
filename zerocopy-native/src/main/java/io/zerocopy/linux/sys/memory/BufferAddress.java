package io.zerocopy.linux.sys.memory;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Finds the memory of direct buffers. The jar has another class of this name for JDK 22 and newer, which asks
 * {@code java.lang.foreign} instead of JNA.
 */
public final class BufferAddress {
    private BufferAddress() {}

    /**
     * Returns the address of a direct buffer.
     *
     * @param direct the buffer; its position and limit are ignored
     * @return the address of its first byte
     */
    public static long of(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /**
     * Returns the address of a direct buffer if its memory cannot be freed while the buffer is reachable.
     *
     * @param direct the buffer; its position and limit are ignored
     * @return the address of its first byte; 0 if it belongs to an arena that can be closed, or to an arena of one
     *     thread
     */
    public static long stable(ByteBuffer direct) {
        return ArenaScopes.canBeClosed(direct) ? 0 : of(direct);
    }
}
