package io.zerocopy.tests.servers.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Holds the bytes of a connection that have been read and not yet used, and finds requests in them. If a client sends a
 * body, or the next request, directly after a head, its first bytes are here; {@link #take} returns them.
 *
 * <p>Invariant: {@code [start, end)} is unused, and no head ends before {@code scanned}.
 */
public final class RequestReader {
    private final byte[] bytes;
    private int start;
    private int end;
    private int scanned;

    /**
     * Creates an empty reader.
     *
     * @param limit bytes of the longest head that is read
     */
    public RequestReader(int limit) {
        bytes = new byte[limit];
    }

    /**
     * Reads once.
     *
     * @return bytes read; 0 if none are there; -1 at the end
     */
    public int fill(ReadableByteChannel channel) throws IOException {
        System.arraycopy(bytes, start, bytes, 0, end - start);
        scanned = Math.max(0, scanned - start);
        end -= start;
        start = 0;
        int n = channel.read(ByteBuffer.wrap(bytes, end, bytes.length - end));
        end += Math.max(0, n);
        return n;
    }

    public boolean isEmpty() {
        return start == end;
    }

    /**
     * Returns the next request.
     *
     * @return a request; null if its head is not complete yet
     * @throws Refusal if it is invalid, or longer than the limit; the bytes after it can then not be parsed
     */
    public Request next() throws Refusal {
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

    /** Skips the empty line that some clients send after a body; RFC 9112 asks to ignore it. */
    private void skipEmptyLines() {
        while (end - start >= 2 && bytes[start] == '\r' && bytes[start + 1] == '\n') {
            start += 2;
        }
    }

    /** Returns where the empty line begins that ends the head; -1 if there is none. */
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
     * Takes bytes of a body that were read together with its head.
     *
     * @param most length of the body
     * @return the bytes read so far, in a separate buffer
     */
    public ByteBuffer take(long most) {
        int n = (int) Math.min(most, end - start);
        ByteBuffer along = ByteBuffer.allocate(n).put(bytes, start, n).flip();
        start += n;
        scanned = start;
        return along;
    }
}
