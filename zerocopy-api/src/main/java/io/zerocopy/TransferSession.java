package io.zerocopy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A transfer that its caller drives, for servers that must not block. On channels in non-blocking mode
 * {@link #advance()} never blocks; on others it may, as a read or write of theirs would.
 *
 * <p><b>Threads:</b> one thread at a time. <b>Closing:</b> {@link #close()} before {@link Status#DONE} cancels; what the
 * caller passed in stays open.
 */
public interface TransferSession extends Closeable {
    /** What {@link #advance()} came to. */
    enum Status {
        /** Bytes moved and more may move now. */
        PROGRESS,
        /** Nothing can move until the source has bytes or ends. */
        AWAIT_SOURCE,
        /** Nothing can move until the target takes bytes. */
        AWAIT_TARGET,
        /** The transfer is complete; {@link #result()} tells. */
        DONE
    }

    /**
     * Moves at most one fair chunk.
     *
     * @return what to do next; once {@link Status#DONE}, always that
     * @throws MechanismUnavailableException if a required mechanism declines before the first byte
     * @throws IOException if a channel fails, is closed, or time runs out, with {@link TransferFailure}'s knowledge;
     *     the session is over then and further calls throw the same
     */
    Status advance() throws IOException;

    /**
     * Tells how much arrived.
     *
     * @return bytes that reached the target so far
     */
    long transferred();

    /**
     * Hands back what was taken from the source and did not reach the target, once {@link #close()} or a failure has
     * ended the session. A file is read by position, so nothing is handed back for it.
     *
     * @return the bytes, in order; empty when there are none, and always before the session's end
     */
    ByteBuffer remainder();

    /**
     * Tells what the transfer did.
     *
     * @return the result
     * @throws IllegalStateException if the transfer is not {@link Status#DONE}
     */
    TransferResult result();

    /**
     * Ends the session. Before {@link Status#DONE} this cancels the transfer: afterwards {@link #remainder()} holds
     * what was on its way. Closing twice does nothing.
     *
     * @throws IOException if a file that the session itself opened cannot be closed
     */
    @Override
    void close() throws IOException;
}
