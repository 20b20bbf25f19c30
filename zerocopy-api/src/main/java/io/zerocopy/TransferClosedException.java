package io.zerocopy;

import io.zerocopy.spi.Nullable;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.Optional;

/**
 * Another thread closed one of the two channels during a transfer. The other channel is still open.
 *
 * <p>{@link #transferred()} is exact, with one exception, which the message names: {@link Mechanism#TRANSFER_FROM} from
 * a file that the kernel unexpectedly did not copy, and that was closed inside the JDK's call. Without the native part
 * this can happen between any two files that are not on the same file system.
 */
public final class TransferClosedException extends AsynchronousCloseException implements TransferFailure {
    private static final long serialVersionUID = 1L;

    /** What is known of the transfer. */
    private final FailureState state;

    /** What failed, and after how many bytes. */
    private final String message;

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
    public TransferClosedException(
            String message,
            @Nullable Throwable cause,
            long transferred,
            ByteBuffer remainder,
            @Nullable Mechanism mechanism,
            Side side) {
        super();
        this.state = new FailureState(transferred, remainder, mechanism, side);
        this.message = message;
        initCause(cause);
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

    @Override
    public String getMessage() {
        return message;
    }
}
