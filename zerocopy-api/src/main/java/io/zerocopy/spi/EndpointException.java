package io.zerocopy.spi;

import io.zerocopy.TransferFailure.Side;
import java.io.IOException;
import java.util.Objects;

/**
 * A call that failed, and which end it failed for. Ports and movers may throw any {@link IOException}; this one tells the
 * loop, and so the caller, whether it was the source or the target.
 */
public final class EndpointException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Which end failed. */
    private final Side side;

    /**
     * Creates the exception.
     *
     * @param message the call and its error, such as {@code read: EIO (Input/output error)}
     * @param cause what was thrown, or null
     * @param side which end failed
     */
    public EndpointException(String message, @Nullable Throwable cause, Side side) {
        super(message, cause);
        this.side = Objects.requireNonNull(side, "side");
    }

    /**
     * Returns which end failed.
     *
     * @return the end
     */
    public Side side() {
        return side;
    }
}
