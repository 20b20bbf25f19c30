package io.zerocopy.linux.internal;

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
        return moved && result == -Errno.EINVAL;
    }

    /**
     * Declines where a call was refused before anything had moved: some file systems have such files open and do not read
     * or write them, and a ring that can have no thread cancels.
     */
    final long refused(String call, long result) throws IOException {
        boolean refuses = result == -Errno.EINVAL || result == -Errno.EOPNOTSUPP || result == -Errno.ECANCELED;
        if (!moved && refuses) {
            reason = Errno.message(call + "(O_DIRECT)", result);
            return Step.DECLINED;
        }
        return DescriptorPort.checked(call, result);
    }

    @Override
    public final String declinedBecause() {
        return reason;
    }
}
