package io.zerocopy.linux.internal.copy;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.sys.C;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;

/**
 * Finds out whether sendfile(2) or splice(2) serves a pair, before other bytes go ahead to the target. Nothing moves
 * that anybody could miss: the target is asked with an empty pipe of the pool, which it refuses to take or finds empty;
 * of a file as source one byte goes into that pipe, and is thrown away. A device as source is not asked, because its
 * bytes cannot be put back.
 */
final class TrialCall {
    private static final int FLAGS = C.SPLICE_F_MOVE | C.SPLICE_F_NONBLOCK;

    private TrialCall() {}

    /** Why the first step of a mover would decline; null if that cannot be told before. */
    static String refusal(KernelMover mover, Call call) throws IOException {
        PipePool pool = mover.pool();
        PipePool.Pipe pipe = pool.take();
        if (pipe == null) {
            return null;
        }
        boolean empty = true;
        try {
            long n = ChannelLease.call(mover.target, mover.reliesOnTarget(), () -> target(mover, pipe));
            String refusal = mover.refusalBy(n, Call.SPLICE, Side.TARGET);
            if (refusal == null && mover.source.lease().kind().isFile()) {
                empty = false;
                n = ChannelLease.call(mover.source, false, () -> source(mover, pipe));
                empty = n <= 0;
                refusal = mover.refusalBy(n, call, Side.SOURCE);
            }
            return refusal;
        } finally {
            pool.give(pipe, empty);
        }
    }

    /** Sockets and pipes can always be spliced to. */
    private static long target(KernelMover mover, PipePool.Pipe pipe) {
        return mover.target.lease().kind() == EndpointKind.DEVICE
                ? mover.sys.splice(pipe.readEnd(), 0, mover.target.fd(), 0, 1, FLAGS)
                : 0;
    }

    /** sendfile(2) reads a file in the same way. */
    private static long source(KernelMover mover, PipePool.Pipe pipe) {
        long from = mover.offset(0, mover.firstPosition());
        return mover.sys.splice(mover.source.fd(), from, pipe.writeEnd(), 0, 1, FLAGS);
    }
}
