package io.zerocopy;

import io.zerocopy.spi.Nullable;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.Objects;
import java.util.Optional;

/**
 * One of the two channels was closed by another thread in the middle of a transfer; the other one is still open.
 *
 * <p>{@link #transferred()} is what has arrived, with one exception, which the message tells of: {@link
 * Mechanism#TRANSFER_FROM} from a file that the kernel did not copy although nothing spoke against it, and that was closed
 * inside the JDK's call. Without the native part that can be any two files that are not on one file system.
 */
public final class TransferClosedException extends AsynchronousCloseException implements TransferFailure {
    private static final long serialVersionUID = 1L;

    /** How many bytes reached the target. */
    private final long transferred;

    private final transient ByteBuffer remainder;

    /** What was at work. */
    private final @Nullable Mechanism mechanism;

    /** What went wrong, and after how many bytes. */
    private final String message;

    /**
     * Makes one.
     *
     * @param message what failed
     * @param cause the failure beneath, or null
     * @param transferred bytes that reached the target
     * @param remainder bytes taken from the source that did not reach the target
     * @param mechanism the mechanism at work, or null
     */
    public TransferClosedException(
            String message,
            @Nullable Throwable cause,
            long transferred,
            ByteBuffer remainder,
            @Nullable Mechanism mechanism) {
        super();
        this.transferred = transferred;
        this.remainder = Objects.requireNonNull(remainder, "remainder");
        this.mechanism = mechanism;
        this.message = message;
        initCause(cause);
    }

    @Override
    public long transferred() {
        return transferred;
    }

    @Override
    public ByteBuffer remainder() {
        return remainder == null ? ByteBuffer.allocate(0) : remainder;
    }

    @Override
    public Optional<Mechanism> mechanism() {
        return Optional.ofNullable(mechanism);
    }

    @Override
    public String getMessage() {
        return message;
    }
}
