package io.zerocopy.nio.internal.ports;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a foreign end did to the buffer that it was handed. The position of that buffer is what moved; an answer that
 * contradicts it, such as the bytes of the wire that a TLS channel has written, makes the transfer fail with both numbers.
 */
final class Answer {
    private Answer() {}

    /** Bytes that moved: by the position, as far as there were bytes or there was room. */
    static int moved(ByteBuffer offered, ByteBuffer shown) {
        return Math.max(0, Math.min(shown.position() - offered.position(), offered.remaining()));
    }

    /**
     * The failure that an answer is; null if it says what the buffer says.
     *
     * @param call of the end
     * @param offered the buffer as it was handed over
     * @param shown the one that the end has worked with
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
