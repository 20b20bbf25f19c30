package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The body of a run: which mechanism is at work, and who takes over when it declines. A mechanism that declines hands
 * over what it took and did not deliver; that goes to the target first, by plain writes, and the next mechanism
 * continues at the exact byte behind it.
 */
final class Body {
    /** A page of zeros, which is punched out of the target again. */
    private static final long PROOF = 4096;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Ends ends;
    private final Planner planner;
    private final Tally tally;
    private final Holes holes;

    private int next; // index into the planner's order of the mechanism to try next
    private Mechanism mechanism; // the one at work, or that was at work last
    private Mechanism chosen; // the first one that was worth trying
    private Mover mover; // null until its first step, and after it has declined
    private ByteBuffer pending = NOTHING; // taken from the source by a mover that has declined since

    Body(Ends ends, Tally tally) {
        this.ends = ends;
        this.planner = ends.planner();
        this.tally = tally;
        this.holes = new Holes(ends);
    }

    /** Takes the next mechanism of the order that is worth trying; fails when there is none. */
    void choose() throws IOException {
        List<Mechanism> order = planner.order();
        while (next < order.size()) {
            Mechanism candidate = order.get(next++);
            if (planner.refusal(candidate) == null) {
                mechanism = candidate;
                chosen = chosen == null ? candidate : chosen;
                return;
            }
        }
        if (tally.body() == 0 && !pending.hasRemaining()) {
            throw new MechanismUnavailableException(tally.withDeclined(planner.asked()));
        }
        throw new IOException("no mechanism is left, " + tally.lastDeclined());
    }

    /** One step: bytes that reached the target, counted, or a code of {@link Step}, never {@link Step#DECLINED}. */
    long step(long targetPosition, long budget) throws IOException {
        if (pending.hasRemaining()) {
            return tally.counted(Mechanism.READ_WRITE, ends.target().write(pending, targetPosition), true);
        }
        long wanted = ends.bound() - tally.body();
        if (wanted <= 0) { // less than nothing where a file was cut shorter than what has moved
            return ended();
        }
        if (mechanism == Mechanism.REFLINK) {
            return move(targetPosition, wanted, budget); // whole: it takes holes along, and moves nothing
        }
        long at = ends.sourceStart() + tally.body();
        long hole = Math.min(holes.at(at), wanted);
        long asked = Math.min(wanted, budget);
        if (hole == 0) {
            return move(targetPosition, Math.min(asked, holes.dataFrom(at)), budget);
        }
        if (tally.body() == 0 && planner.isRequired(mechanism)) {
            return prove(targetPosition, Math.min(asked, hole), budget);
        }
        if (!holes.skip(targetPosition, hole)) {
            return move(targetPosition, asked, budget);
        }
        ends.truncateBehind(targetPosition + hole);
        if (mechanism == Mechanism.TRANSFER_FROM) {
            holes.settle(); // before 21 it moves nothing to behind the target's end
        }
        return tally.skipped(hole);
    }

    /**
     * Has a mechanism that was required by name move the first bytes, although they are a hole: whether it declines must
     * come out before the target is touched.
     */
    private long prove(long targetPosition, long hole, long budget) throws IOException {
        long n = move(targetPosition, Math.min(hole, PROOF), budget);
        if (n > 0 && n <= hole) {
            holes.skip(targetPosition, n);
        }
        return n;
    }

    private long move(long targetPosition, long asked, long budget) throws IOException {
        if (mover == null) {
            mover = planner.strategy(mechanism).open(ends.source(), ends.target(), planner.request(mechanism));
        }
        long n = mover.step(ends.sourceStart() + tally.body(), targetPosition, asked);
        if (n > 0) {
            ends.truncateBehind(targetPosition + n);
            if (n < asked) {
                ends.tighten();
            }
        }
        if (n == Step.DECLINED) {
            fallBack();
            return step(targetPosition, budget);
        }
        return n == Step.END ? ended() : tally.counted(mechanism, n, true);
    }

    /** The source has no more: a hole at its end becomes one of the target. */
    private long ended() throws IOException {
        holes.settle();
        tally.claim(mechanism);
        return Step.END;
    }

    private void fallBack() throws IOException {
        tally.declined(mechanism, mover.declinedBecause());
        pending = mover.residue();
        closeMover();
        choose();
    }

    /** The mechanism at work; null before one was chosen. */
    Mechanism mechanism() {
        return mechanism;
    }

    /** The first mechanism that was worth trying. */
    Mechanism chosen() {
        return chosen;
    }

    /** What was taken from a stream and has not reached the target; ends the body. */
    ByteBuffer residue() throws IOException {
        return pending.hasRemaining() || mover == null ? pending : mover.residue();
    }

    /** Ends the body wherever it stands: what was counted is in the target, holes included. */
    void close() throws IOException {
        closeMover();
        holes.settle();
    }

    private void closeMover() {
        if (mover != null) {
            mover.close();
            mover = null;
        }
    }
}
