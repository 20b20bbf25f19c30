package io.zerocopy.nio.internal.ports;

import io.zerocopy.nio.internal.BufferPool;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * A source whose readiness cannot be observed. For a JDK channel, a heap buffer is replaced by a pooled direct buffer;
 * the JDK would use a temporary direct buffer, which the thread then keeps for ever.
 */
abstract class SourcePort implements Source {
    private final boolean directOnly;
    private LimitedWait limited; // null unless the transfer has a timeout

    SourcePort(boolean directOnly) {
        this.directOnly = directOnly;
    }

    /** Reads once. Returns a count, 0 if there is nothing now, or -1 at the end. */
    abstract int readOnce(ByteBuffer target, long position) throws IOException;

    @Override
    public final long read(ByteBuffer target, long position) throws IOException {
        int n = directOnly && !target.isDirect() ? readStaged(target, position) : readOnce(target, position);
        return n > 0 ? n : n == 0 ? Step.AWAIT_SOURCE : Step.END;
    }

    private int readStaged(ByteBuffer target, long position) throws IOException {
        ByteBuffer staging = BufferPool.DIRECT.take(target.remaining());
        try {
            staging.limit(Math.min(staging.capacity(), target.remaining()));
            return readOnce(staging, position);
        } finally {
            target.put(staging.flip()); // also the bytes read before an interrupt made the JDK throw
            BufferPool.DIRECT.give(staging);
        }
    }

    @Override
    public void limitWaits() throws IOException {
        limited = LimitedWait.on(channel(), SelectionKey.OP_READ);
    }

    @Override
    public final boolean await(long nanos) throws IOException {
        return limited != null ? limited.await(nanos) : Pause.atMost(nanos);
    }

    @Override
    public void release() {
        if (limited != null) {
            limited.end();
            limited = null;
        }
    }

    @Override
    public String toString() {
        Facts facts = facts();
        return facts.label();
    }
}
