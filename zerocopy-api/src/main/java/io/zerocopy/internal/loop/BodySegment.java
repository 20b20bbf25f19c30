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
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The body of a run, or one part of it: which mechanism is at work, and who takes over when it declines. A mechanism
 * that declines hands over what it took and did not deliver; that goes to the target first, by plain writes, and the
 * next mechanism continues at the exact byte behind it.
 */
final class BodySegment implements Segment {
    private static final NamedMechanism READ_WRITE = NamedMechanism.of(Mechanism.READ_WRITE);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final OpenEndpoints endpoints;
    private final TransferStats stats;
    private final Holes holes;
    private SourceRange from;
    private Planner planner;
    private DropBehind trail; // null where nobody asked for it

    private int next; // index into the planner's order of the mechanism to try next
    private boolean keeps; // whether the mover may be wanted again
    private NamedMechanism mechanism; // the one at work, or that was at work last
    private Mover mover; // null until its first step, and after it has declined
    private long moved; // bytes that reached the target
    private ByteBuffer pending = NOTHING; // taken from the source by a mover that has declined since

    BodySegment(OpenEndpoints endpoints, TransferStats stats) {
        this.endpoints = endpoints;
        this.stats = stats;
        this.holes = new Holes(endpoints);
    }

    /** Moves a range, as if new. */
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

    /** Has the mover kept, for the same range. */
    void keep() {
        keeps = true;
    }

    /** Moves the same range again, by the same mechanism. */
    void again() throws IOException {
        moved = 0;
        holes.begin(from);
    }

    /** Whether the mover that has moved all of it can do so again. */
    boolean isAtRest() {
        return mover != null;
    }

    /** Lets everything go, when all is over. */
    void end() {
        mover = null;
        from = null;
        planner = null;
        trail = null;
        pending = NOTHING;
        holes.end();
    }

    /** Takes the next mechanism of the order that is worth trying; fails when there is none. */
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
        if (wanted <= 0) { // less than nothing where a file was cut shorter than what has moved
            return ended();
        }
        if (mechanism.is(Mechanism.REFLINK)) {
            if (moved == 0 && !planner.mayRunOut()) {
                endpoints.truncateBehind(
                        targetPosition); // the odd end of a file is shared only where the target ends too
            }
            return move(targetPosition, wanted, budget); // whole: it takes holes along, and moves nothing
        }
        long at = from.start() + moved;
        long hole = Math.min(holes.at(at), wanted);
        long asked = Math.min(wanted, trail == null ? budget : Math.min(budget, DropBehind.WINDOW));
        if (hole == 0) {
            return move(targetPosition, Math.min(asked, holes.dataFrom(at)), budget);
        }
        if (moved == 0 && (planner.isRequired(mechanism) || planner.mayRunOut())) {
            return prove(targetPosition, Math.min(asked, hole), budget);
        }
        endpoints.truncateBehind(targetPosition); // a hole is made in what is left
        if (!holes.skip(targetPosition, hole)) {
            return move(targetPosition, asked, budget);
        }
        moved += hole;
        stats.skipped(hole);
        if (mechanism.is(Mechanism.TRANSFER_FROM)) {
            extend(); // before 21 it moves nothing to behind the target's end
        }
        leave(at, targetPosition, hole);
        return hole;
    }

    /**
     * Has a mechanism that was required, or behind which there is none that never declines, move the first bytes, although
     * they are a hole: whether it declines must come out before the target is touched.
     */
    private long prove(long targetPosition, long hole, long budget) throws IOException {
        long n = move(targetPosition, Math.min(hole, TriedMover.PROOF), budget);
        if (n > 0 && n <= hole) {
            holes.skip(targetPosition, n);
        }
        return n;
    }

    /**
     * Finds a mechanism that does not decline, before the bytes ahead of these have moved. To a file that this transfer alone
     * writes to, a copying call of the kernel moves some bytes to behind the end of the file, which is cut there again. To any
     * other target, and by any other mechanism, such bytes could not be taken back, so only those mechanisms are found out
     * that can tell without moving anything.
     */
    void proveServed() throws IOException {
        if (from.bound() <= 0 || !planner.mayRunOut()) {
            return;
        }
        boolean served = false;
        while (!served) {
            mover = opened();
            String refusal = mover.refusal();
            if (refusal == null && from.facts().kind().isFile() && endpoints.isTargetOwnFile()) {
                refusal = TriedMover.refusal(mover, mechanism, endpoints.target(), planner.targetPosition(), from);
            }
            served = refusal == null;
            if (!served) {
                stats.declined(mechanism, refusal);
            }
            closeMover(); // what it took of a file is read again
            if (!served) {
                choose();
            }
        }
    }

    private Mover opened() throws IOException {
        return planner.strategy(mechanism).open(from.port(), endpoints.target(), planner.request(mechanism));
    }

    /**
     * Moves the first bytes of a file that a caller's channel stands before, by a call that moves the channel's own position
     * by itself. If it moves all that is wanted, or less than it was asked for and then a read finds the end, nobody has
     * to ask for the position or the size, nor to set the position at last. Otherwise both are asked for now, and the
     * transfer goes on as it would have begun with them.
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
        if (first && n > 0 && (n < asked || moved == from.bound())) {
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
                n); // before anything else that may fail: these bytes have arrived
        leave(at, targetPosition, n);
        endpoints.truncateBehind(targetPosition + n);
        if (n < asked) {
            from.tighten();
        }
        return n;
    }

    /** Takes note of what has moved, or was a hole, for who clears the page cache. */
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

    /** The source has no more: a hole at its end becomes one of the target. */
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

    /** The mechanism at work; null before one was chosen. */
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

    /** Ends the body wherever it stands: what was counted is in the target, holes included. */
    @Override
    public void close() throws IOException {
        closeMover();
        extend();
    }

    /** Makes the target as long as the holes at its end; where that fails, what lies behind its end does not count. */
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
