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

/** Turns a failure during a transfer into the JDK's type for it, with the count and the remainder. */
public final class Failures {
    /** The loop has noticed an interrupt while both channels stayed open. */
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

    /** Refuses to begin on an interrupted thread, before anything has been opened, closed or removed. */
    public static void refuseInterrupted() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new TransferInterruptedException(
                    "interrupted before the first byte", null, 0, ByteBuffer.allocate(0), null, Side.UNKNOWN);
        }
    }

    /**
     * Returns what the caller gets. If foreign code has thrown the object, or if it is unchecked, this is the object
     * itself, with the account among its suppressed exceptions. Otherwise it is an exception that contains the account.
     *
     * @param asItIs whether foreign code has thrown it, so that it is passed on unchanged
     * @param open whether both ends were open when it was thrown
     */
    public static Throwable told(Throwable thrown, boolean asItIs, boolean open, Account account) {
        if (asItIs && thrown instanceof MechanismUnavailableException) {
            return thrown; // this exception already says that nothing has moved
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
     * @param open whether both ends were open when it was thrown
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

    /**
     * Adds the account to an object that foreign code has thrown and that is passed on unchanged. Calls none of its
     * methods.
     */
    private static void account(Throwable theirs, Account account) {
        TransferAccount.put(
                theirs,
                "ended after " + account.transferred() + " bytes" + account.ends(),
                account.transferred(),
                account.remainder().duplicate(),
                account.mechanism(),
                account.side());
    }

    /** Throws the given object unchanged; foreign code may throw anything, declared or not. */
    @SuppressWarnings("unchecked")
    public static <T extends Throwable> T asIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /**
     * Adds one exception to another, unless that already has many: a program may throw the same object again and again.
     */
    public static void suppress(Throwable thrown, Throwable beside) {
        if (thrown != beside && thrown.getSuppressed().length < MOST_SUPPRESSED) {
            thrown.addSuppressed(beside);
        }
    }

    /** One action of a clean-up. */
    public interface Action {
        void run() throws IOException;
    }

    /** Runs an action. If it fails, adds the failure to the cause of the clean-up, if there is one. */
    public static void attempt(Throwable cause, Action action) {
        try {
            action.run();
        } catch (IOException | RuntimeException | Error e) { // for any failure, the rest of the clean-up must still run
            if (cause != null) {
                suppress(cause, e);
            }
        }
    }
}
