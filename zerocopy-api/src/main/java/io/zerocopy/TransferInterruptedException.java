package io.zerocopy;

import io.zerocopy.spi.Nullable;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The thread was interrupted during a transfer. Both channels are still open, the interrupt status of the thread is
 * still set, and {@link #bytesTransferred} holds the count as well, up to {@link Integer#MAX_VALUE}.
 */
public final class TransferInterruptedException extends InterruptedIOException implements TransferFailure {
    private static final long serialVersionUID = 1L;

    /** What is known of the transfer. */
    private final FailureState state;

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
    public TransferInterruptedException(
            String message,
            @Nullable Throwable cause,
            long transferred,
            ByteBuffer remainder,
            @Nullable Mechanism mechanism,
            Side side) {
        super(message);
        this.state = new FailureState(transferred, remainder, mechanism, side);
        initCause(cause);
        this.bytesTransferred = (int) Math.min(transferred, Integer.MAX_VALUE);
    }

    @Override
    public long transferred() {
        return state.transferred();
    }

    @Override
    public ByteBuffer remainder() {
        return state.remainder();
    }

    @Override
    public Optional<Mechanism> mechanism() {
        return state.mechanism();
    }

    @Override
    public Side side() {
        return state.side();
    }
}
