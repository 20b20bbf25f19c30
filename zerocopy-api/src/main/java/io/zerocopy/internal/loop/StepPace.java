package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * Limits how much one step moves, so that it takes only a short time: interrupts, closes and the deadline are checked
 * between two steps. A mechanism begins with a small amount. The amount is doubled while steps are fast, and reduced
 * after a slow step, such as one that waits for a disk. It is always a multiple of every device's block size, so a copy
 * that begins at a block continues at a block. Not thread-safe.
 */
final class StepPace {
    /**
     * Mechanisms that first check which bytes of a file are in memory, and begin with a small amount if they are not.
     */
    private static final Set<Mechanism> LOOKING =
            EnumSet.of(Mechanism.COPY_FILE_RANGE, Mechanism.SENDFILE, Mechanism.SPLICE, Mechanism.READ_WRITE);

    /** The first amount of all other mechanisms: even a network disk of a few MB/s moves it in time. */
    static final long FIRST = 1 << 20;

    /** The smallest amount of a step; also the largest block size. */
    static final long LEAST = 64 << 10;

    /** A larger amount saves nothing that could be measured. */
    static final long MOST = 64 << 20;

    static final long GOAL_NANOS = 50_000_000;

    private Mechanism mechanism; // null before the first step
    private long most = FIRST;

    /** Begins a run, like a new object. */
    void begin() {
        mechanism = null;
    }

    /** The most bytes of the next step, for the mechanism at work. */
    long most(Mechanism by) {
        if (mechanism == null || mechanism != by) {
            mechanism = by;
            most = LOOKING.contains(by) ? MOST : FIRST;
        }
        return most;
    }

    /** Makes a step, and records its result. */
    long step(Segment segment, long targetPosition, long most) throws IOException {
        long start = System.nanoTime();
        long n = segment.step(targetPosition, most);
        after(n, System.nanoTime() - start);
        return n;
    }

    /** Records the result of a step. */
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
