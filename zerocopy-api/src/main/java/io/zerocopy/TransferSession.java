package io.zerocopy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * A transfer that its caller drives, for servers that must not block. If both channels are in non-blocking mode,
 * {@link #advance()} never blocks. On other channels it may block, like a read or write of the channel.
 *
 * <p><b>Threads:</b> one at a time. {@link #advance()} throws {@link IllegalStateException} if another thread is inside
 * it, or if a listener calls it. <b>Closing:</b> {@link #close()} before {@link Status#DONE} cancels the transfer;
 * everything that the caller passed in stays open. Any thread may close the session. If another thread is inside
 * {@code advance()}, that thread ends the session before it returns; {@link #transferred()} and {@link #remainder()}
 * are final only then.
 */
public interface TransferSession extends Closeable {
    /** The outcome of {@link #advance()}. */
    enum Status {
        /** Bytes moved and more may move now. */
        PROGRESS,
        /** The source has no bytes now. Wait until it has some or ends. */
        AWAIT_SOURCE,
        /**
         * The target takes no bytes now; or {@link Mechanism#MSG_ZEROCOPY} has moved all bytes and the kernel still
         * reads the buffers. Wait for the target.
         */
        AWAIT_TARGET,
        /** The transfer is complete; {@link #result()} has the details. */
        DONE
    }

    /**
     * Moves at most one fair chunk.
     *
     * @return what to do next; after {@link Status#DONE}, always {@code DONE}
     * @throws IllegalStateException if the session is closed, or another thread is inside it
     * @throws MechanismUnavailableException if a required mechanism declines before the first byte
     * @throws IOException if a channel fails or is closed, or the time is over; the exception is a
     *     {@link TransferFailure}. What somebody's own stream or channel throws is thrown as it is, whatever it is, with a
     *     {@link TransferAccount} among its suppressed exceptions. The session has then ended, and further calls throw the
     *     same exception
     */
    Status advance() throws IOException;

    /**
     * Returns which operation to select for after {@link #advance()}: on the source's channel after
     * {@link Status#AWAIT_SOURCE}, on the target's after {@link Status#AWAIT_TARGET}.
     *
     * <p>The operation is {@code OP_READ} for the source and {@code OP_WRITE} for the target, except in one case: while
     * the kernel still reads memory that has been sent in place, it is {@link SelectionKey#OP_READ} for the target. The
     * target may be writable all that time, so a selection for {@link SelectionKey#OP_WRITE} would return again and
     * again. The kernel reports the release of the memory as an error condition, which wakes every key, whatever
     * operation it is selected for.
     *
     * @param status the last result of {@code advance()}
     * @return {@link SelectionKey#OP_READ} or {@link SelectionKey#OP_WRITE}; 0 if there is nothing to wait for
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
     * Returns how many bytes arrived.
     *
     * <p>For a socket, this is what the kernel has taken, not what the peer has read. Do not continue a send from it on a new
     * connection: ask the peer how much it has.
     *
     * @return bytes that have reached the target so far
     */
    long transferred();

    /**
     * Returns the bytes that were taken from the source and did not reach the target, after {@link #close()} or a
     * failure has ended the session. A file is read by position and can be read again, so for a file this is always
     * empty.
     *
     * @return the bytes, in order; empty if there are none, and always empty before the session has ended
     */
    ByteBuffer remainder();

    /**
     * Returns what the transfer did.
     *
     * @return the result
     * @throws IllegalStateException if the transfer is not {@link Status#DONE}
     */
    TransferResult result();

    /**
     * Ends the session. Before {@link Status#DONE} this cancels the transfer; {@link #remainder()} then holds the bytes
     * that were taken and not delivered. A second call changes nothing.
     *
     * <p>The kernel still reads memory that {@link Mechanism#MSG_ZEROCOPY} has sent, until the peer acknowledges it.
     * The library keeps those buffers from being garbage-collected until then. If you free or reuse the memory
     * yourself, wait until then. The kernel reports each release on the socket, and a selector finds the socket ready
     * until the report is read. It is read at the end of the next transfer on that socket, before a session on it
     * waits, or when this session is closed again: a selector loop can do that whenever it finds nothing to read.
     *
     * @throws IOException if a file that the session itself opened cannot be closed
     */
    @Override
    void close() throws IOException;
}
