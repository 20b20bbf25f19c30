package io.zerocopy;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What every exception thrown during a transfer carries, whichever exception of the JDK it extends:
 * {@link TransferException}, {@link TransferClosedException}, {@link TransferClosedByInterruptException} and
 * {@link TransferInterruptedException}.
 */
public interface TransferFailure {
    /**
     * Returns how many bytes arrived.
     *
     * @return bytes that reached the target before the failure, 0 or more
     */
    long transferred();

    /**
     * Returns the bytes that were taken from the source and did not reach the target. A file is read by position and
     * can be read again, so for a file this is always empty.
     *
     * @return the bytes in order, ready to be read; empty if there are none
     */
    ByteBuffer remainder();

    /**
     * Returns the mechanism that was at work.
     *
     * @return the mechanism; for one that a provider added, the one of the library that it counts as; empty if none had been chosen yet
     */
    Optional<Mechanism> mechanism();
}
