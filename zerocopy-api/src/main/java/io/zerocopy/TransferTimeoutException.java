package io.zerocopy;

import io.zerocopy.spi.Nullable;
import java.nio.ByteBuffer;

/**
 * A transfer did not end within its {@link Transfer.Builder#timeout}, or no byte of a relay moved within its
 * {@link Relay.Builder#idleTimeout}. Both channels are still open, and another transfer can continue at the exact byte.
 */
public final class TransferTimeoutException extends TransferException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what failed
     * @param cause the underlying failure, or null
     * @param transferred bytes that reached the target
     * @param remainder bytes taken from the source that did not reach the target
     * @param mechanism the mechanism at work, or null
     * @param side which end failed
     */
    public TransferTimeoutException(
            String message,
            @Nullable Throwable cause,
            long transferred,
            ByteBuffer remainder,
            @Nullable Mechanism mechanism,
            Side side) {
        super(message, cause, transferred, remainder, mechanism, side);
    }
}
