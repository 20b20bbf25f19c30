package io.zerocopy.linux.internal.copy;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.sys.C;
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
    static String refusal(KernelMover mover, PipePool pool, Call call) {
        PipePool.Pipe pipe = pool.take();
        if (pipe == null) {
            return null;
        }
        boolean empty = true;
        try {
            long n = mover.target.lease().kind().isFile() ? 0 : target(mover, pipe);
            String refusal = mover.refusalBy(n, Call.SPLICE);
            if (refusal == null && mover.source.lease().kind().isFile()) {
                empty = false;
                n = source(mover, pipe, call);
                empty = n <= 0;
                refusal = mover.refusalBy(n, call);
            }
            return refusal;
        } catch (IOException notNow) {
            return null; // the first step will meet it
        } finally {
            pool.give(pipe, empty);
        }
    }

    private static long target(KernelMover mover, PipePool.Pipe pipe) throws IOException {
        return ChannelLease.call(
                mover.target,
                mover.reliesOnTarget(),
                () -> mover.sys.splice(pipe.readEnd(), 0, mover.target.fd(), 0, 1, FLAGS));
    }

    private static long source(KernelMover mover, PipePool.Pipe pipe, Call call) throws IOException {
        return ChannelLease.call(
                mover.source,
                false,
                () -> call == Call.SENDFILE
                        ? mover.sys.sendfile(pipe.writeEnd(), mover.source.fd(), mover.offset(0, 0), 1)
                        : mover.sys.splice(mover.source.fd(), mover.offset(0, 0), pipe.writeEnd(), 0, 1, FLAGS));
    }
}
