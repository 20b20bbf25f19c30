package io.zerocopy;

import io.zerocopy.spi.Nullable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A transfer failed after it had started: the target refused bytes, the source failed, or the time was over
 * ({@link TransferTimeoutException}). The message names the system call and the errno, if there was one, and the end that
 * failed by its path or its peer: {@code sendfile: ECONNRESET (Connection reset by peer) after 65536 bytes, to
 * /127.0.0.1:5555}. Nothing that the caller passed in was closed. What the caller's own stream or channel throws is not turned
 * into this exception: see {@link TransferFailure}.
 */
public class TransferException extends IOException implements TransferFailure {
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
    public TransferException(
            String message,
            @Nullable Throwable cause,
            long transferred,
            ByteBuffer remainder,
            @Nullable Mechanism mechanism,
            Side side) {
        super(message, cause);
        this.state = new FailureState(transferred, remainder, mechanism, side);
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
