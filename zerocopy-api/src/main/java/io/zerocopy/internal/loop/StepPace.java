package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import io.zerocopy.internal.plan.StepTable;
import io.zerocopy.spi.EndpointFacts;
import java.io.IOException;

/**
 * How much one step may move, so that it takes no longer than a moment: between two steps interrupts, closes and the
 * deadline are looked at. A mechanism begins with what {@link StepTable} says, takes twice as much while steps are quick, and
 * less as soon as one was slow, such as one that waits for a disk. Whole blocks of every device, so that a file is copied in
 * blocks where it began with one. Not thread-safe.
 */
final class StepPace {
    private Mechanism mechanism; // null before the first step
    private StepTable.Row row; // of the mechanism; null before the first step
    private long most;

    /** Begins, as if new. */
    void begin() {
        mechanism = null;
        row = null;
    }

    /** Bytes that the next step moves at most, by the mechanism at work. */
    long most(Mechanism by, EndpointFacts target) {
        if (row == null || mechanism != by) {
            mechanism = by;
            row = StepTable.of(by, target);
            most = row.first();
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
        if (nanos > 2 * StepTable.GOAL_NANOS) {
            long less = (long) (Math.min(moved, most) * ((double) StepTable.GOAL_NANOS / nanos));
            most = Math.max(StepTable.LEAST, less & -StepTable.LEAST);
        } else if (nanos < StepTable.GOAL_NANOS / 2 && moved >= most) {
            most = most > row.most() / 2 ? row.most() : 2 * most;
        }
    }
}
