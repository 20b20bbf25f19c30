package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.nio.internal.strategies.SourceProbe;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** The steps of {@link TransferToStrategy}. */
final class TransferToMover implements Mover {
    private final Source source;
    private final FileChannel from;
    private final Target target;
    private final WritableByteChannel to;
    private final OwnPosition own; // of the target; null if it has no positions
    private final boolean zeroMeansNotReady;
    private final JdkInterrupt interrupt = new JdkInterrupt();
    private final FirstCall first;

    TransferToMover(Source source, FileChannel from, Target target, WritableByteChannel to, OwnPosition own) {
        this.source = source;
        this.from = from;
        this.target = target;
        this.to = to;
        this.own = own;
        EndpointFacts facts = target.facts();
        boolean awaited = TransferToStrategy.canBeAwaited(facts);
        boolean ofJdk = JdkChannels.isOfJdk(from) && JdkChannels.isOfJdk(to) && facts.kind() != EndpointKind.OPAQUE;
        this.first = new FirstCall("transferTo", ofJdk);
        this.zeroMeansNotReady = awaited || facts.kind() == EndpointKind.OPAQUE;
    }

    @Override
    public String refusal() {
        try {
            return mayWait() ? first.declinedBecause() : null;
        } catch (IOException notNow) {
            return null; // the first step will meet it
        }
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        interrupt.tell();
        if (mayWait()) {
            return Step.DECLINED;
        }
        long n;
        try {
            n = transfer(sourcePosition, targetPosition, count);
        } catch (IOException e) {
            if (!SourceProbe.truncated(e, source, sourcePosition, count)) {
                if (first.declines(e)) {
                    return Step.DECLINED;
                }
                throw SourceProbe.named("transferTo", e, source, sourcePosition);
            }
            // The JDK maps the source inside the call if the kernel cannot send it.
            long left = SourceProbe.leftAfterTruncation(e, source, sourcePosition, count);
            n = left == 0 ? 0 : transfer(sourcePosition, targetPosition, left);
        }
        if (n < 0 || n > count) {
            throw new IOException("transferTo of " + from.getClass().getName() + " answered " + n + " where " + count
                    + " bytes were wanted; none of them counts");
        }
        if (n == 0) {
            return nothingMoved(sourcePosition);
        }
        first.moved();
        if (own != null) {
            own.advanced(n);
        }
        interrupt.lookFor(from, to);
        return n;
    }

    /**
     * Whether calls on the target may wait because they cannot be made non-blocking. Then neither a close nor a
     * deadline would end one.
     */
    private boolean mayWait() throws IOException {
        try {
            target.keepFromWaiting();
            return false;
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException refused) {
            first.declined("transferTo could wait: " + refused.getMessage());
            return true;
        }
    }

    private long transfer(long sourcePosition, long targetPosition, long count) throws IOException {
        if (own != null) {
            own.moveTo(targetPosition);
        }
        try {
            return from.transferTo(sourcePosition, count, to);
        } catch (InternalError e) {
            throw SourceProbe.asIOException(e);
        }
    }

    private long nothingMoved(long sourcePosition) throws IOException {
        if (SourceProbe.endsAt(source, sourcePosition)) {
            return Step.END;
        }
        if (zeroMeansNotReady) {
            return Step.AWAIT_TARGET;
        }
        first.declined("transferTo moved nothing, although the source has bytes");
        return Step.DECLINED;
    }

    @Override
    public String declinedBecause() {
        return first.declinedBecause();
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
