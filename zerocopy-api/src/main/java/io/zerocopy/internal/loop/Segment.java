package io.zerocopy.internal.loop;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A piece of a run that is moved in one way: gathered buffers and small regions, or a body that a mechanism moves. A
 * run is a list of segments, one after the other.
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
     * Finishes the segment when all bytes have moved. It is called until it returns {@code END}, and not after that.
     *
     * @return {@link io.zerocopy.spi.Step#END}, or {@link io.zerocopy.spi.Step#AWAIT_RELEASE} while memory is in use
     */
    default long settle() throws IOException {
        return Step.END;
    }

    /** The exception if a file does not have all bytes of a part. */
    static IOException early(long missing) {
        String text = "the file ends " + missing + " bytes early";
        return new EndpointException(text, new EOFException(text), Side.SOURCE);
    }

    /** The remaining bytes, as far as known; {@link Long#MAX_VALUE} if unknown. */
    long pending();

    /** The source that is read, for waits and for the check that it is open. */
    Source source();

    /** The bytes that were taken from a source and have not reached the target. Ends the segment. */
    default ByteBuffer residue() throws IOException {
        return ByteBuffer.allocate(0);
    }

    /**
     * Ends the segment when all bytes have moved.
     *
     * @throws IOException if bytes that were counted cannot be completed in the target
     */
    default void finish() throws IOException {
        close();
    }

    /**
     * Ends the segment at its current position.
     *
     * @throws IOException if bytes that were counted cannot be completed in the target
     */
    void close() throws IOException;
}
