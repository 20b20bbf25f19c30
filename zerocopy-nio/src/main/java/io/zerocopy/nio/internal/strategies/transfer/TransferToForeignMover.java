package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.nio.internal.Thrown;
import io.zerocopy.nio.internal.strategies.SourceProbe;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The steps of {@link TransferToStrategy} to a foreign target. The JDK would pass it a buffer that the thread uses for
 * all its calls, would not check its count, and would lose the count of the bytes written if a later write throws. So
 * {@code transferTo} writes to the port, which passes memory of this transfer alone, and counts the bytes that the port
 * took.
 */
final class TransferToForeignMover implements Mover {
    private final Source source;
    private final FileChannel from;
    private final Target target;
    private final Counted counted = new Counted();
    private final JdkInterrupt interrupt = new JdkInterrupt();
    private Throwable failure; // the failure of a step that has moved bytes, until it is thrown
    private String declinedBecause = "";

    TransferToForeignMover(Source source, FileChannel from, Target target) {
        this.source = source;
        this.from = from;
        this.target = target;
    }

    /** The target as the channel of one call. */
    private final class Counted implements WritableByteChannel {
        private long position; // of the target
        private long moved; // since the step began

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (failure != null || !bytes.hasRemaining()) {
                return 0;
            }
            try {
                long n = Math.max(0, target.write(bytes, position < 0 ? position : position + moved));
                moved += n;
                return (int) n;
            } catch (Throwable e) { // foreign code may throw anything
                failure = e; // the JDK does not report it if bytes were moved before
                throw new Aside();
            }
        }

        @Override
        public boolean isOpen() {
            return target.isOpen();
        }

        @Override
        public void close() {
            // the target belongs to the caller
        }
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        interrupt.tell();
        tellFailure();
        counted.position = targetPosition;
        counted.moved = 0;
        long n = 0;
        try {
            n = from.transferTo(sourcePosition, count, counted);
        } catch (Throwable e) {
            failure = failure == null ? e : failure;
        }
        if (failure == null && n != counted.moved) {
            failure = new IOException("transferTo of " + from.getClass().getName() + " answered " + n + ", but "
                    + counted.moved + " bytes were written");
        }
        if (counted.moved > 0) {
            interrupt.lookFor(from, counted);
            return counted.moved;
        }
        tellFailure();
        return nothingMoved(sourcePosition);
    }

    private long nothingMoved(long sourcePosition) throws IOException {
        if (SourceProbe.endsAt(source, sourcePosition)) {
            return Step.END;
        }
        if (target.facts().kind() == EndpointKind.OPAQUE) {
            return Step.AWAIT_TARGET;
        }
        declinedBecause = "transferTo moved nothing, although the source has bytes";
        return Step.DECLINED;
    }

    private void tellFailure() throws IOException {
        Throwable told = failure;
        failure = null;
        if (told != null) {
            Thrown.<IOException>again(told);
        }
    }

    /** Throws the failure of the call that moved the last bytes, if it failed. */
    @Override
    public long settle() throws IOException {
        tellFailure();
        return Step.END;
    }

    @Override
    public String declinedBecause() {
        return declinedBecause;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
