package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.internal.endpoint.DropBehind;
import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.endpoint.SourceRange;
import io.zerocopy.internal.endpoint.TriedMover;
import io.zerocopy.internal.plan.NamedMechanism;
import io.zerocopy.internal.plan.OrderTable;
import io.zerocopy.internal.plan.Planner;
import io.zerocopy.internal.plan.StepTable;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Moves the body of a run, or one part of it: chooses the mechanism, and the next one if it declines. A mechanism that
 * declines returns the bytes that it took and did not deliver. Plain writes move these to the target first, and the
 * next mechanism continues at the exact byte after them.
 */
final class BodySegment implements Segment {
    private static final NamedMechanism READ_WRITE = NamedMechanism.of(Mechanism.READ_WRITE);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final OpenEndpoints endpoints;
    private final TransferStats stats;
    private final Holes holes;
    private SourceRange from;
    private Planner planner;
    private DropBehind trail; // null unless the caller asked for it

    private int next; // index into the planner's order of the mechanism to try next
    private boolean keeps; // whether the mover may be used again
    private NamedMechanism mechanism; // the mechanism at work, or the last one
    private Mover mover; // null until its first step, and after it has declined
    private long moved; // bytes that reached the target
    private ByteBuffer pending = NOTHING; // bytes that a mover took from the source before it declined

    BodySegment(OpenEndpoints endpoints, TransferStats stats) {
        this.endpoints = endpoints;
        this.stats = stats;
        this.holes = new Holes(endpoints);
    }

    /** Begins to move a range, like a new object. */
    BodySegment begin(SourceRange range, Planner judge) throws IOException {
        keeps = false;
        from = range;
        planner = judge;
        next = 0;
        mechanism = null;
        moved = 0;
        pending = NOTHING;
        holes.begin(from);
        trail = endpoints.pageTrail(from.port());
        return this;
    }

    /** Keeps the mover after its end, for the same range. */
    void keep() {
        keeps = true;
    }

    /** Begins to move the same range again, by the same mechanism. */
    void again() throws IOException {
        moved = 0;
        holes.begin(from);
    }

    /** Whether the mover has moved the whole range and can move it again. */
    boolean isAtRest() {
        return mover != null;
    }

    /** Releases all references at the end. */
    void end() {
        mover = null;
        from = null;
        planner = null;
        trail = null;
        pending = NOTHING;
        holes.end();
    }

    /** Takes the next mechanism of the order that is worth trying; fails if there is none. */
    void choose() throws IOException {
        List<NamedMechanism> order = planner.order();
        while (next < order.size()) {
            NamedMechanism candidate = order.get(next++);
            if (planner.refusal(candidate) == null) {
                mechanism = candidate;
                return;
            }
        }
        if (stats.body() == 0 && !pending.hasRemaining()) {
            throw new MechanismUnavailableException(stats.withDeclined(planner.asked()));
        }
        throw new IOException("no mechanism is left, " + stats.lastDeclined());
    }

    @Override
    public long step(long targetPosition, long budget) throws IOException {
        if (pending.hasRemaining()) {
            long n = counted(READ_WRITE, endpoints.target().write(pending, targetPosition));
            if (n > 0) {
                endpoints.truncateBehind(targetPosition + n);
            }
            return n;
        }
        if (from.isAtOwnPosition()) {
            return stepAtOwnPosition(targetPosition, budget);
        }
        long wanted = from.bound() - moved;
        if (wanted <= 0) { // negative if a file was truncated to less than what has moved
            return ended();
        }
        if (mechanism.is(Mechanism.REFLINK)) {
            if (moved == 0 && !planner.mayRunOut()) {
                endpoints.truncateBehind(targetPosition); // a last, partial block is shared only at the target's end
            }
            return move(targetPosition, wanted, budget); // the whole range: REFLINK includes holes and moves no bytes
        }
        long at = from.start() + moved;
        long hole = Math.min(holes.at(at), wanted);
        long asked = Math.min(wanted, trail == null ? budget : Math.min(budget, StepTable.DROPPED_TOGETHER));
        if (hole == 0) {
            return move(targetPosition, Math.min(asked, holes.dataFrom(at)), budget);
        }
        if (moved == 0 && (planner.isRequired(mechanism) || planner.mayRunOut())) {
            return prove(targetPosition, Math.min(asked, hole), budget);
        }
        endpoints.truncateBehind(targetPosition); // the hole is then made in the remaining file
        if (!holes.skip(targetPosition, hole)) {
            return move(targetPosition, asked, budget);
        }
        moved += hole;
        stats.skipped(hole);
        if (mechanism.is(Mechanism.TRANSFER_FROM)) {
            extend(); // before JDK 21 it moves nothing to a position beyond the target's end
        }
        leave(at, targetPosition, hole);
        return hole;
    }

    /**
     * Moves the first bytes by the mechanism although they are a hole. This is done if the mechanism is required, or if
     * every remaining mechanism may decline: then it must be known before the target changes whether this one declines.
     */
    private long prove(long targetPosition, long hole, long budget) throws IOException {
        long n = move(targetPosition, Math.min(hole, TriedMover.PROOF), budget);
        if (n > 0 && n <= hole) {
            holes.skip(targetPosition, n);
        }
        return n;
    }

