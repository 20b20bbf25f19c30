package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The body of a run, or one part of it: which mechanism is at work, and who takes over when it declines. A mechanism
 * that declines hands over what it took and did not deliver; that goes to the target first, by plain writes, and the
 * next mechanism continues at the exact byte behind it.
 */
final class Body implements Stretch {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Ends ends;
    private final SourceRange from;
    private final Planner planner;
    private final Tally tally;

    private int next; // index into the planner's order of the mechanism to try next
    private Mechanism mechanism; // the one at work, or that was at work last
    private Mover mover; // null until its first step, and after it has declined
    private long moved; // bytes that reached the target
    private ByteBuffer pending = NOTHING; // taken from the source by a mover that has declined since

    Body(Ends ends, SourceRange from, Planner planner, Tally tally) {
        this.ends = ends;
        this.from = from;
        this.planner = planner;
        this.tally = tally;
    }

    /** Takes the next mechanism of the order that is worth trying; fails when there is none. */
    void choose() throws IOException {
        List<Mechanism> order = planner.order();
        while (next < order.size()) {
            Mechanism candidate = order.get(next++);
            if (planner.refusal(candidate) == null) {
                mechanism = candidate;
                return;
            }
        }
        if (tally.body() == 0 && !pending.hasRemaining()) {
            throw new MechanismUnavailableException(tally.withDeclined(planner.asked()));
        }
        throw new IOException("no mechanism is left, " + tally.lastDeclined());
    }

    @Override
    public long step(long targetPosition, long budget) throws IOException {
        if (pending.hasRemaining()) {
            return counted(Mechanism.READ_WRITE, ends.target().write(pending, targetPosition));
        }
        long wanted = from.bound() - moved;
        if (wanted <= 0) { // less than nothing where a file was cut shorter than what has moved
            return ended();
        }
        if (mover == null) {
            mover = planner.strategy(mechanism).open(from.port(), ends.target(), planner.request(mechanism));
        }
        long asked = Math.min(wanted, budget);
        long n = mover.step(from.start() + moved, targetPosition, asked);
        if (n > 0) {
            ends.truncateBehind(targetPosition + n);
            if (n < asked) {
                from.tighten();
            }
        }
        if (n == Step.DECLINED) {
            fallBack();
            return step(targetPosition, budget);
        }
        if (n == Step.END) {
            return ended();
        }
        Mechanism by = n > 0 ? mover.movedBy() : null;
        return counted(by == null ? mechanism : by, n);
    }

    private long counted(Mechanism by, long n) {
        if (n > 0) {
            moved += n;
            tally.add(by, n, n);
        }
        return n;
    }

    private long ended() throws IOException {
        if (from.whole() && moved < from.bound()) {
            throw new EOFException("the file ends " + (from.bound() - moved) + " bytes early");
        }
        return Step.END;
    }

    @Override
    public long settle() throws IOException {
        long n = mover == null ? Step.END : mover.settle();
        if (n == Step.END && mover != null && !mover.shortfall().isEmpty()) {
            tally.declined(mechanism, mover.shortfall());
        }
        return n;
    }

    private void fallBack() throws IOException {
        tally.declined(mechanism, mover.declinedBecause());
        pending = mover.residue();
        close();
        choose();
    }

    /** The mechanism at work; null before one was chosen. */
    Mechanism mechanism() {
        return mechanism;
    }

    @Override
    public long pending() {
        return from.bound() == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, from.bound() - moved);
    }

    @Override
    public Source source() {
        return from.port();
    }

    @Override
    public ByteBuffer residue() throws IOException {
        return pending.hasRemaining() || mover == null ? pending : mover.residue();
    }

    @Override
    public void close() {
        if (mover != null) {
            mover.close();
            mover = null;
        }
    }
}
