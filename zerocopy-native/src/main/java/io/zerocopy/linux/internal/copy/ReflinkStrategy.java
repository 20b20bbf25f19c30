package io.zerocopy.linux.internal.copy;

import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * ioctl_ficlonerange(2): the target shares the source's extents, so nothing is read or written. A range must begin at a
 * block boundary and end at one or at the source's end, inside one file system that supports clones. The kernel checks
 * both, and clones all of a range or nothing. The range call also serves whole files, and never clones more than was
 * requested.
 */
public final class ReflinkStrategy extends KernelStrategy {
    /** No file system has smaller blocks, so positions and counts that are no multiple of this need not be tried. */
    private static final int SMALLEST_BLOCK = 512;

    private static final long USUAL_BLOCK = 4 << 10;
    private static final long LARGEST_BLOCK = 64 << 10;

    /** File systems that have no such operation at all. */
    static final Set<String> NEVER = Set.of("ext4", "f2fs", "tmpfs", "ramfs", "vfat");

    /** The refusal of each of them: one text for all plans, since every small copy asks. */
    private static final Map<String, String> REFUSALS = refusals();

    /**
     * The file systems that refused last. Another one may be mounted in the place of such a file system, so each is asked
     * again after a minute, which costs a call.
     */
    private final AtomicReferenceArray<Incapable> incapable = new AtomicReferenceArray<>(16);

    private static final long REMEMBERED_NANOS = 60_000_000_000L;

    /** A file system that does not share extents. */
    private record Incapable(long device, String fileSystem, String reason, long since) {}

    private static Map<String, String> refusals() {
        Map<String, String> refusals = new HashMap<>();
        for (String name : NEVER) {
            refusals.put(name, name + " shares no extents, its answer to ioctl(FICLONERANGE) is EOPNOTSUPP");
        }
        return refusals;
    }

    public ReflinkStrategy(Syscalls sys) {
        super(Mechanism.REFLINK, Call.FICLONERANGE, () -> sys.ioctl(-1, C.FICLONE, -1));
    }

    @Override
    String refusalOfDescriptors(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (source.kind() != EndpointKind.FILE || target.kind() != EndpointKind.FILE) {
            return "extents are shared between regular files only";
        }
        if (source.device() != target.device() && !source.fileSystem().equals("btrfs")) {
            return "extents are shared inside one file system only";
        }
        String known = incapableBecause(target);
        if (known != null) {
            return known;
        }
        long end = request.sourcePosition() + Math.min(request.count(), source.size());
        boolean aligned = request.sourcePosition() % SMALLEST_BLOCK == 0
                && request.targetPosition() % SMALLEST_BLOCK == 0
                && (request.count() % SMALLEST_BLOCK == 0 || end >= source.size());
        return aligned ? null : "a range that is shared begins and ends at blocks, or at the source's end";
    }

    private int slot(EndpointFacts facts) {
        return (int) ((facts.device() ^ facts.device() >>> 32) & (incapable.length() - 1));
    }

    private String incapableBecause(EndpointFacts facts) {
        String never = REFUSALS.get(facts.fileSystem());
        if (never != null) {
            return never;
        }
        Incapable known = incapable.get(slot(facts));
        boolean same = known != null
                && known.device() == facts.device()
                && known.fileSystem().equals(facts.fileSystem())
                && System.nanoTime() - known.since() < REMEMBERED_NANOS;
        return same ? known.reason() : null;
    }

    /**
     * Remembers a file system's answer. A file system without the operation, or one that was made without shared
     * extents, answers EOPNOTSUPP for every file; a probe may ask it again.
     */
    public void remember(EndpointFacts facts, int result) {
        if (result < 0 && ErrnoTable.of(call(), result, false) == Outcome.DECLINE_FOR_FILE_SYSTEM) {
            String reason = Errno.message("this " + facts.fileSystem() + " said to " + call().text(), result);
            long now = System.nanoTime();
            incapable.set(slot(facts), new Incapable(facts.device(), facts.fileSystem(), reason, now));
        } else if (result >= 0 && incapable.get(slot(facts)) != null) {
            incapable.set(slot(facts), null);
        }
    }

    @Override
    KernelMover open(DescriptorSource source, DescriptorTarget target) {
        return new OneCallMover(this, source, target) {
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
                if (outcome(result) == Outcome.WHOLE_BLOCKS && whole < count && whole > 0) {
                    // A range may end inside a block only if the target ends with it: after this clone, the target is
                    // cut.
                    int again = share(sourcePosition, targetPosition, whole);
                    if (again >= 0) {
                        return whole;
                    }
                }
                remember(target.facts(), result);
                return refused(result);
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
