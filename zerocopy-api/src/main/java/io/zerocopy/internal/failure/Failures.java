package io.zerocopy.internal.failure;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferClosedByInterruptException;
import io.zerocopy.TransferClosedException;
import io.zerocopy.TransferException;
import io.zerocopy.TransferInterruptedException;
import io.zerocopy.TransferTimeoutException;
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

    private Failures() {}

    /** Refuses to begin on an interrupted thread, while nothing has been opened, closed or removed yet. */
    public static void refuseInterrupted() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new TransferInterruptedException(
                    "interrupted before the first byte", null, 0, ByteBuffer.allocate(0), null);
        }
    }

    /**
     * Describes a failure. What a foreign channel or stream throws keeps its meaning: it may have closed, or waited for,
     * something that is no end of this transfer.
     *
     * @param open whether both ends were open when it came
     * @param unsent what was taken from the source and not delivered; the exception gets a view of its own
     */
    public static IOException describe(
            IOException cause, boolean open, long transferred, ByteBuffer unsent, Mechanism mechanism) {
        ByteBuffer remainder = unsent.duplicate();
        String after = " after " + transferred + " bytes";
        if (cause instanceof Interrupted) {
            return new TransferInterruptedException("interrupted" + after, null, transferred, remainder, mechanism);
        }
        if (cause instanceof ClosedByInterruptException
                && (!open || Thread.currentThread().isInterrupted())) {
            return new TransferClosedByInterruptException(
                    "closed by interrupt" + after, cause, transferred, remainder, mechanism);
        }
        if (cause instanceof ClosedChannelException && !open) {
            String more = cause.getMessage() == null ? "" : ": " + cause.getMessage();
            return new TransferClosedException(
                    "channel closed by another thread" + after + more, cause, transferred, remainder, mechanism);
        }
        String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (cause instanceof TimedOut) {
            return new TransferTimeoutException(what + after, cause, transferred, remainder, mechanism);
        }
        return new TransferException(what + after, cause, transferred, remainder, mechanism);
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
            if (cause != null && cause != e) {
                cause.addSuppressed(e);
            }
        }
    }
}
