package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.nio.internal.Thrown;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/** The steps of {@link TransferFromStrategy} from any source that the kernel cannot copy from directly. */
final class TransferFromChannelMover implements Mover {
    private final ReplayingChannel from;
    private final FileChannel to;
    private final boolean rereadable;
    private final JdkInterrupt interrupt = new JdkInterrupt();
    private String declinedBecause = "";

    TransferFromChannelMover(Source source, FileChannel to) {
        this.from = new ReplayingChannel(source);
        this.to = to;
        this.rereadable = source.facts().kind().isFile();
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        interrupt.tell();
        from.begin(sourcePosition, count);
        long n = 0;
        try {
            long answer = to.transferFrom(from, targetPosition, count);
            if (answer < 0 || answer > from.handedOut()) {
                String text = "transferFrom of " + to.getClass().getName() + " answered " + answer + ", but was handed "
                        + from.handedOut() + " bytes; none of them counts";
                throw new EndpointException(text, null, Side.TARGET);
            }
            n = answer;
        } catch (IOException e) {
            if (from.failure() != null) {
                Thrown.<IOException>again(from.failure());
            }
            throw e instanceof ClosedChannelException || e instanceof EndpointException ? e : ofTarget(e);
        } finally {
            from.end(n);
        }
        if (n > 0) {
            interrupt.lookFor(from, to);
            return n;
        }
        if (from.outcome() == ReplayingChannel.NOT_ASKED) {
            declinedBecause = "transferFrom moved nothing to position " + targetPosition;
            return Step.DECLINED;
        }
        return from.outcome() > 0 ? Step.AWAIT_TARGET : from.outcome();
    }

    private static IOException ofTarget(IOException e) {
        String text = e.getMessage() == null ? e.toString() : e.getMessage();
        return new EndpointException("transferFrom: " + text, e, Side.TARGET);
    }

    @Override
    public String declinedBecause() {
        return declinedBecause;
    }

    @Override
    public ByteBuffer residue() {
        return rereadable ? ByteBuffer.allocate(0) : from.residue();
    }

    @Override
    public void close() {
        from.giveBack();
    }
}
