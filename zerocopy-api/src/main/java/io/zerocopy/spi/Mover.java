package io.zerocopy.spi;

import io.zerocopy.Mechanism;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One mechanism at work on one pair. A step makes the few system calls that move one chunk and returns; it never
 * waits and never loops for long. How to wait, how much is left, positions, deadlines, fairness and fallback belong to
 * the loop that calls it. Used by one thread at a time, which need not be the same one for every step.
 */
public interface Mover extends Closeable {
    /**
     * Moves one chunk. The thread may have been interrupted: its status stays as it is, and an end of the JDK's that is
     * closed by that fails the step.
     *
     * @param sourcePosition file position of the next byte that the target lacks; meaningless where there are no
     *     positions
     * @param targetPosition file position it belongs to; {@link Target#NO_POSITION} where there are no positions
     * @param count most bytes to bring to the target, from 1 to {@link Long#MAX_VALUE}, never more than the transfer still
     *     wants; a step must not take from the source what would make the bytes that are not delivered yet more than that
     * @return bytes that reached the target, more than 0; or a code of {@link Step}. Never {@link Step#AWAIT_SOURCE}
     *     while bytes taken from the source can still be delivered
     * @throws IOException if the transfer has to fail; no byte of this step has been counted then
     */
    long step(long sourcePosition, long targetPosition, long count) throws IOException;

    /**
     * Says, before the first step, why a pair that looked right by its facts turned out wrong when it was opened. The loop
     * asks where other bytes go ahead, so that such a mechanism declines before they move.
     *
     * @return why the first step would decline; null if only that step can tell
     */
    default @Nullable String refusal() {
        return null;
    }

    /**
     * Finishes, once as many bytes have moved as the transfer wants or the source has.
     *
     * @return {@link Step#END} when nothing of what has moved is in use any more; else {@link Step#AWAIT_RELEASE}
     * @throws IOException if the end was closed
     */
    default long settle() throws IOException {
        return Step.END;
    }

    /**
     * Names the mechanism by which the last step moved its bytes, where it was not the mover's own.
     *
     * @return another mechanism; null for its own
     */
    default @Nullable Mechanism movedBy() {
        return null;
    }

    /**
     * Says, once it has settled, in what the mechanism fell short of what it promises, although it moved the bytes. The
     * result tells it among the fallbacks.
     *
     * @return the system call and errno, or the condition; empty for nothing
     */
    default String shortfall() {
        return "";
    }

    /**
     * Says why the last step returned {@link Step#DECLINED}.
     *
     * @return the system call and errno, or the condition
     */
    default String declinedBecause() {
        return "";
    }

    /**
     * Hands over what was taken from a source without positions and has not reached the target. Called at most once,
     * when the mover has declined, failed, or is cancelled; no step follows.
     *
     * @return the bytes in order, in memory that the caller may keep; empty when there are none
     * @throws IOException if they cannot be read back
     */
    default ByteBuffer residue() throws IOException {
        return ByteBuffer.allocate(0);
    }

    /**
     * Gives back what the machine holds: descriptors, mappings, memory, files and threads of its own. Neither end is touched,
     * but for a channel's own position, which is put back if it was borrowed. Closing twice does nothing.
     */
    @Override
    void close();
}
