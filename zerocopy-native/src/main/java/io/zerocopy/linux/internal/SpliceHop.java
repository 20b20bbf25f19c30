package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Step;
import java.io.IOException;

/** One splice(2) where at least one end is a pipe: nothing is ever on its way. */
final class SpliceHop extends KernelMover {
    SpliceHop(DescriptorSource source, DescriptorTarget target) {
        super(source, target);
    }

    @Override
    long call(long sourcePosition, long targetPosition, long count) throws IOException {
        long in = source.handle.kind().isFile() ? offset(0, sourcePosition) : 0;
        long out = targetPosition >= 0 ? offset(1, targetPosition) : 0;
        long n = sys.splice(
                source.fd(),
                in,
                target.fd(),
                out,
                Math.min(count, C.MAX_RW_COUNT),
                C.SPLICE_F_MOVE | C.SPLICE_F_NONBLOCK);
        if (n > 0) {
            return n;
        }
        if (n == 0) {
            return Step.END;
        }
        if (n == -Errno.EAGAIN) {
            // The call does not say which end was not ready, and to wait for the wrong one would be to spin.
            boolean fileSource = source.handle.kind().isFile() || source.handle.kind() == Kind.DEVICE;
            return fileSource || source.isReady() ? Step.AWAIT_TARGET : Step.AWAIT_SOURCE;
        }
        return Errno.declined(n) ? declined("splice", n) : DescriptorPort.checked("splice", n);
    }
}
