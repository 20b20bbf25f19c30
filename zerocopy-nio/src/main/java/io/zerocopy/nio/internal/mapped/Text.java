package io.zerocopy.nio.internal.mapped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.agrona.AsciiNumberFormatException;
import org.agrona.DirectBuffer;

/** Text, and numbers as text, encoded as in Agrona's buffers; null becomes "null" or nothing, as it does there. */
final class Text {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private Text() {}

    private static String string(DirectBuffer from, int index, int length, Charset charset) {
        from.boundsCheck(index, length);
        byte[] bytes = new byte[length];
        from.getBytes(index, bytes);
        return new String(bytes, charset);
    }

    static String ascii(DirectBuffer from, int index, int length) {
        return string(from, index, length, StandardCharsets.US_ASCII);
    }

    static String utf8(DirectBuffer from, int index, int length) {
        return string(from, index, length, StandardCharsets.UTF_8);
    }

    /** A character that is not ASCII becomes a question mark; null becomes no bytes. */
    static byte[] ascii(CharSequence text) {
        return text == null ? new byte[0] : text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] utf8(String text) {
        return text == null ? NULL : text.getBytes(StandardCharsets.UTF_8);
    }

    static int append(String text, Appendable to) {
        try {
            to.append(text);
            return text.length();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int parseInt(DirectBuffer from, int index, int length) {
        long value = parseLong(from, index, length);
        if (value != (int) value) {
            throw new AsciiNumberFormatException("int overflow parsing: " + value);
        }
        return (int) value;
    }

    static long parseLong(DirectBuffer from, int index, int length) {
        String text = ascii(from, index, length);
        try {
            if (!text.startsWith("+")) {
                return Long.parseLong(text);
            }
        } catch (NumberFormatException e) {
            throw new AsciiNumberFormatException("no number: " + text);
        }
        throw new AsciiNumberFormatException("no number: " + text);
    }

    static int natural(int value) {
        return (int) natural((long) value);
    }

    static long natural(long value) {
        if (value < 0) {
            throw new AsciiNumberFormatException("not a natural number: " + value);
        }
        return value;
    }
}
