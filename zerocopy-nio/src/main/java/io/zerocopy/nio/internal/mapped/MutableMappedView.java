package io.zerocopy.nio.internal.mapped;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Reads and writes mapped memory as an Agrona buffer, see {@link MappedView}. */
public final class MutableMappedView extends MappedView implements MutableDirectBuffer {
    private static final int CHUNK = 8 << 10;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    /** Creates a view of a part of the memory. */
    public MutableMappedView(ViewedMemory memory, long offset, int length) {
        super(memory, offset, length);
    }

    @Override
    public boolean isExpandable() {
        return false;
    }

    @Override
    public void setMemory(int index, int length, byte value) {
        boundsCheck(index, length);
        byte[] chunk = new byte[Math.min(length, CHUNK)];
        Arrays.fill(chunk, value);
        int n;
        for (int done = 0; done < length; done += n) {
            n = Math.min(chunk.length, length - done);
            putBytes(index + done, chunk, 0, n);
        }
    }

    @Override
    public void putByte(int index, byte value) {
        memory.enter();
        try {
            bytes.put(index, value);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public void putLong(int index, long value) {
        memory.enter();
        try {
            bytes.putLong(index, value);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public void putLong(int index, long value, ByteOrder order) {
        putLong(index, order == NATIVE ? value : Long.reverseBytes(value));
    }

    @Override
    public void putInt(int index, int value) {
        memory.enter();
        try {
            bytes.putInt(index, value);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public void putInt(int index, int value, ByteOrder order) {
        putInt(index, order == NATIVE ? value : Integer.reverseBytes(value));
    }

    @Override
    public void putDouble(int index, double value) {
        putLong(index, Double.doubleToRawLongBits(value));
    }

    @Override
    public void putDouble(int index, double value, ByteOrder order) {
        putLong(index, Double.doubleToRawLongBits(value), order);
    }

    @Override
    public void putFloat(int index, float value) {
        putInt(index, Float.floatToRawIntBits(value));
    }

    @Override
    public void putFloat(int index, float value, ByteOrder order) {
        putInt(index, Float.floatToRawIntBits(value), order);
    }

    @Override
    public void putShort(int index, short value) {
        memory.enter();
        try {
            bytes.putShort(index, value);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public void putShort(int index, short value, ByteOrder order) {
        putShort(index, order == NATIVE ? value : Short.reverseBytes(value));
    }

    @Override
    public void putChar(int index, char value) {
        putShort(index, (short) value);
    }

    @Override
    public void putChar(int index, char value, ByteOrder order) {
        putShort(index, (short) value, order);
    }

    @Override
    public void putBytes(int index, byte[] from) {
        putBytes(index, from, 0, from.length);
    }

    @Override
    public void putBytes(int index, byte[] from, int at, int length) {
        memory.enter(offset + index, length);
        try {
            bytes.put(index, from, at, length);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public void putBytes(int index, ByteBuffer from, int length) {
        putBytes(index, from, from.position(), length);
        from.position(from.position() + length);
    }

    @Override
    public void putBytes(int index, ByteBuffer from, int at, int length) {
        memory.enter(offset + index, length);
        try {
            bytes.put(index, from, at, length);
        } catch (InternalError e) {
            throw memory.failed(e);
        } finally {
            memory.exit();
        }
    }

    @Override
    public void putBytes(int index, DirectBuffer from, int at, int length) {
        boundsCheck(index, length);
        from.boundsCheck(at, length);
        byte[] all = new byte[length]; // in one piece, because both may be views of the same memory
        from.getBytes(at, all);
        putBytes(index, all);
    }

    private int text(int index, byte[] ascii) {
        putBytes(index, ascii);
        return ascii.length;
    }

    @Override
    public int putIntAscii(int index, int value) {
        return text(index, Text.ascii(Integer.toString(value)));
    }

    @Override
    public int putNaturalIntAscii(int index, int value) {
        return text(index, Text.ascii(Integer.toString(Text.natural(value))));
    }

    @Override
    public void putNaturalPaddedIntAscii(int index, int length, int value) {
        String digits = Integer.toString(Text.natural(value));
        if (digits.length() > length) {
            throw new NumberFormatException(value + " does not fit into " + length + " digits");
        }
        boundsCheck(index, length);
        int zeros = length - digits.length();
        setMemory(index, zeros, (byte) '0');
        text(index + zeros, Text.ascii(digits));
    }

    @Override
    public int putNaturalIntAsciiFromEnd(int value, int endExclusive) {
        byte[] digits = Text.ascii(Integer.toString(Text.natural(value)));
        text(endExclusive - digits.length, digits);
        return endExclusive - digits.length;
    }

    @Override
    public int putNaturalLongAscii(int index, long value) {
        return text(index, Text.ascii(Long.toString(Text.natural(value))));
    }

    @Override
    public int putLongAscii(int index, long value) {
        return text(index, Text.ascii(Long.toString(value)));
    }

    private int withLength(int index, byte[] text, ByteOrder order) {
        boundsCheck(index, STR_HEADER_LEN + text.length);
        putInt(index, text.length, order);
        putBytes(index + STR_HEADER_LEN, text);
        return STR_HEADER_LEN + text.length;
    }

    @Override
    public int putStringAscii(int index, String value) {
        return putStringAscii(index, value, NATIVE);
    }

    @Override
    public int putStringAscii(int index, CharSequence value) {
        return putStringAscii(index, value, NATIVE);
    }

    @Override
    public int putStringAscii(int index, String value, ByteOrder order) {
        return withLength(index, Text.ascii(value), order);
    }

    @Override
    public int putStringAscii(int index, CharSequence value, ByteOrder order) {
        return withLength(index, Text.ascii(value), order);
    }

    @Override
    public int putStringWithoutLengthAscii(int index, String value) {
        return text(index, Text.ascii(value));
    }

    @Override
    public int putStringWithoutLengthAscii(int index, CharSequence value) {
        return text(index, Text.ascii(value));
    }

    @Override
    public int putStringWithoutLengthAscii(int index, String value, int from, int length) {
        return putStringWithoutLengthAscii(index, (CharSequence) value, from, length);
    }

    @Override
    public int putStringWithoutLengthAscii(int index, CharSequence value, int from, int length) {
        int most = value == null ? 0 : Math.min(value.length() - from, length);
        return most <= 0 ? 0 : text(index, Text.ascii(value.subSequence(from, from + most)));
    }

    @Override
    public int putStringUtf8(int index, String value) {
        return putStringUtf8(index, value, NATIVE, Integer.MAX_VALUE);
    }

    @Override
    public int putStringUtf8(int index, String value, ByteOrder order) {
        return putStringUtf8(index, value, order, Integer.MAX_VALUE);
    }

    @Override
    public int putStringUtf8(int index, String value, int maxEncodedLength) {
        return putStringUtf8(index, value, NATIVE, maxEncodedLength);
    }

    @Override
    public int putStringUtf8(int index, String value, ByteOrder order, int maxEncodedLength) {
        byte[] encoded = Text.utf8(value);
        if (encoded.length > maxEncodedLength) {
            throw new IllegalArgumentException(encoded.length + " bytes are more than " + maxEncodedLength);
        }
        return withLength(index, encoded, order);
    }

    @Override
    public int putStringWithoutLengthUtf8(int index, String value) {
        return text(index, Text.utf8(value));
    }
}
