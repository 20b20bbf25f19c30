package io.zerocopy;

import io.zerocopy.spi.Nullable;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/**
 * The account of a transfer that ended because the caller's own stream, channel or listener threw an exception. It is never
 * thrown itself: it is among the {@linkplain Throwable#getSuppressed() suppressed} exceptions of what was thrown.
 *
 * <p>Programs may throw the same exception object again and again. Such an object carries one account, which is that of the
 * transfer that threw it last, so that it never grows. {@link TransferFailure#of} tells whether that was a transfer of the
 * calling thread.
 */
public final class TransferAccount extends TransferException {
    private static final long serialVersionUID = 1L;

    /** Two transfers may throw one object at the same time. */
    private static final Object LOCK = new Object();

    /** What one transfer had done. */
    private record State(
            String message,
            long transferred,
            ByteBuffer remainder,
            @Nullable Mechanism mechanism,
            Side side,
            long thread,
            boolean shared) {}

    private transient volatile @Nullable State
            state; // null after deserialization: what is left is of the first transfer

    private TransferAccount(State first) {
        super(first.message(), null, first.transferred(), first.remainder(), first.mechanism(), first.side());
        this.state = first;
    }

    /**
     * Puts an account on an exception, in the place of the account that it may carry already. Does nothing if the exception
     * keeps no suppressed exceptions.
     *
     * @param thrown what was thrown
     * @param message what the account says
     * @param transferred bytes that reached the target
     * @param remainder bytes taken from the source that did not reach the target
     * @param mechanism the mechanism at work, or null
     * @param side which end threw it
     */
    public static void put(
            Throwable thrown,
            String message,
            long transferred,
            ByteBuffer remainder,
            @Nullable Mechanism mechanism,
            Side side) {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remainder, "remainder");
        Objects.requireNonNull(side, "side");
        long thread = Thread.currentThread().getId();
        synchronized (LOCK) {
            TransferAccount known = on(thrown);
            State now = new State(message, transferred, remainder, mechanism, side, thread, known != null);
            if (known == null) {
                thrown.addSuppressed(new TransferAccount(now));
            } else {
                known.state = now;
            }
        }
    }

    /** The account that an exception carries; null if there is none. */
    static @Nullable TransferAccount on(Throwable thrown) {
        for (Throwable beside : thrown.getSuppressed()) {
            if (beside instanceof TransferAccount account) {
                return account;
            }
        }
        return null;
    }

    /** False if several transfers threw the exception, and this thread's was not the last of them. */
    boolean isOfThisThread() {
        State now = state;
        return now == null
                || !now.shared()
                || now.thread() == Thread.currentThread().getId();
    }

    @Override
    public long transferred() {
        State now = state;
        return now == null ? super.transferred() : now.transferred();
    }

    @Override
    public ByteBuffer remainder() {
        State now = state;
        return now == null ? super.remainder() : now.remainder();
    }

    @Override
    public Optional<Mechanism> mechanism() {
        State now = state;
        return now == null ? super.mechanism() : Optional.ofNullable(now.mechanism());
    }

    @Override
    public Side side() {
        State now = state;
        return now == null ? super.side() : now.side();
    }

    @Override
    public @Nullable String getMessage() {
        State now = state;
        return now == null ? super.getMessage() : now.message();
    }
}
