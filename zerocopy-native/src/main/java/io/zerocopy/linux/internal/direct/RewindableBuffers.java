package io.zerocopy.linux.internal.direct;

import io.zerocopy.spi.Step;
import java.nio.ByteBuffer;

/** Buffers whose bytes are taken before it is known whether they will be delivered; undelivered bytes are put back. */
final class RewindableBuffers {
    private final ByteBuffer[] buffers;
    private final int[] starts;
    private int current;

    RewindableBuffers(ByteBuffer[] buffers) {
        this.buffers = buffers;
        this.starts = new int[buffers.length];
        for (int i = 0; i < buffers.length; i++) {
            starts[i] = buffers[i].position();
        }
    }

    /** Takes as many bytes of one buffer as fit. */
    long read(ByteBuffer to) {
        while (current < buffers.length && !buffers[current].hasRemaining()) {
            current++;
        }
        if (current == buffers.length) {
            return Step.END;
        }
        ByteBuffer from = buffers[current];
        int count = Math.min(from.remaining(), to.remaining());
        to.put(from.slice(from.position(), count));
        from.position(from.position() + count);
        return count;
    }

    /** Moves the positions back before the last bytes that were taken. */
    void putBack(int count) {
        int left = count;
        current = Math.min(current, buffers.length - 1);
        while (left > 0) {
            ByteBuffer buffer = buffers[current];
            int back = Math.min(left, buffer.position() - starts[current]);
            buffer.position(buffer.position() - back);
            left -= back;
            current -= left > 0 ? 1 : 0;
        }
    }
}
