package io.zerocopy.linux.internal.direct;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import java.io.IOException;

/**
 * The common part of the three movers of direct I/O. They own their descriptors, so they need no lock. Before every
 * step they check that the caller's channels are still open.
 */
abstract class DirectMover implements Mover {
    private String reason = "";
    private boolean moved;

    /** Passes a step's result on. */
    final long told(long n) {
        moved |= n > 0;
        return n;
    }

    /**
     * Whether an ordinary write must replace this one: the block in which a limit of the file's size ends, see
     * setrlimit(2), cannot be written as a whole, and a part of it only through the cache.
     */
    final boolean isForTheCache(long result) {
        return result < 0 && ErrnoTable.of(Call.DIRECT_PWRITE, result, moved) == Outcome.WITHOUT_FLAG;
    }

    /**
     * Ends a step by an error, as the errno table says.
     *
     * @param call {@link Call#DIRECT_PREAD} or {@link Call#DIRECT_PWRITE}
     */
    final long refused(Call call, long result) throws IOException {
        if (ErrnoTable.of(call, result, moved).declines()) {
            reason = Errno.message(call.text(), result);
            return Step.DECLINED;
        }
        boolean reads = call == Call.DIRECT_PREAD;
        return DescriptorPort.checked(reads ? "pread" : "pwrite", result, reads ? Side.SOURCE : Side.TARGET);
    }

    /** Ends a step at the file's apparent end past the page cache: only a read says whether it is the end. */
    final long ended(DescriptorSource source, long position) throws IOException {
        if (source.endsAt(position)) {
            return Step.END;
        }
        reason = "the file has bytes behind the size that it tells";
        return Step.DECLINED;
    }

    @Override
    public final String declinedBecause() {
        return reason;
    }
}
