package io.zerocopy.internal.failure;

import io.zerocopy.Mechanism;
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

/** Turns a failure during a transfer into the JDK's type for it, with the count and the remainder. */
final class DescribedFailure {
    private DescribedFailure() {}

    /** An interrupt that came before anything was opened. */
    static IOException notBegun() {
        return new TransferInterruptedException(
                "interrupted before the first byte", null, 0, ByteBuffer.allocate(0), null, Side.UNKNOWN);
    }

    /**
     * Describes a failure of the library's own calls.
     *
     * @param open whether both ends were open when it came
     */
    static IOException of(IOException cause, boolean open, Account account) {
        long count = account.transferred();
        ByteBuffer remainder = account.remainder().duplicate(); // a view of its own
        Mechanism by = account.mechanism();
        Side side = account.side();
        String after = " after " + count + " bytes" + account.ends();
        if (cause instanceof Failures.Interrupted) {
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
        if (cause instanceof Failures.TimedOut) {
            return new TransferTimeoutException(what + after, cause, count, remainder, by, side);
        }
        boolean wrapped = cause instanceof EndpointException && cause.getCause() != null;
        return new TransferException(what + after, wrapped ? cause.getCause() : cause, count, remainder, by, side);
    }
}
