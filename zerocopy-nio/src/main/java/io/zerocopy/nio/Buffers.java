package io.zerocopy.nio;

import io.zerocopy.nio.internal.mapped.HeldMemory;
import io.zerocopy.nio.internal.mapped.MutableMappedView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Agrona's buffers as those of {@code java.nio}, over the same memory: what a transfer sends from them is not copied
 * first.
 *
 * <pre>{@code
 * Transfers.from(Buffers.of(header, 0, headerLength), Buffers.of(body, offset, length)).to(socket).build().run();
 * }</pre>
 *
 * <p>Only methods of the interface {@link DirectBuffer} are called, which both lines of Agrona have and which need no
 * flag of the JVM. Applications that do not call this class do not need Agrona. On the module path the 2.x line, whose
 * module has another name, takes {@code --add-reads io.zerocopy.nio=org.agrona}.
 */
public final class Buffers {
    private Buffers() {}

    /**
     * Shows a region of a buffer.
     *
     * @param buffer over an array or a {@link ByteBuffer}; not over a bare address
     * @param offset index of the first byte
     * @param length bytes, 0 or more
     * @return the region, from position 0 to its limit, in native order; changes are seen on both sides, and it keeps the
     *     memory reachable
     * @throws NullPointerException if the buffer is null
     * @throws IndexOutOfBoundsException if the region is not inside the buffer
     * @throws IllegalArgumentException if the buffer is over a bare address, of which no byte buffer can be made without
     *     a copy
     */
    public static ByteBuffer of(DirectBuffer buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        ByteBuffer whole = buffer.byteBuffer();
        if (buffer.byteArray()
                != null) { // also where a byte buffer is over it, and the adjustment is that of the array
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
     * Shows a whole buffer.
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
     * Makes a buffer outside the heap whose first byte lies at a multiple of a number of bytes, as direct I/O asks for.
     * It is freed when it cannot be reached any more. Like the views of {@link MappedFile} it needs no flag with either
     * line of Agrona, and tells no address: {@code addressOffset()} and {@code wrap} throw {@link
     * UnsupportedOperationException}.
     *
     * @param capacity bytes, 0 or more
     * @param alignment a power of two
     * @return a buffer of zeros
     * @throws IllegalArgumentException if the capacity is negative, the alignment is no power of two, or both make more
     *     than 2 GiB
     * @throws OutOfMemoryError if there is not so much direct memory, see {@code -XX:MaxDirectMemorySize}
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
