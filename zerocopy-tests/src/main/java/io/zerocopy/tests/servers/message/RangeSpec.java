package io.zerocopy.tests.servers.message;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of a file to send. One range is served: {@code bytes=5-9}, {@code bytes=5-} or {@code bytes=-5}. A request
 * for several ranges gets the whole file, as RFC 9110 allows: such requests are rare, and a whole file is one transfer,
 * whereas {@code multipart/byteranges} would be one per part. An invalid range is ignored, as RFC 9110 requires.
 *
 * @param first position of the first byte
 * @param count number of bytes
 * @param size of the file
 * @param partial whether the response is 206
 */
public record RangeSpec(long first, long count, long size, boolean partial) {
    private static final Pattern ONE = Pattern.compile("(?i:bytes) *= *([0-9]*) *- *([0-9]*)");

    static RangeSpec whole(long size) {
        return new RangeSpec(0, size, size, false);
    }

    /**
     * Reads the field {@code Range}.
     *
     * @param field its value, or null
     * @param size of the file
     * @return the range, or the whole file
     * @throws Refusal 416, if none of its bytes exist
     */
    public static RangeSpec of(String field, long size) throws Refusal {
        Matcher range = ONE.matcher(field == null ? "" : field);
        if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
            return whole(size);
        }
        if (range.group(1).isEmpty()) {
            long count = Math.min(number(range.group(2)), size);
            if (count == 0) {
                throw unsatisfiable(size);
            }
            return new RangeSpec(size - count, count, size, true);
        }
        long first = number(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE : number(range.group(2));
        if (last < first) {
            return whole(size);
        }
        if (first >= size) {
            throw unsatisfiable(size);
        }
        return new RangeSpec(first, Math.min(last, size - 1) - first + 1, size, true);
    }

    /** Parses a number; larger numbers than a file position can be become the largest one. */
    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
    }

    private static Refusal unsatisfiable(long size) {
        return new Refusal(416, "the file ends before this range", "Content-Range", "bytes */" + size);
    }

    /** Returns the value of the field {@code Content-Range}. */
    String contentRange() {
        return "bytes " + first + "-" + (first + count - 1) + "/" + size;
    }
}
