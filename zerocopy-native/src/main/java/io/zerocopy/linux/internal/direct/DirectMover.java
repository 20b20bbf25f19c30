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
 * What the three movers of direct I/O have in common. Their descriptors are their own, so no lock keeps them; that the
 * caller's channels are open still is looked at before every step.
 */
abstract class DirectMover implements Mover {
    private String reason = "";
    private boolean moved;

    /** Passes on what a step came to. */
    final long told(long n) {
        moved |= n > 0;
        return n;
    }

    /**
     * Whether an ordinary write has to do what this one could not: the block in which a limit of the file's size ends, see
     * setrlimit(2), cannot be written in whole, and a part of it only through the cache.
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

    /** Ends where a file seems to end past the page cache: only a read says so. */
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
