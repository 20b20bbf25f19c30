package io.zerocopy;

import io.zerocopy.spi.Nullable;
import java.nio.ByteBuffer;

/**
 * A transfer that did not end within the time it was given, see {@link Transfer.Builder#timeout}, or a relay on which
 * nothing moved for so long, see {@link Relay.Builder#idleTimeout}. Both channels are still
 * open, and another transfer can go on from the exact byte.
 */
public final class TransferTimeoutException extends TransferException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what failed
     * @param cause the failure beneath, or null
     * @param transferred bytes that reached the target
     * @param remainder bytes taken from the source that did not reach the target
     * @param mechanism the mechanism at work, or null
     */
    public TransferTimeoutException(
            String message,
            @Nullable Throwable cause,
            long transferred,
            ByteBuffer remainder,
            @Nullable Mechanism mechanism) {
        super(message, cause, transferred, remainder, mechanism);
    }
}
