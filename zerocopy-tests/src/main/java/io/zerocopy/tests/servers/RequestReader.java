package io.zerocopy.tests.servers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a connection that have been read and not been used, and the requests in them. Whoever sends a body, or
 * the next request, right behind a head finds its first bytes here: {@link #take} hands them over.
 *
 * <p>Invariant: {@code [start, end)} is unused, and no head ends before {@code scanned}.
 */
final class RequestReader {
    private final byte[] bytes;
    private int start;
    private int end;
    private int scanned;

    /**
     * Makes an empty one.
     *
     * @param limit bytes of the longest head that is read
     */
    RequestReader(int limit) {
        bytes = new byte[limit];
    }

    /**
     * Reads once.
     *
     * @return bytes read; 0 if none are there; -1 at the end
     */
    int fill(ReadableByteChannel channel) throws IOException {
        System.arraycopy(bytes, start, bytes, 0, end - start);
        scanned = Math.max(0, scanned - start);
        end -= start;
        start = 0;
        int n = channel.read(ByteBuffer.wrap(bytes, end, bytes.length - end));
        end += Math.max(0, n);
        return n;
    }

    boolean isEmpty() {
        return start == end;
    }

    /**
     * Takes the next request.
     *
     * @return a request; null if its head is not complete
     * @throws Refusal if it is none, or longer than the limit; nothing that follows can be understood then
     */
    Request next() throws Refusal {
        skipEmptyLines();
        int headEnd = headEnd();
        if (headEnd < 0) {
            if (end - start == bytes.length) {
                boolean inFirstLine = text(start, end).indexOf('\n') < 0;
                throw inFirstLine
                        ? new Refusal(414, "the target is longer than this server reads")
                        : new Refusal(431, "the head is longer than this server reads");
            }
            return null;
        }
        String head = text(start, headEnd);
        start = headEnd + 4;
        scanned = start;
        return RequestParser.parse(head);
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Some clients end a body with a line of its own; RFC 9112 asks to ignore it. */
    private void skipEmptyLines() {
        while (end - start >= 2 && bytes[start] == '\r' && bytes[start + 1] == '\n') {
            start += 2;
        }
    }

    /** Where the empty line begins that ends the head; -1 where there is none. */
    private int headEnd() {
        for (int i = Math.max(start, scanned); i + 4 <= end; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i;
            }
        }
        scanned = Math.max(start, end - 3);
        return -1;
    }

    /**
     * Takes bytes of a body that came along with its head.
     *
     * @param most how long the body is
     * @return what there is of it, in a buffer of its own
     */
    ByteBuffer take(long most) {
        int n = (int) Math.min(most, end - start);
        ByteBuffer along = ByteBuffer.allocate(n).put(bytes, start, n).flip();
        start += n;
        scanned = start;
        return along;
    }
}
