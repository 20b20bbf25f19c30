package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * How much one step may move, so that it takes no longer than a moment: between two steps interrupts, closes and the
 * deadline are looked at. A mechanism begins with little, takes twice as much while steps are quick, and less as soon as one
 * was slow, such as one that waits for a disk. Whole blocks of every device, so that a file is copied in blocks where it
 * began with one. Not thread-safe.
 */
final class StepPace {
    /** They look first what of a file is in memory, and begin with little where it is not. */
    private static final Set<Mechanism> LOOKING =
            EnumSet.of(Mechanism.COPY_FILE_RANGE, Mechanism.SENDFILE, Mechanism.SPLICE, Mechanism.READ_WRITE);

    /** What all others begin with: what a network disk of a few MB/s still moves in time. */
    static final long FIRST = 1 << 20;

    /** No step is told to move less; also the largest block. */
    static final long LEAST = 64 << 10;

    /** More does not save anything that could be measured. */
    static final long MOST = 64 << 20;

    static final long GOAL_NANOS = 50_000_000;

    private Mechanism mechanism; // null before the first step
    private long most = FIRST;

    /** Begins, as if new. */
    void begin() {
        mechanism = null;
    }

    /** Bytes that the next step moves at most, by the mechanism at work. */
    long most(Mechanism by) {
        if (mechanism == null || mechanism != by) {
            mechanism = by;
            most = LOOKING.contains(by) ? MOST : FIRST;
        }
        return most;
    }

    /** Makes a step, and takes note of it. */
    long step(Segment segment, long targetPosition, long most) throws IOException {
        long start = System.nanoTime();
        long n = segment.step(targetPosition, most);
        after(n, System.nanoTime() - start);
        return n;
    }

    /** Takes note of what a step came to. */
    void after(long moved, long nanos) {
        if (moved <= 0) {
            return;
        }
        if (nanos > 2 * GOAL_NANOS) {
            long less = (long) (Math.min(moved, most) * ((double) GOAL_NANOS / nanos));
            most = Math.max(LEAST, less & -LEAST);
        } else if (nanos < GOAL_NANOS / 2 && moved >= most) {
            most = Math.min(MOST, 2 * most);
        }
    }
}
