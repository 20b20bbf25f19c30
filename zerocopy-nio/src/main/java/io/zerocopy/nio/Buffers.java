package io.zerocopy.nio;

import io.zerocopy.nio.internal.mapped.HeldMemory;
import io.zerocopy.nio.internal.mapped.MutableMappedView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Shows Agrona's buffers as {@code java.nio} buffers over the same memory, so that a transfer can send them without a
 * copy.
 *
 * <pre>{@code
 * Transfers.from(Buffers.of(header, 0, headerLength), Buffers.of(body, offset, length)).to(socket).build().run();
 * }</pre>
 *
 * <p>This class calls only methods of the interface {@link DirectBuffer}, which Agrona 1.x and 2.x both have and which
 * need no JVM flag. Applications that do not call this class do not need Agrona. On the module path, Agrona 2.x has
 * another module name and needs {@code --add-reads io.zerocopy.nio=org.agrona}.
 */
public final class Buffers {
    private Buffers() {}

    /**
     * Returns a region of a buffer.
     *
     * @param buffer over an array or a {@link ByteBuffer}; not over a bare address
     * @param offset index of the first byte
     * @param length bytes, 0 or more
     * @return the region, from position 0 to its limit, in native order; it shares the memory, so changes are visible
     *     in both buffers, and it keeps the memory reachable
     * @throws NullPointerException if the buffer is null
     * @throws IndexOutOfBoundsException if the region is not inside the buffer
     * @throws IllegalArgumentException if the buffer is over a bare address, for which no byte buffer can be created
     *     without a copy
     */
    public static ByteBuffer of(DirectBuffer buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        ByteBuffer whole = buffer.byteBuffer();
        if (buffer.byteArray()
                != null) { // also if a byte buffer wraps the array; the adjustment is then relative to the array
            ByteBuffer array = ByteBuffer.wrap(buffer.byteArray());
            whole = whole != null && whole.isReadOnly() ? array.asReadOnlyBuffer() : array;
        }
        if (whole == null && length == 0) {
            return ByteBuffer.allocate(0);
        }
        if (whole == null) {
            throw new IllegalArgumentException("the buffer is over a bare address: " + buffer);
        }
        return whole.duplicate()
                .clear()
                .slice(buffer.wrapAdjustment() + offset, length)
                .order(ByteOrder.nativeOrder());
    }

    /**
     * Returns a whole buffer.
     *
     * @param buffer as for {@link #of(DirectBuffer, int, int)}
     * @return its bytes from 0 to its capacity
     * @throws NullPointerException if the buffer is null
     * @throws IllegalArgumentException if the buffer is over a bare address
     */
    public static ByteBuffer of(DirectBuffer buffer) {
        return of(buffer, 0, buffer.capacity());
    }

    /**
     * Allocates a buffer outside the heap whose first byte is aligned, as direct I/O requires. The memory is freed when
     * the buffer is unreachable. Like the views of {@link MappedFile}, the buffer works with Agrona 1.x and 2.x without
     * a flag and has no address: {@code addressOffset()} and {@code wrap} throw {@link UnsupportedOperationException}.
     *
     * @param capacity bytes, 0 or more
     * @param alignment alignment of the first byte in bytes, a power of two
     * @return a buffer of zeros
     * @throws IllegalArgumentException if the capacity is negative, the alignment is not a power of two, or the sum of
     *     both exceeds 2 GiB
     * @throws OutOfMemoryError if there is not enough direct memory, see {@code -XX:MaxDirectMemorySize}
     */
    public static MutableDirectBuffer allocateAligned(int capacity, int alignment) {
        if (capacity < 0 || alignment < 1 || Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException(capacity + " bytes, aligned at " + alignment);
        }
        long size = ((long) capacity + alignment - 1 & -alignment) + alignment;
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(capacity + " bytes, aligned at " + alignment + ", are more than 2 GiB");
        }
        ByteBuffer aligned = ByteBuffer.allocateDirect((int) size).alignedSlice(alignment);
        return new MutableMappedView(new HeldMemory(aligned.slice(0, capacity)), 0, capacity);
    }
}
