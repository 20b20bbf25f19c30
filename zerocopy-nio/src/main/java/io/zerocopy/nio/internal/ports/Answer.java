package io.zerocopy.nio.internal.ports;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Checks what a foreign end did with the buffer that it was given. The position of that buffer shows how many bytes
 * moved. If the returned count contradicts the position, the transfer fails with both numbers. For example, a TLS
 * channel may return the number of encrypted bytes.
 */
final class Answer {
    private Answer() {}

    /** The bytes that moved, by the position, limited to the bytes or the room of the buffer that was offered. */
    static int moved(ByteBuffer offered, ByteBuffer shown) {
        return Math.max(0, Math.min(shown.position() - offered.position(), offered.remaining()));
    }

    /**
     * Returns the failure if the returned count contradicts the buffer; null if both agree.
     *
     * @param call the call of the end
     * @param offered the buffer as it was before the call
     * @param shown the buffer object that the end has used
     */
    static IOException contradiction(Object end, String call, long answer, ByteBuffer offered, ByteBuffer shown) {
        int by = shown.position() - offered.position();
        boolean ended = call.equals("read") && answer == -1 && by == 0;
        if (shown.limit() == offered.limit() && (ended || (answer == by && by >= 0))) {
            return null;
        }
        String limit = shown.limit() == offered.limit() ? "" : " and its limit by " + (shown.limit() - offered.limit());
        return new IOException(end.getClass().getName() + "." + call + " answered " + answer
                + ", but the position of its buffer moved by " + by + limit + "; " + moved(offered, shown) + " of "
                + offered.remaining() + " bytes count");
    }
}
