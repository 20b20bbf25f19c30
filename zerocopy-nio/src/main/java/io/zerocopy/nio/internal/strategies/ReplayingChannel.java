package io.zerocopy.nio.internal.strategies;

import io.zerocopy.nio.internal.BufferPool;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * A source as the channel that {@code transferFrom} reads, which takes back what did not arrive. Between
 * {@link #begin} and {@link #end} the source is read at most once, and only while nothing has been handed out;
 * whatever was handed out is therefore still in the chunk, however the JDK cuts it, and an error of the source is never
 * hidden behind bytes that moved before it.
 */
final class ReplayingChannel implements ReadableByteChannel {
    /** The outcome before the first read: the JDK did not even ask. */
    static final long NOT_ASKED = 0;

    private final Source source;
    private ByteBuffer chunk; // from position to limit: read and not yet handed out
    private long position;
    private long wanted;
    private int handedOut;
    private long outcome;

    ReplayingChannel(Source source) {
        this.source = source;
    }

    /** Starts a step that may hand out so many bytes. */
    void begin(long sourcePosition, long count) {
        position = sourcePosition;
        wanted = count;
        handedOut = 0;
        outcome = NOT_ASKED;
    }

    /** Ends the step: of what was handed out, all but the first {@code delivered} bytes are taken back. */
    void end(long delivered) {
        if (chunk != null) {
            chunk.position(chunk.position() - (int) (handedOut - delivered));
            if (!chunk.hasRemaining()) {
                giveBack();
            }
        }
    }

    /** Bytes of this step so far. */
    int handedOut() {
        return handedOut;
    }

    /** What the step came to: {@link #NOT_ASKED}, a code of {@link Step}, or that there were bytes. */
    long outcome() {
        return outcome;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (chunk == null && !fetch()) {
            return outcome == Step.END ? -1 : 0;
        }
        outcome = 1;
        int n = (int) Math.min(Math.min(target.remaining(), chunk.remaining()), wanted - handedOut);
        int limit = chunk.limit();
        target.put(chunk.limit(chunk.position() + n));
        chunk.limit(limit);
        handedOut += n;
        return n;
    }

    private boolean fetch() throws IOException {
        chunk = BufferPool.DIRECT.take(Math.min(wanted, BufferPool.MEDIUM));
        chunk.limit((int) Math.min(wanted, chunk.capacity()));
        try {
            outcome = source.read(chunk, position);
        } finally {
            chunk.flip();
        }
        return outcome > 0;
    }

    /** Copies what was taken from the source and did not arrive. */
    ByteBuffer residue() {
        return chunk == null
                ? ByteBuffer.allocate(0)
                : ByteBuffer.allocate(chunk.remaining()).put(chunk).flip();
    }

    /** Gives the chunk back to the pool. */
    void giveBack() {
        BufferPool.DIRECT.give(chunk);
        chunk = null;
    }

    @Override
    public boolean isOpen() {
        return source.isOpen();
    }

    @Override
    public void close() {
        // the source belongs to the caller
    }
}
