package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.nio.internal.strategies.SourceProbe;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/** The steps of {@link TransferFromStrategy} from a file, by {@link KernelCopy}. */
final class TransferFromFileMover implements Mover {
    private final Source source;
    private final FileChannel from;
    private final FileChannel to;
    private final OwnPosition own; // of the source
    private final JdkInterrupt interrupt = new JdkInterrupt();
    private final FirstCall first;

    TransferFromFileMover(Source source, FileChannel from, FileChannel to, OwnPosition own) {
        this.source = source;
        this.from = from;
        this.to = to;
        this.own = own;
        this.first = new FirstCall("transferFrom", JdkChannels.isOfJdk(from) && JdkChannels.isOfJdk(to));
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        interrupt.tell();
        long n;
        try {
            n = transfer(sourcePosition, targetPosition, count);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException e) {
            throw from.isOpen() || !to.isOpen() ? e : new Uncounted(count, targetPosition);
        } catch (IOException e) {
            if (!SourceProbe.truncated(e, source, sourcePosition, count)) {
                if (first.declines(e)) {
                    return Step.DECLINED;
                }
                throw SourceProbe.named("transferFrom", e, source, sourcePosition);
            }
            // The JDK maps the source inside the call if the kernel cannot copy it.
            long left = SourceProbe.leftAfterTruncation(e, source, sourcePosition, count);
            n = left == 0 ? 0 : transfer(sourcePosition, targetPosition, left);
        }
        if (n == 0) {
            return nothingMoved(sourcePosition, targetPosition);
        }
        first.moved();
        own.advanced(n);
        interrupt.lookFor(from, to);
        return n;
    }

    /**
     * Another thread closed the source inside a call. If the kernel had copied bytes, the call would have returned the
     * count. So either nothing has moved, or the kernel refused and the JDK moved bytes in another way.
     */
    private static final class Uncounted extends AsynchronousCloseException {
        private static final long serialVersionUID = 1L;

        private final String message;

        Uncounted(long most, long position) {
            message = "transferFrom may have brought up to " + most + " bytes more to position " + position
                    + ", of which the JDK does not tell";
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    private long transfer(long sourcePosition, long targetPosition, long count) throws IOException {
        own.moveTo(sourcePosition);
        try {
            return to.transferFrom(from, targetPosition, count);
        } catch (InternalError e) {
            throw SourceProbe.asIOException(e);
        }
    }

    private long nothingMoved(long sourcePosition, long targetPosition) throws IOException {
        if (SourceProbe.endsAt(source, sourcePosition)) {
            return Step.END;
        }
        first.declined("transferFrom moved nothing to position " + targetPosition);
        return Step.DECLINED;
    }

    @Override
    public String declinedBecause() {
        return first.declinedBecause();
    }

    @Override
    public void close() {
        own.close();
    }
}
