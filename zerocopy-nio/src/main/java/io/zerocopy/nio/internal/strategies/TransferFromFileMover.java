package io.zerocopy.nio.internal.strategies;

import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** The steps of {@link TransferFromStrategy} from a file. */
final class TransferFromFileMover implements Mover {
    /** Most of one call, so that interrupts are looked at. */
    private static final long CHUNK = 64 << 20;

    private final Source source;
    private final FileChannel from;
    private final FileChannel to;
    private final OwnPosition own; // of the source
    private String declinedBecause = "";

    TransferFromFileMover(Source source, FileChannel from, FileChannel to, OwnPosition own) {
        this.source = source;
        this.from = from;
        this.to = to;
        this.own = own;
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        own.moveTo(sourcePosition);
        long n;
        try {
            n = to.transferFrom(from, targetPosition, Math.min(count, CHUNK));
        } catch (IOException | InternalError e) {
            // Inside, the JDK maps the source where the kernel cannot copy it.
            if (SourceProbe.truncated(e, source, sourcePosition + 1)) {
                return Step.END;
            }
            throw e instanceof IOException io ? io : new IOException("the mapped file has changed", e);
        }
        if (n == 0) {
            return nothingMoved(sourcePosition, targetPosition);
        }
        own.advanced(n);
        return n;
    }

    private long nothingMoved(long sourcePosition, long targetPosition) throws IOException {
        if (SourceProbe.endsAt(source, sourcePosition)) {
            return Step.END;
        }
        declinedBecause = "transferFrom moved nothing to position " + targetPosition;
        return Step.DECLINED;
    }

    @Override
    public String declinedBecause() {
        return declinedBecause;
    }

    @Override
    public void close() {
        own.close();
    }
}
