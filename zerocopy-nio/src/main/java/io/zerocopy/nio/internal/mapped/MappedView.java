package io.zerocopy.nio.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Reads mapped memory as an Agrona buffer. Every access goes through a {@link ByteBuffer}, which checks bounds, and
 * happens while the mapping cannot be closed. So this class has no address and does not need {@code Unsafe}.
 * {@link Text} handles text.
 */
public class MappedView extends FixedBuffer {
    private static final int CHUNK = 8 << 10;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    final ViewedMemory memory;
    final ByteBuffer bytes;
    final long offset;

    /** Creates a view of a part of the memory. */
    public MappedView(ViewedMemory memory, long offset, int length) {
        this.memory = memory;
        this.offset = offset;
        this.bytes = memory.slice(offset, length).order(NATIVE);
    }

    @Override
    public final ByteBuffer byteBuffer() {
        return memory.lend(offset, capacity()).order(NATIVE);
    }

    @Override
    public final int capacity() {
        return bytes.capacity();
    }

    @Override
    public final void checkLimit(int limit) {
        if (limit < 0 || limit > capacity()) {
            throw new IndexOutOfBoundsException("limit " + limit + " of " + capacity());
        }
    }

    @Override
    public final void boundsCheck(int index, int length) {
        java.util.Objects.checkFromIndexSize(index, length, capacity());
    }

    @Override
    public final byte getByte(int index) {
        memory.enter();
        try {
            return bytes.get(index);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public final long getLong(int index) {
        memory.enter();
        try {
            return bytes.getLong(index);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public final long getLong(int index, ByteOrder order) {
        long value = getLong(index);
        return order == NATIVE ? value : Long.reverseBytes(value);
    }

    @Override
    public final int getInt(int index) {
        memory.enter();
        try {
            return bytes.getInt(index);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public final int getInt(int index, ByteOrder order) {
        int value = getInt(index);
        return order == NATIVE ? value : Integer.reverseBytes(value);
    }

    @Override
    public final double getDouble(int index) {
        return Double.longBitsToDouble(getLong(index));
    }

    @Override
    public final double getDouble(int index, ByteOrder order) {
        return Double.longBitsToDouble(getLong(index, order));
    }

    @Override
    public final float getFloat(int index) {
        return Float.intBitsToFloat(getInt(index));
    }

    @Override
    public final float getFloat(int index, ByteOrder order) {
        return Float.intBitsToFloat(getInt(index, order));
    }

    @Override
    public final short getShort(int index) {
        memory.enter();
        try {
            return bytes.getShort(index);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public final short getShort(int index, ByteOrder order) {
        short value = getShort(index);
        return order == NATIVE ? value : Short.reverseBytes(value);
    }

    @Override
    public final char getChar(int index) {
        return (char) getShort(index);
    }

    @Override
    public final char getChar(int index, ByteOrder order) {
        return (char) getShort(index, order);
    }

    @Override
    public final void getBytes(int index, byte[] to) {
        getBytes(index, to, 0, to.length);
    }

    @Override
    public final void getBytes(int index, byte[] to, int at, int length) {
        memory.enter(offset + index, length);
        try {
            bytes.get(index, to, at, length);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    /** Copies through the heap, because the other buffer must not get an address. */
    @Override
    public final void getBytes(int index, MutableDirectBuffer to, int at, int length) {
        boundsCheck(index, length);
        byte[] chunk = new byte[Math.min(length, CHUNK)];
        for (int done = 0; done < length; ) {
            int n = Math.min(chunk.length, length - done);
            getBytes(index + done, chunk, 0, n);
            to.putBytes(at + done, chunk, 0, n);
            done += n;
        }
    }

    @Override
    public final void getBytes(int index, ByteBuffer to, int length) {
        getBytes(index, to, to.position(), length);
        to.position(to.position() + length);
    }

    @Override
    public final void getBytes(int index, ByteBuffer to, int at, int length) {
        memory.enter(offset + index, length);
        try {
            to.put(at, bytes, index, length);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public final int parseNaturalIntAscii(int index, int length) {
        return Text.natural(Text.parseInt(this, index, length));
    }

    @Override
    public final long parseNaturalLongAscii(int index, int length) {
        return Text.natural(Text.parseLong(this, index, length));
    }

    @Override
    public final int parseIntAscii(int index, int length) {
        return Text.parseInt(this, index, length);
    }

    @Override
    public final long parseLongAscii(int index, int length) {
        return Text.parseLong(this, index, length);
    }

    @Override
    public final String getStringAscii(int index) {
        return getStringAscii(index, getInt(index));
    }

    @Override
    public final int getStringAscii(int index, Appendable to) {
        return getStringAscii(index, getInt(index), to);
    }

    @Override
    public final String getStringAscii(int index, ByteOrder order) {
        return getStringAscii(index, getInt(index, order));
    }

    @Override
    public final int getStringAscii(int index, Appendable to, ByteOrder order) {
        return getStringAscii(index, getInt(index, order), to);
    }

    @Override
    public final String getStringAscii(int index, int length) {
        return getStringWithoutLengthAscii(index + STR_HEADER_LEN, length);
    }

    @Override
    public final int getStringAscii(int index, int length, Appendable to) {
        return getStringWithoutLengthAscii(index + STR_HEADER_LEN, length, to);
    }

    @Override
    public final String getStringWithoutLengthAscii(int index, int length) {
        return Text.ascii(this, index, length);
    }

    @Override
    public final int getStringWithoutLengthAscii(int index, int length, Appendable to) {
        return Text.append(Text.ascii(this, index, length), to);
    }

    @Override
    public final String getStringUtf8(int index) {
        return getStringUtf8(index, getInt(index));
    }

    @Override
    public final String getStringUtf8(int index, ByteOrder order) {
        return getStringUtf8(index, getInt(index, order));
    }

    @Override
    public final String getStringUtf8(int index, int length) {
        return getStringWithoutLengthUtf8(index + STR_HEADER_LEN, length);
    }

    @Override
    public final String getStringWithoutLengthUtf8(int index, int length) {
        return Text.utf8(this, index, length);
    }

    /** Compares unsigned bytes, then lengths. */
    @Override
    public final int compareTo(DirectBuffer other) {
        int common = Math.min(capacity(), other.capacity());
        for (int i = 0; i < common; i++) {
            int order = Byte.compareUnsigned(getByte(i), other.getByte(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(capacity(), other.capacity());
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + offset + ", +" + capacity() + "]";
    }
}
