package io.zerocopy.internal.loop;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A piece of what a run brings to the target, moved in one manner: buffers around a body that are gathered, or a body
 * that a mechanism moves. A run is a list of these, one after the other.
 */
interface Segment {
    /**
     * Moves one chunk.
     *
     * @param targetPosition file position of the next byte; {@link io.zerocopy.spi.Target#NO_POSITION} for none
     * @param budget most bytes to move, more than 0
     * @return bytes that reached the target, counted; or a code of {@link io.zerocopy.spi.Step}, never {@code DECLINED}
     */
    long step(long targetPosition, long budget) throws IOException;

    /**
     * Finishes, when all bytes have moved; called until it says so, and not again.
     *
     * @return {@link io.zerocopy.spi.Step#END}, or {@link io.zerocopy.spi.Step#AWAIT_RELEASE} while memory is in use
     */
    default long settle() throws IOException {
        return Step.END;
    }

    /** A file does not have the bytes that a part needs. */
    static IOException early(long missing) {
        String text = "the file ends " + missing + " bytes early";
        return new EndpointException(text, new EOFException(text), Side.SOURCE);
    }

    /** Bytes that are still to come, as far as can be known; {@link Long#MAX_VALUE} where that is not known. */
    long pending();

    /** What is read, for whoever waits for it or wants to know whether it is still open. */
    Source source();

    /** What was taken from a source and has not reached the target; ends the segment. */
    default ByteBuffer residue() throws IOException {
        return ByteBuffer.allocate(0);
    }

    /**
     * Ends the segment when all has moved.
     *
     * @throws IOException if what was counted cannot be made good
     */
    default void finish() throws IOException {
        close();
    }

    /**
     * Ends the segment wherever it stands.
     *
     * @throws IOException if what was counted cannot be made good
     */
    void close() throws IOException;
}
