package io.zerocopy.internal.failure;

import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.TransferAccount;
import java.io.IOException;
import java.nio.channels.InterruptedByTimeoutException;

/**
 * What a caller gets to see of a failure. Every transfer comes by here, so this class does not need the exceptions: whoever
 * throws one has it made by a method that returns {@link IOException}. Otherwise the JVM would load each of them in order
 * to verify the code that throws it.
 */
public final class Failures {
    /** Marks that the driver saw an interrupt while both channels stayed open. */
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

    /** Refuses to begin on an interrupted thread, while nothing has been opened, closed or removed yet. */
    public static void refuseInterrupted() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw DescribedFailure.notBegun();
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
        return DescribedFailure.of(cause, open, account);
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
