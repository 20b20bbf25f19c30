package io.zerocopy;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What every exception thrown in the middle of a transfer tells, whichever exception of the JDK it extends:
 * {@link TransferException}, {@link TransferClosedException}, {@link TransferClosedByInterruptException} and
 * {@link TransferInterruptedException}.
 */
public interface TransferFailure {
    /**
     * Tells how much arrived.
     *
     * @return bytes that reached the target before the failure, 0 or more
     */
    long transferred();

    /**
     * Hands back what was taken from the source and did not reach the target. A file is read by position and can be
     * read again, so nothing is handed back for it.
     *
     * @return the bytes in order, ready to be read; empty when there are none
     */
    ByteBuffer remainder();

    /**
     * Tells the mechanism that was at work.
     *
     * @return the mechanism; empty when none had been chosen yet
     */
    Optional<Mechanism> mechanism();
}
