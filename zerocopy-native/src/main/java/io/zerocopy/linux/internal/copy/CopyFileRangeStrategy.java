package io.zerocopy.linux.internal.copy;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;

/**
 * copy_file_range(2): file to file inside one file system, one call per chunk. The file system may share extents, or
 * copy on its server. Disadvantages: it answers 0 for files that it cannot copy (procfs, FUSE, kernels 5.3 to 5.18), so
 * a 0 before the first byte declines, and a read checks a later 0; it refuses append targets.
 */
public final class CopyFileRangeStrategy extends KernelStrategy {
    public CopyFileRangeStrategy(Syscalls sys) {
        super(Mechanism.COPY_FILE_RANGE, Call.COPY_FILE_RANGE, () -> sys.copy_file_range(-1, 0, -1, 0, 1, 0));
    }

    @Override
    String refusalOfDescriptors(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (source.kind() != EndpointKind.FILE || target.kind() != EndpointKind.FILE) {
            return "copy_file_range copies regular files to regular files";
        }
        return null;
    }

    @Override
    KernelMover open(DescriptorSource source, DescriptorTarget target) {
        return new RangeMover(this, source, target);
    }

    private static final class RangeMover extends OneCallMover {
        RangeMover(CopyFileRangeStrategy strategy, DescriptorSource source, DescriptorTarget target) {
            super(strategy, source, target);
        }

        /** A call for no bytes finds most of what the kernel refuses, though not what the file system does. */
        @Override
        public String refusal() throws IOException {
            long n = ChannelLease.call(source, false, target, false, this::copyNothing);
            return refusalBy(n, Call.COPY_FILE_RANGE, Side.UNKNOWN);
        }

        private long copyNothing() {
            return sys.copy_file_range(source.fd(), offset(0, 0), target.fd(), offset(1, 0), 0, 0);
        }

        /** Other file systems may share extents, or copy on their server. */
        @Override
        boolean readsPages() {
            return ReflinkStrategy.NEVER.contains(source.facts().fileSystem());
        }

        @Override
        long call(long sourcePosition, long targetPosition, long count) throws IOException {
            long n = sys.copy_file_range(
                    source.fd(),
                    offset(0, sourcePosition),
                    target.fd(),
                    offset(1, targetPosition),
                    Math.min(count, CallSizes.COPY_FILE_RANGE),
                    0);
            if (n > 0) {
                return n;
            }
            if (n == 0) {
                return hasMoved() ? ASK : declined("copy_file_range: 0 bytes where there should be some");
            }
            return outcome(n) == Outcome.PLAINLY ? ASK : refused(n);
        }
    }
}
