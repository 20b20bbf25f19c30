package io.zerocopy.nio.internal.strategies;

import io.zerocopy.nio.internal.ports.TargetPort;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes the caller's buffers, whose positions always show how much was delivered. It takes nothing from them in
 * advance, so there is no residue.
 */
final class BuffersMover implements Mover {
    private final ByteBuffer[] buffers;
    private final Target target;
    private final TargetPort foreign; // the target if it is foreign; it may see the caller's memory
    private final int batch;
    private int from; // buffers before this one are empty

    BuffersMover(ByteBuffer[] buffers, Target target, int batch) {
        this.buffers = buffers;
        this.target = target;
        this.foreign = target instanceof TargetPort port && port.isForeign() ? port : null;
        this.batch = foreign == null ? batch : 1;
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        while (from < buffers.length && !buffers[from].hasRemaining()) {
            from++;
        }
        if (from == buffers.length) {
            return Step.END;
        }
        long offered = 0;
        int to = from;
        while (to < buffers.length && to - from < batch && offered < count) {
            offered += buffers[to++].remaining();
        }
        ByteBuffer last = buffers[to - 1];
        int limit = last.limit();
        last.limit(limit - (int) Math.max(0, offered - count));
        try {
            if (foreign != null) {
                return foreign.writeShown(last, targetPosition);
            }
            return batch == 1 ? target.write(last, targetPosition) : target.write(buffers, from, to, targetPosition);
        } finally {
            last.limit(limit);
        }
    }

    @Override
    public void close() {
        // holds no resources
    }
}
