package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.internal.memory.BufferSizes;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Shows a source as the channel that {@code transferFrom} reads, and takes back the bytes that did not arrive. Between
 * {@link #begin} and {@link #end} the source is read at most once, and only before any byte has been handed out. So all
 * bytes handed out are still in the chunk, however the JDK splits them, and an error of the source is never hidden by
 * bytes that moved before it.
 */
final class ReplayingChannel implements ReadableByteChannel {
    /** The outcome if the JDK did not read at all. */
    static final long NOT_ASKED = 0;

    private final Source source;
    private ByteBuffer chunk; // from position to limit: read and not yet handed out
    private long position;
    private long wanted;
    private int handedOut;
    private long outcome;
    private Throwable failure; // of the source

    ReplayingChannel(Source source) {
        this.source = source;
    }

    /** Starts a step that may hand out at most {@code count} bytes. */
    void begin(long sourcePosition, long count) {
        position = sourcePosition;
        wanted = count;
        handedOut = 0;
        outcome = NOT_ASKED;
    }

    /** Ends the step: takes back all bytes handed out except the first {@code delivered}. */
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

    /**
     * The outcome of the step: {@link #NOT_ASKED}, a code of {@link Step}, or a positive number if there were bytes.
     */
    long outcome() {
        return outcome;
    }

    /** The failure of the source; null if it has not failed. */
    Throwable failure() {
        return failure;
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
        chunk = BufferPool.DIRECT.take(Math.min(wanted, BufferSizes.MEDIUM));
        chunk.limit((int) Math.min(wanted, chunk.capacity()));
        try {
            outcome = source.read(chunk, position);
        } catch (Throwable e) { // foreign code may throw anything
            failure = e;
            throw new Aside();
        } finally {
            chunk.flip();
        }
        return outcome > 0;
    }

    /** Copies the bytes that were taken from the source and did not arrive. */
    ByteBuffer residue() {
        return chunk == null
                ? ByteBuffer.allocate(0)
                : ByteBuffer.allocate(chunk.remaining()).put(chunk).flip();
    }

    /** Returns the chunk to the pool. */
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
