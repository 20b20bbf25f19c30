package io.zerocopy.linux.internal.copy;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import java.io.IOException;

/** One splice(2), for pairs in which at least one end is a pipe: no bytes are ever in between. */
final class SpliceHop extends OneCallMover {
    SpliceHop(SpliceStrategy strategy, DescriptorSource source, DescriptorTarget target) {
        super(strategy, source, target);
    }

    @Override
    public String refusal() throws IOException {
        return TrialCall.refusal(this, Call.SPLICE);
    }

    @Override
    long call(long sourcePosition, long targetPosition, long count) throws IOException {
        long in = source.lease().kind().isFile() ? offset(0, sourcePosition) : 0;
        long out = targetPosition >= 0 ? offset(1, targetPosition) : 0;
        long n = splice(in, out, count);
        if (waits(n)) {
            // The call does not say which end was not ready. A wait for the wrong end would spin or never return.
            boolean fromFile = source.lease().kind().isFile();
            if (!fromFile && !source.isReady()) {
                return Step.AWAIT_SOURCE;
            }
            if (fromFile || !target.isReady()) {
                return Step.AWAIT_TARGET;
            }
            n = splice(in, out, count); // one of them may have become ready since
            if (waits(n) && source.lease().kind() == EndpointKind.DEVICE && !hasMoved()) {
                return declined(Errno.message("splice", n)); // it cannot be spliced without blocking
            }
        }
        return n > 0 ? n : n == 0 || waits(n) ? ASK : refused(n);
    }

    private boolean waits(long n) {
        return n < 0 && outcome(n) == Outcome.WAIT;
    }

    private long splice(long in, long out, long count) {
        return sys.splice(
                source.fd(),
                in,
                target.fd(),
                out,
                Math.min(count, C.MAX_RW_COUNT),
                C.SPLICE_F_MOVE | C.SPLICE_F_NONBLOCK);
    }
}