    /**
     * Finds a mechanism that does not decline, before the bytes ahead of this body move. If only this transfer writes
     * to the target file, a copying system call moves some bytes beyond the end of the file, and the file is then
     * truncated to its old size. With any other target or mechanism, such bytes could not be removed again. There, a
     * mechanism is only excluded if it can say without moving bytes that it declines.
     */
    void proveServed() throws IOException {
        if (from.bound() <= 0 || !planner.mayRunOut()) {
            return;
        }
        boolean served = false;
        while (!served) {
            mover = opened();
            String refusal;
            try {
                refusal = mover.refusal();
                if (refusal == null && from.facts().kind().isFile() && endpoints.isTargetOwnFile()) {
                    refusal = TriedMover.refusal(mover, mechanism, endpoints.target(), planner.targetPosition(), from);
                }
            } finally {
                closeMover(); // the bytes that it took from a file are read again later
            }
            served = refusal == null;
            if (!served) {
                stats.declined(mechanism, refusal);
                choose();
            }
        }
    }

    private Mover opened() throws IOException {
        return planner.strategy(mechanism).open(from.port(), endpoints.target(), planner.request(mechanism));
    }

    /**
     * Moves bytes of a file from the position of the caller's channel, by a call that moves this position itself. If the
     * call moves all bytes, or fewer than asked and then a read finds the end, position and size are never asked for, and
     * the position is not set. Otherwise both are asked for now, and the transfer goes on as if it began with them. So it
     * does if the caller excludes READ_WRITE: the read might find more bytes, and would move them by READ_WRITE.
     */
    private long stepAtOwnPosition(long targetPosition, long budget) throws IOException {
        long asked = Math.min(from.bound() - moved, Math.min(budget, OrderTable.ONE_STEP));
        if (asked <= 0) {
            return ended();
        }
        mover = mover == null ? opened() : mover;
        boolean first = moved == 0;
        long n = mover.servesOwnPosition() ? mover.step(Source.OWN_POSITION, targetPosition, asked) : Step.DECLINED;
        if (n == Step.END) {
            return ended();
        }
        if (n > 0) {
            counted(mover.movedBy() == null ? mechanism : NamedMechanism.of(mover.movedBy()), n);
        }
        if (first && n > 0 && (moved == from.bound() || (n < asked && planner.refusal(READ_WRITE) == null))) {
            return n;
        }
        from.locate(moved);
        from.tighten();
        closeMover();
        planner = endpoints.planner();
        next = 0;
        choose();
        return n == Step.DECLINED ? step(targetPosition, budget) : n;
    }

    private long move(long targetPosition, long asked, long budget) throws IOException {
        mover = mover == null ? opened() : mover;
        long at = from.start() + moved;
        long n = mover.step(at, targetPosition, asked);
        if (n == Step.DECLINED) {
            fallBack();
            return step(targetPosition, budget);
        }
        if (n == Step.END) {
            return ended();
        }
        if (n <= 0) {
            return n;
        }
        Mechanism by = mover.movedBy();
        counted(
                by == null ? mechanism : NamedMechanism.of(by),
                n); // first of all, because these bytes have arrived and the next calls may fail
        leave(at, targetPosition, n);
        endpoints.truncateBehind(targetPosition + n);
        if (n < asked) {
            from.tighten();
        }
        return n;
    }

    /** Reports bytes that have moved, or were a hole, to the object that clears the page cache. */
    private void leave(long position, long targetPosition, long n) throws IOException {
        if (trail != null && !mechanism.is(Mechanism.REFLINK)) {
            trail.moved(position, targetPosition, n);
        }
    }

    private long counted(NamedMechanism by, long n) {
        if (n > 0) {
            moved += n;
            stats.claim(by);
            stats.add(by, n, n);
        }
        return n;
    }

    /** Ends the body at the end of the source: a hole at its end becomes a hole of the target. */
    private long ended() throws IOException {
        if (from.whole() && moved < from.bound()) {
            throw Segment.early(from.bound() - moved);
        }
        extend();
        if (trail != null) {
            trail.end();
        }
        stats.claim(mechanism);
        return Step.END;
    }

    @Override
    public long settle() throws IOException {
        long n = mover == null ? Step.END : mover.settle();
        if (n == Step.END && mover != null && !mover.shortfall().isEmpty()) {
            stats.declined(mechanism, mover.shortfall());
        }
        return n;
    }

    private void fallBack() throws IOException {
        stats.declined(mechanism, mover.declinedBecause());
        pending = mover.residue();
        closeMover();
        choose();
    }

    /** The mechanism at work; null before the first was chosen. */
    NamedMechanism mechanism() {
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
    public void finish() throws IOException {
        if (mover != null && !(keeps && mover.rest())) {
            closeMover();
        }
        extend();
    }

    /** Ends the body at its current position: all counted bytes are in the target, including holes. */
    @Override
    public void close() throws IOException {
        closeMover();
        extend();
    }

    /** Extends the target by the holes at its end. If that fails, the bytes beyond its end do not count. */
    private void extend() throws IOException {
        try {
            holes.settle();
        } catch (IOException e) {
            moved -= stats.unclaim(holes.lacking());
            throw e;
        }
    }

    private void closeMover() {
        if (mover != null) {
            mover.close();
            mover = null;
        }
    }
}
