package io.zerocopy.internal.failure;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.TransferAccount;
import io.zerocopy.TransferClosedByInterruptException;
import io.zerocopy.TransferClosedException;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.TransferInterruptedException;
import io.zerocopy.TransferTimeoutException;
import io.zerocopy.spi.EndpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptedByTimeoutException;

/** Gives a failure in the middle of a transfer the type that the JDK has for it, the count and the remainder. */
public final class Failures {
    /** Marks that the driver saw an interrupt while both channels stayed open. */
    public static final class Interrupted extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The transfer has taken longer than its caller allowed. */
    public static final class TimedOut extends IOException {
        private static final long serialVersionUID = 1L;

        public TimedOut(String message) {
            super(message, new InterruptedByTimeoutException());
        }
    }

    private static final int MOST_SUPPRESSED = 16;

    private Failures() {}

    /** Refuses to begin on an interrupted thread, while nothing has been opened, closed or removed yet. */
    public static void refuseInterrupted() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new TransferInterruptedException(
                    "interrupted before the first byte", null, 0, ByteBuffer.allocate(0), null, Side.UNKNOWN);
        }
    }

    /**
     * What a caller gets: the object itself, with the account among its suppressed exceptions, if code of others has thrown it
     * or if it is unchecked; else an exception that says what is known.
     *
     * @param asItIs whether it passes through
     * @param open whether both ends were open when it came
     */
    public static Throwable told(Throwable thrown, boolean asItIs, boolean open, Account account) {
        if (asItIs && thrown instanceof MechanismUnavailableException) {
            return thrown; // it says itself that nothing has moved
        }
        if (asItIs || !(thrown instanceof IOException own)) {
            account(thrown, account);
            return thrown;
        }
        IOException described = describe(own, open, account);
        for (Throwable beside : own.getSuppressed()) {
            described.addSuppressed(beside);
        }
        return described;
    }

    /**
     * Describes a failure of the library's own calls.
     *
     * @param open whether both ends were open when it came
     */
    public static IOException describe(IOException cause, boolean open, Account account) {
        long count = account.transferred();
        ByteBuffer remainder = account.remainder().duplicate(); // a view of its own
        Mechanism by = account.mechanism();
        Side side = account.side();
        String after = " after " + count + " bytes" + account.ends();
        if (cause instanceof Interrupted) {
            return new TransferInterruptedException("interrupted" + after, null, count, remainder, by, side);
        }
        if (cause instanceof ClosedByInterruptException
                && (!open || Thread.currentThread().isInterrupted())) {
            return new TransferClosedByInterruptException(
                    "closed by interrupt" + after, cause, count, remainder, by, side);
        }
        if (cause instanceof ClosedChannelException && !open) {
            String more = cause.getMessage() == null ? "" : ": " + cause.getMessage();
            return new TransferClosedException(
                    "channel closed by another thread" + after + more, cause, count, remainder, by, side);
        }
        String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (cause instanceof TimedOut) {
            return new TransferTimeoutException(what + after, cause, count, remainder, by, side);
        }
        boolean wrapped = cause instanceof EndpointException && cause.getCause() != null;
        return new TransferException(what + after, wrapped ? cause.getCause() : cause, count, remainder, by, side);
    }

    /** Puts the account on what code of others threw, which passes through as it is. None of its methods is called. */
    private static void account(Throwable theirs, Account account) {
        TransferAccount.put(
                theirs,
                "ended after " + account.transferred() + " bytes" + account.ends(),
                account.transferred(),
                account.remainder().duplicate(),
                account.mechanism(),
                account.side());
    }

    /** Throws what it is given as it is; code of others may throw anything, declared or not. */
    @SuppressWarnings("unchecked")
    public static <T extends Throwable> T asIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Adds one exception to another, unless that carries many already: programs may throw one object again and again. */
    public static void suppress(Throwable thrown, Throwable beside) {
        if (thrown != beside && thrown.getSuppressed().length < MOST_SUPPRESSED) {
            thrown.addSuppressed(beside);
        }
    }

    /** A part of a clean-up. */
    public interface Action {
        void run() throws IOException;
    }

    /** Does it, and adds its failure to that which the clean-up is for, if any. */
    public static void attempt(Throwable cause, Action action) {
        try {
            action.run();
        } catch (IOException | RuntimeException | Error e) { // whatever it is, the rest of the clean-up follows
            if (cause != null) {
                suppress(cause, e);
            }
        }
    }
}
