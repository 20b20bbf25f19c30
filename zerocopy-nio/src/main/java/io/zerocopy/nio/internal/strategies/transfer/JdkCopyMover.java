package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.nio.internal.strategies.SourceProbe;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;

/**
 * The step of the JDK's calls that copy a file, {@code transferTo} and {@code transferFrom}: what a count or an exception of
 * them means. The file that the call reads or writes at its own position has that position moved meanwhile.
 */
abstract class JdkCopyMover implements Mover {
    final Source source;
    final FirstCall first;
    private final String call;
    private final Channel from;
    private final Channel to;
    private final OwnPosition own; // null if the call moves no position
    private final JdkInterrupt interrupt = new JdkInterrupt();

    /**
     * A mover.
     *
     * @param call the call's name for people
     * @param ofJdk whether the JDK has made both ends
     * @param own the position that the call moves, or null
     */
    JdkCopyMover(String call, Source source, Channel from, Channel to, boolean ofJdk, OwnPosition own) {
        this.call = call;
        this.source = source;
        this.from = from;
        this.to = to;
        this.own = own;
        this.first = new FirstCall(call, ofJdk);
    }

    /** Makes the call. */
    abstract long transfer(long sourcePosition, long targetPosition, long count) throws IOException;

    /** What to answer if the call has moved nothing, although the source has bytes. */
    abstract long nothingMoved(long targetPosition);

    /** Whether the call cannot be made, for a reason that {@link #first} has noted. */
    boolean isRefused() throws IOException {
        return false;
    }

    /** What to throw if an end was closed inside the call. */
    IOException closed(ClosedChannelException thrown, long targetPosition, long count) {
        return thrown;
    }

    @Override
    public final long step(long sourcePosition, long targetPosition, long count) throws IOException {
        interrupt.tell();
        if (isRefused()) {
            return Step.DECLINED;
        }
        long n;
        try {
            n = guarded(sourcePosition, targetPosition, count);
        } catch (ClosedChannelException e) {
            throw closed(e, targetPosition, count);
        } catch (IOException e) {
            if (!SourceProbe.truncated(e, source, sourcePosition, count)) {
                if (first.declines(e)) {
                    return Step.DECLINED;
                }
                throw SourceProbe.named(call, e, source, sourcePosition);
            }
            // The JDK maps the source inside the call if the kernel cannot copy it.
            long left = SourceProbe.leftAfterTruncation(e, source, sourcePosition, count);
            n = left == 0 ? 0 : guarded(sourcePosition, targetPosition, left);
        }
        if (n < 0 || n > count) {
            throw new IOException(call + " of " + from.getClass().getName() + " answered " + n + " where " + count
                    + " bytes were wanted; none of them counts");
        }
        if (n == 0) {
            return SourceProbe.endsAt(source, sourcePosition) ? Step.END : nothingMoved(targetPosition);
        }
        first.moved();
        if (own != null) {
            own.advanced(n);
        }
        interrupt.lookFor(from, to);
        return n;
    }

    private long guarded(long sourcePosition, long targetPosition, long count) throws IOException {
        try {
            return transfer(sourcePosition, targetPosition, count);
        } catch (InternalError e) {
            throw SourceProbe.asIOException(e);
        }
    }

    @Override
    public final String declinedBecause() {
        return first.declinedBecause();
    }

    @Override
    public final void close() {
        if (own != null) {
            own.close();
        }
    }
}
