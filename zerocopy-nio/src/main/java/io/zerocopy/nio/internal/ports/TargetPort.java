package io.zerocopy.nio.internal.ports;

import io.zerocopy.nio.internal.BufferPool;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * A target whose readiness cannot be observed. For a JDK channel, a heap buffer is replaced by a pooled direct buffer;
 * the JDK would use a temporary direct buffer, which the thread then keeps for ever.
 */
abstract class TargetPort implements Target {
    private final boolean directOnly;
    private LimitedWait limited; // null unless the transfer has a timeout
    private IOException failure; // of a write that took some bytes before it failed; thrown by the next write

    TargetPort(boolean directOnly) {
        this.directOnly = directOnly;
    }

    /** Writes once. Returns a count, or 0 if the target takes nothing now. */
    abstract int writeOnce(ByteBuffer source, long position) throws IOException;

    @Override
    public final long write(ByteBuffer source, long position) throws IOException {
        return outcome(directOnly && !source.isDirect() ? writeStaged(source, position) : writeTold(source, position));
    }

    /**
     * Writes once. If an interrupt makes the JDK throw although bytes were written, the buffer's position shows how
     * many.
     */
    private int writeTold(ByteBuffer source, long position) throws IOException {
        tellFailure();
        int before = source.position();
        try {
            return writeOnce(source, position);
        } catch (IOException e) {
            return (int) taken(source.position() - before, e);
        }
    }

    /**
     * The bytes that a write took before it failed count: they are returned first, and the next write throws the
     * failure.
     */
    final long taken(long bytes, IOException e) throws IOException {
        if (bytes <= 0) {
            throw e;
        }
        failure = e;
        return bytes;
    }

    /** Throws the failure of the last write, if that had taken some bytes. */
    final void tellFailure() throws IOException {
        if (failure != null) {
            IOException told = failure;
            failure = null;
            throw told;
        }
    }

    static long outcome(long n) {
        return n > 0 ? n : Step.AWAIT_TARGET;
    }

    private int writeStaged(ByteBuffer source, long position) throws IOException {
        ByteBuffer staging = BufferPool.DIRECT.take(source.remaining());
        try {
            int offered = Math.min(staging.capacity(), source.remaining());
            staging.put(0, source, source.position(), offered).limit(offered);
            int n = writeTold(staging, position);
            source.position(source.position() + n);
            return n;
        } finally {
            BufferPool.DIRECT.give(staging);
        }
    }

    @Override
    public void limitWaits() throws IOException {
        limited = LimitedWait.on(channel(), SelectionKey.OP_WRITE);
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
        return facts().label();
    }
}
