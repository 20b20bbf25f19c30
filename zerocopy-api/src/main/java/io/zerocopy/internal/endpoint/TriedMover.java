package io.zerocopy.internal.endpoint;

import io.zerocopy.Mechanism;
import io.zerocopy.internal.plan.NamedMechanism;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * Finds out whether a mechanism declines, before it has to move anything: it moves some bytes of a file to behind the end of
 * a target file, which is cut there again. Only for a target that nobody else writes to.
 */
public final class TriedMover {
    /** Bytes of a trial: a page. */
    public static final long PROOF = 4096;

    /** No file system has larger ones. */
    private static final long LARGEST_BLOCK = 1 << 20;

    /** Mechanisms that can be tried on bytes that are cut off again: calls of the kernel, which no interrupt disturbs. */
    private static final Set<Mechanism> TRIED =
            EnumSet.of(Mechanism.REFLINK, Mechanism.COPY_FILE_RANGE, Mechanism.SENDFILE, Mechanism.SPLICE);

    private TriedMover() {}

    /**
     * Tries a mover.
     *
     * @param targetPosition where its first byte belongs
     * @return why it declines; null if it does not, or if that cannot be tried
     */
    public static String refusal(
            Mover mover, NamedMechanism mechanism, Target target, long targetPosition, SourceRange from)
            throws IOException {
        if (!mechanism.isOwn() || !TRIED.contains(mechanism.mechanism())) {
            return null;
        }
        long size = target.size();
        long behind = targetPosition + (size + LARGEST_BLOCK - 1 & -LARGEST_BLOCK); // as far into its block
        long count = mechanism.is(Mechanism.REFLINK) ? from.bound() : Math.min(PROOF, from.bound());
        if (behind < 0 || behind > Long.MAX_VALUE - count) {
            return null;
        }
        try {
            return mover.step(from.start(), behind, count) == Step.DECLINED ? mover.declinedBecause() : null;
        } catch (IOException notNow) {
            return null; // its turn will show whether that is so where the bytes belong
        } finally {
            target.truncate(size);
        }
    }
}
