package io.zerocopy.linux.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

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

    /** File systems that never share, so that the answer to one file is the answer to all. */
    static final Set<String> UNIFORM = Set.of("ext4", "f2fs", "tmpfs", "ramfs", "vfat");

    /** The file systems that were asked last and cannot. At worst, one that was mounted in another's place is copied. */
    private final AtomicReferenceArray<Incapable> incapable = new AtomicReferenceArray<>(16);

    /** A file system that does not share extents. */
    private record Incapable(long device, String fileSystem, String reason) {}

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
        String known = request.preference() == Preference.REQUIRE ? null : incapableBecause(target);
        if (known != null) {
            return known;
        }
        long end = request.sourcePosition() + Math.min(request.count(), source.size());
        boolean aligned = request.sourcePosition() % SMALLEST_BLOCK == 0
                && request.targetPosition() % SMALLEST_BLOCK == 0
                && (request.count() % SMALLEST_BLOCK == 0 || end >= source.size());
        return aligned ? null : "a range that is shared begins and ends at blocks, or at the source's end";
    }

    private int slot(Facts facts) {
        return (int) ((facts.device() ^ facts.device() >>> 32) & (incapable.length() - 1));
    }

    private String incapableBecause(Facts facts) {
        Incapable known = incapable.get(slot(facts));
        boolean same = known != null
                && known.device() == facts.device()
                && known.fileSystem().equals(facts.fileSystem());
        return same ? known.reason() : null;
    }

    private void remember(Facts facts, int result) {
        if ((result == -Errno.EOPNOTSUPP || result == -Errno.ENOTTY) && UNIFORM.contains(facts.fileSystem())) {
            String reason = Errno.message("this " + facts.fileSystem() + " said to ioctl(FICLONERANGE)", result);
            incapable.set(slot(facts), new Incapable(facts.device(), facts.fileSystem(), reason));
        }
    }

    @Override
    Mover open(DescriptorSource source, DescriptorTarget target) {
        return new KernelMover(source, target) {
            @Override
            boolean isBounded() {
                return false; // a range is shared as a whole, whatever its size
            }

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
                remember(target.facts(), result);
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
