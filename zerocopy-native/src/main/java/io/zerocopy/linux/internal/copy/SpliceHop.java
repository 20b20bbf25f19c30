package io.zerocopy.linux.internal.copy;

import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import java.io.IOException;

/** One splice(2) where at least one end is a pipe: nothing is ever on its way. */
final class SpliceHop extends KernelMover {
    SpliceHop(SpliceStrategy strategy, DescriptorSource source, DescriptorTarget target) {
        super(strategy, source, target);
    }

    @Override
    long call(long sourcePosition, long targetPosition, long count) throws IOException {
        long in = source.lease().kind().isFile() ? offset(0, sourcePosition) : 0;
        long out = targetPosition >= 0 ? offset(1, targetPosition) : 0;
        long n = splice(in, out, count);
        if (waits(n) && !source.lease().kind().isFile()) {
            // The call does not say which end was not ready, and to wait for the wrong one would be to spin, or to
            // sleep.
            if (!source.isReady()) {
                return Step.AWAIT_SOURCE;
            }
            n = splice(in, out, count); // the source may have become ready since
        }
        if (n > 0) {
            return n;
        }
        if (n == 0) {
            return Step.END;
        }
        if (waits(n)) {
            if (source.lease().kind() == EndpointKind.DEVICE && !hasMoved() && target.isReady()) {
                return again(in, out, count);
            }
            return target.lease().kind().isFile() ? Step.AWAIT_SOURCE : Step.AWAIT_TARGET;
        }
        return refused(n);
    }

    private boolean waits(long n) {
        return n < 0 && outcome(n) == Outcome.WAIT;
    }

    /**
     * A device that calls itself ready, as the target is by now, has not been spliced without blocking yet. If that is so
     * again it never will be; the target may just have become ready.
     */
    private long again(long in, long out, long count) throws IOException {
        long n = splice(in, out, count);
        if (n > 0) {
            return n;
        }
        if (n == 0) {
            return Step.END;
        }
        return waits(n) ? declined(Errno.message("splice", n)) : refused(n);
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
