package io.zerocopy.spi;

import io.zerocopy.Mechanism;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One mechanism at work on one pair. A step makes the few system calls that move one chunk, and returns; it never waits
 * and never loops for long. The loop that calls it handles waiting, remaining count, positions, deadlines, fairness and
 * fallback. Used by one thread at a time, which may be a different one for every step.
 */
public interface Mover extends Closeable {
    /**
     * Creates a mover that declines at once, for a pair whose facts allowed the mechanism, but which turned out to be
     * unsuitable when it was opened.
     *
     * @param reason the system call and errno, or the condition
     * @return a mover that moves nothing
     */
    static Mover declined(String reason) {
        return new DeclinedMover(Objects.requireNonNull(reason, "reason"));
    }

    /**
     * Moves one chunk. If the thread is interrupted, its interrupt status stays set; if the JDK closes one of its
     * channels because of that, the step fails.
     *
     * @param sourcePosition file position of the next byte to deliver; {@link Source#OWN_POSITION} only if {@link
     *     #servesOwnPosition()}; meaningless if there are no positions
     * @param targetPosition file position to write it to; {@link Target#NO_POSITION} if there are no positions
     * @param count most bytes to bring to the target, from 1 to {@link Long#MAX_VALUE}, never more than the transfer
     *     still wants. A step may take bytes from the source only as long as all undelivered bytes, including those of
     *     earlier steps, do not exceed {@code count}
     * @return bytes that reached the target, more than 0; or a code of {@link Step}. Never {@link Step#AWAIT_SOURCE}
     *     while bytes already taken from the source can still be delivered
     * @throws IOException if the transfer must fail; no byte of this step has then been counted
     */
    long step(long sourcePosition, long targetPosition, long count) throws IOException;

    /**
     * Says, before the first step, why a pair that looked right by its facts turned out wrong when it was opened. The loop
     * asks where other bytes go ahead, so that such a mechanism declines before they move.
     *
     * @return why the first step would decline; null if only that step can tell
     * @throws IOException if an end was found to have failed, or was closed
     */
    default @Nullable String refusal() throws IOException {
        return null;
    }

    /**
     * Tells whether a step takes {@link Source#OWN_POSITION} for the source's position. Such a step moves the channel's own
     * position by the bytes that it brings to the target, and by no other. The second such step must find out by a read
     * whether the source has ended.
     *
     * @return false if every step needs a position
     */
    default boolean servesOwnPosition() {
        return false;
    }

    /**
     * Finishes, after all bytes that the transfer wants, or that the source has, have moved.
     *
     * @return {@link Step#END} if the kernel no longer uses any memory that was sent; otherwise
     *     {@link Step#AWAIT_RELEASE}
     * @throws IOException if the end was closed
     */
    default long settle() throws IOException {
        return Step.END;
    }

    /**
     * Returns the mechanism that moved the bytes of the last step, if it was not the mover's own.
     *
     * @return another mechanism; null for its own
     */
    default @Nullable Mechanism movedBy() {
        return null;
    }

    /**
     * Returns, after {@link #settle()}, why the mechanism did not keep its promise although it moved the bytes: for
     * example because the kernel copied them. The result lists this among the fallbacks.
     *
     * @return the system call and errno, or the condition; empty if it kept its promise
     */
    default String shortfall() {
        return "";
    }

    /**
     * Returns why the last step returned {@link Step#DECLINED}.
     *
     * @return the system call and errno, or the condition
     */
    default String declinedBecause() {
        return "";
    }

    /**
     * Returns the bytes that were taken from a source without positions and have not reached the target. Called at most
     * once, after the mover has declined or failed, or when it is cancelled. No step follows.
     *
     * @return the bytes in order, in memory that the caller may keep; empty if there are none
     * @throws IOException if they cannot be read back
     */
    default ByteBuffer residue() throws IOException {
        return ByteBuffer.allocate(0);
    }

    /**
     * Releases what {@link #close()} releases, after all has moved, so that the mover can serve the next transfer between the
     * same two ports, as new. A mover that has done so need not be closed.
     *
     * @return false if it has to be closed, and another one opened
     */
    default boolean rest() {
        return false;
    }

    /**
     * Releases the mover's own descriptors, mappings, memory, files and threads. Neither end changes, except that a
     * channel's own position is restored if the mover used it. A second call does nothing.
     */
    @Override
    void close();
}
