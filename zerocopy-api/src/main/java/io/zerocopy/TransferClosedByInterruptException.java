package io.zerocopy;

import io.zerocopy.spi.Nullable;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;

/**
 * The thread was interrupted inside an operation of a JDK channel, and the JDK closed that channel, as it does with
 * every interruptible channel. Only mechanisms that work through the JDK can end in this way.
 *
 * <p>Bytes that a read or a write had moved by then are counted. The JDK does not report what an interrupted
 * {@code transferTo} or {@code transferFrom} had moved: after {@link Mechanism#TRANSFER_TO} and
 * {@link Mechanism#TRANSFER_FROM}, {@link #transferred()} and {@link #remainder()} may miss the last bytes that reached
 * the target.
 */
public final class TransferClosedByInterruptException extends ClosedByInterruptException implements TransferFailure {
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
    public TransferClosedByInterruptException(
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
