package io.zerocopy.internal.failure;

import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.TransferAccount;
import java.io.IOException;
import java.nio.channels.InterruptedByTimeoutException;

/**
 * Turns a failure during a transfer into the exception that the caller gets. Every transfer uses this class, so it throws
 * no exception of a specific type itself: {@link DescribedFailure} makes them and returns {@link IOException}. Otherwise
 * the JVM would load every one of these types to verify this class.
 */
public final class Failures {
    /** The loop has noticed an interrupt while both channels stayed open. */
    public static final class Interrupted extends IOException {
        private static final long serialVersionUID = 1L;

        private Interrupted() {}

        public static IOException now() {
            return new Interrupted();
        }
    }

    /** The transfer has taken longer than its caller allowed. */
    public static final class TimedOut extends IOException {
        private static final long serialVersionUID = 1L;

        private TimedOut(String message) {
            super(message, new InterruptedByTimeoutException());
        }

        public static IOException now(String message) {
            return new TimedOut(message);
        }
    }

    private static final int MOST_SUPPRESSED = 16;

    private Failures() {}

    /** Refuses to begin on an interrupted thread, before anything has been opened, closed or removed. */
    public static void refuseInterrupted() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw DescribedFailure.notBegun();
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
        return DescribedFailure.of(cause, open, account);
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
