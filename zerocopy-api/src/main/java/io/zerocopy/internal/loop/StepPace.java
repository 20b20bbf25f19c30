package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import io.zerocopy.internal.plan.StepTable;
import io.zerocopy.spi.EndpointFacts;
import java.io.IOException;

/**
 * /**
 * Limits how much one step moves, so that it takes only a short time: interrupts, closes and the deadline are checked
 * between two steps. A mechanism begins with the amount in {@link StepTable}. The amount is doubled while steps are fast,
 * and reduced after a slow step, such as one that waits for a disk. It is always a multiple of every device's block size,
 * so a copy that begins at a block continues at a block. Not thread-safe.
 */
final class StepPace {
    private Mechanism mechanism; // null before the first step
    private StepTable.Row row; // of the mechanism; null before the first step
    private long most;

    /** Begins a run, like a new object. */
    void begin() {
        mechanism = null;
        row = null;
    }

    /** The most bytes of the next step, for the mechanism at work. */
    long most(Mechanism by, EndpointFacts target) {
        if (row == null || mechanism != by) {
            mechanism = by;
            row = StepTable.of(by, target);
            most = row.first();
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
        if (nanos > 2 * StepTable.GOAL_NANOS) {
            long less = (long) (Math.min(moved, most) * ((double) StepTable.GOAL_NANOS / nanos));
            most = Math.max(StepTable.LEAST, less & -StepTable.LEAST);
        } else if (nanos < StepTable.GOAL_NANOS / 2 && moved >= most) {
            most = most > row.most() / 2 ? row.most() : 2 * most;
        }
    }
}
