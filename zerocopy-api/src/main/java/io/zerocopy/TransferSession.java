package io.zerocopy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * A transfer that its caller drives, for servers that must not block. On channels in non-blocking mode
 * {@link #advance()} never blocks; on others it may, as a read or write of theirs would.
 *
 * <p><b>Threads:</b> one at a time; {@link #advance()} throws {@link IllegalStateException} to any other that comes
 * meanwhile, or to a listener that calls it. <b>Closing:</b> {@link #close()} before {@link Status#DONE} cancels; what the
 * caller passed in stays open. Any thread may close: while another one is inside {@code advance()}, that one ends the
 * session before it returns, and only then {@link #transferred()} and {@link #remainder()} are final.
 */
public interface TransferSession extends Closeable {
    /** What {@link #advance()} came to. */
    enum Status {
        /** Bytes moved and more may move now. */
        PROGRESS,
        /** Nothing can move until the source has bytes or ends. */
        AWAIT_SOURCE,
        /**
         * Nothing can move until the target takes bytes; or all have moved by {@link Mechanism#MSG_ZEROCOPY} and the
         * kernel still reads the buffers.
         */
        AWAIT_TARGET,
        /** The transfer is complete; {@link #result()} tells. */
        DONE
    }

    /**
     * Moves at most one fair chunk.
     *
     * @return what to do next; once {@link Status#DONE}, always that
     * @throws IllegalStateException if the session is closed, or another thread is inside it
     * @throws MechanismUnavailableException if a required mechanism declines before the first byte
     * @throws IOException if a channel fails, is closed, or time runs out, with {@link TransferFailure}'s knowledge;
     *     the session is over then and further calls throw the same
     */
    Status advance() throws IOException;

    /**
     * Tells which operation to select for after {@link #advance()}: of the source's channel after
     * {@link Status#AWAIT_SOURCE}, of the target's after {@link Status#AWAIT_TARGET}.
     *
     * <p>That is what one expects but for one case. While the kernel still reads memory that has been sent in place, the
     * target may well take bytes, so that selecting for {@link SelectionKey#OP_WRITE} would return again and again for
     * as long as the last bytes are on their way. The kernel tells by an error condition that it has let go, which wakes
     * every key whatever it is selected for, so this answers {@link SelectionKey#OP_READ} then.
     *
     * @param status what {@code advance()} answered last
     * @return {@link SelectionKey#OP_READ} or {@link SelectionKey#OP_WRITE}; 0 where there is nothing to wait for
     */
    default int interestOps(Status status) {
        switch (status) {
            case AWAIT_SOURCE:
                return SelectionKey.OP_READ;
            case AWAIT_TARGET:
                return SelectionKey.OP_WRITE;
            default:
                return 0;
        }
    }

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
     * what was on its way. Closing again changes nothing.
     *
     * <p>What had been sent by {@link Mechanism#MSG_ZEROCOPY} until then is read by the kernel for as long as the peer
     * takes to acknowledge it. The library keeps those buffers from being collected meanwhile; memory that its owner
     * frees or uses again by hand must be left alone until then. What the kernel reports of it makes a selector find the
     * socket ready until it was read: by the end of the next transfer on that socket, by a session on it that is about
     * to wait, or by closing this session again, which a selector loop can do whenever it finds nothing to read.
     *
     * @throws IOException if a file that the session itself opened cannot be closed
     */
    @Override
    void close() throws IOException;
}
