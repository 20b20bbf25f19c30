package io.zerocopy.linux.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import java.io.IOException;

/**
 * ioctl_ficlonerange(2): the target shares the source's extents, so nothing is read or written. Ranges must begin at a
 * block and end at one or at the source's end, inside one file system that can; the kernel is the judge of both, and
 * all of a range is cloned or nothing. The range form serves whole files, too, and never more than was asked for.
 */
final class ReflinkStrategy extends KernelStrategy {
    /** No file system has smaller blocks, so what is not a multiple of this need not be tried. */
    private static final int SMALLEST_BLOCK = 512;

    private static final long USUAL_BLOCK = 4 << 10;
    private static final long LARGEST_BLOCK = 64 << 10;

    ReflinkStrategy(Syscalls sys) {
        super(Mechanism.REFLINK, "ioctl", sys.ioctl(-1, C.FICLONE, -1));
    }

    @Override
    String refusalOfDescriptors(Facts source, Facts target, Request request) {
        if (source.kind() != Kind.FILE || target.kind() != Kind.FILE) {
            return "extents are shared between regular files only";
        }
        if (source.device() != target.device() && !source.fileSystem().equals("btrfs")) {
            return "extents are shared inside one file system only";
        }
        long end = request.sourcePosition() + Math.min(request.count(), source.size());
        boolean aligned = request.sourcePosition() % SMALLEST_BLOCK == 0
                && request.targetPosition() % SMALLEST_BLOCK == 0
                && (request.count() % SMALLEST_BLOCK == 0 || end >= source.size());
        return aligned ? null : "a range that is shared begins and ends at blocks, or at the source's end";
    }

    @Override
    Mover open(DescriptorSource source, DescriptorTarget target) {
        return new KernelMover(source, target) {
            @Override
            long call(long sourcePosition, long targetPosition, long count) throws IOException {
                int result = share(sourcePosition, targetPosition, count);
                if (result >= 0) {
                    return count;
                }
                long whole = count & -(count > LARGEST_BLOCK ? LARGEST_BLOCK : USUAL_BLOCK);
                if (result == -Errno.EINVAL && whole < count && whole > 0) {
                    // An odd end may be shared only where the target ends with it: once this much is, the target is
                    // cut.
                    int again = share(sourcePosition, targetPosition, whole);
                    if (again >= 0) {
                        return whole;
                    }
                }
                return Errno.declinedFileCopy(result)
                        ? declined("ioctl(FICLONERANGE)", result)
                        : DescriptorPort.checked("ioctl(FICLONERANGE)", result);
            }

            private int share(long sourcePosition, long targetPosition, long count) {
                Memory range = memory().putLong(0, source.fd())
                        .putLong(8, sourcePosition)
                        .putLong(16, count)
                        .putLong(24, targetPosition);
                return sys.ioctl(target.fd(), C.FICLONERANGE, range.address());
            }
        };
    }
}
