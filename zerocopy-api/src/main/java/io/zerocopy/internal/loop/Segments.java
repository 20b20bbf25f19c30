package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.endpoint.SourceRange;
import io.zerocopy.internal.plan.NamedMechanism;
import io.zerocopy.internal.plan.Parts;
import io.zerocopy.internal.plan.Planner;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a run does, in order: header, body or its parts, trailer, each in the manner that suits it. What is gathered and
 * follows one another is one {@link GatherSegment}; everything else is a {@link BodySegment} of its own.
 */
final class Segments {
    private static final Deque<Segment> NONE = new ArrayDeque<>(0); // of which nothing is ever made

    private final OpenEndpoints endpoints;
    private final TransferStats stats;
    private final BodySegment first;
    private final List<Segment> alone; // as a rule
    private List<Segment> segments = List.of();
    private Deque<Segment> unsettled = NONE; // over, but for memory that the kernel still reads
    private GatherSegment gather; // the last segment, if it is one that can be added to
    private NamedMechanism chosen; // of the first body
    private boolean proven; // that some mechanism takes what stands behind other bytes
    private int at;

    Segments(OpenEndpoints endpoints, TransferStats stats) {
        this.endpoints = endpoints;
        this.stats = stats;
        this.first = new BodySegment(endpoints, stats);
        this.alone = List.of(first);
    }

    /** Puts the segments of a run together, as if new; or begins the same run again. */
    void begin(TransferSpec spec, boolean again) throws IOException {
        if (again) {
            at = 0;
            first.again();
            return;
        }
        add(spec.header());
        if (spec.source() instanceof Parts) {
            addParts(spec);
        } else {
            SourceRange range = endpoints.ranges().get(0);
            add(first.begin(range, endpoints.planner()), range, spec.accompanied());
        }
        add(spec.trailer());
    }

    /** Has the mover kept, if there is one body alone. */
    void keep() {
        if (segments == alone && endpoints.keep()) {
            first.keep();
        }
    }

    /** Whether all has moved so that it can be begun again. */
    boolean isAtRest() {
        return segments == alone && first.isAtRest() && !stats.isAnyDeclined();
    }

    /** Lets everything go, when all is over. */
    void end() {
        first.end();
        segments = List.of();
        unsettled = NONE;
        gather = null;
        chosen = null;
        proven = false;
        at = 0;
    }

    private void addParts(TransferSpec spec) throws IOException {
        List<Planner> planners = endpoints.planners();
        for (int i = 0; i < planners.size(); i++) {
            SourceRange range = endpoints.ranges().get(i);
            add(new BodySegment(endpoints, stats).begin(range, planners.get(i)), range, spec.accompanied());
        }
        Planner.requireAll(spec, planners);
    }

    /**
     * Before the first byte moves: has every body behind the first segment show that some mechanism takes it, where each that
     * is left may decline. With none left, the transfer must fail before the bytes ahead have moved.
     */
    void prove() throws IOException {
        if (proven) {
            return;
        }
        for (int i = 1; i < segments.size(); i++) {
            if (segments.get(i) instanceof BodySegment body) {
                body.proveServed();
            }
        }
        endpoints.truncateAhead();
        proven = true;
    }

    /** One segment, as a rule. */
    private void append(Segment segment) {
        if (segments.isEmpty()) {
            segments = segment == first ? alone : List.of(segment);
            return;
        }
        if (segments.size() == 1) {
            segments = new ArrayList<>(segments);
        }
        segments.add(segment);
    }

    private void add(ByteBuffer[] around) {
        if (TransferSpec.remaining(around) > 0 && (gather == null || !gather.add(around, false))) {
            gather = new GatherSegment(endpoints, stats);
            gather.add(around, false);
            append(gather);
        }
    }

    private void add(BodySegment body, SourceRange range, boolean accompanied) throws IOException {
        body.choose();
        chosen = chosen == null ? body.mechanism() : chosen;
        if (!accompanied || !body.mechanism().is(Mechanism.GATHER_WRITE) || !gathered(range)) {
            append(body);
            gather = null;
        }
    }

    private boolean gathered(SourceRange range) {
        if (gather != null && gather.add(range)) {
            return true;
        }
        GatherSegment next = new GatherSegment(endpoints, stats);
        if (!next.add(range)) {
            return false;
        }
        gather = next;
        append(next);
        return true;
    }

    /** The segment at work; null when all is done. */
    Segment current() {
        return at < segments.size() ? segments.get(at) : null;
    }

    /** Goes on to the next segment; what the last one has sent in place is waited for at the end. */
    void advance() throws IOException {
        Segment over = segments.get(at++);
        if (over.settle() == Step.END) {
            over.finish();
        } else {
            unsettled = unsettled == NONE ? new ArrayDeque<>() : unsettled;
            unsettled.addLast(over);
        }
    }

    /** Finishes what segments have left to do, when all of them are over. */
    long settle() throws IOException {
        while (!unsettled.isEmpty()) {
            long n = unsettled.peekFirst().settle();
            if (n != Step.END) {
                return n;
            }
            unsettled.removeFirst().close();
        }
        return Step.END;
    }

    /**
     * Whether bytes follow at once on those that the segment at work moves next, as far as can be known.
     *
     * @param budget most that it moves
     */
    boolean moreFollows(long budget) {
        if (current() instanceof GatherSegment cut && cut.pending() > budget) {
            return true;
        }
        for (int i = at + 1; i < segments.size(); i++) {
            if (segments.get(i).pending() > 0) {
                return true;
            }
        }
        return false;
    }

    /** What is read at the moment. */
    Source source() {
        Segment current = current();
        return current != null
                ? current.source()
                : endpoints.ranges().get(endpoints.ranges().size() - 1).port();
    }

    /** The mechanism at work on a body; null before the first was chosen. */
    NamedMechanism mechanism() {
        return current() instanceof BodySegment body ? body.mechanism() : chosen;
    }

    /** The mechanism that was the first choice for the first body; null where there is none. */
    NamedMechanism chosen() {
        return chosen;
    }

    /** What was taken from a source and has not reached the target; ends the segment at work. */
    ByteBuffer residue() throws IOException {
        Segment current = current();
        return current == null ? ByteBuffer.allocate(0) : current.residue();
    }

    void close() throws IOException {
        Segment current = current();
        try {
            if (current != null) {
                current.close();
            }
        } finally {
            while (!unsettled.isEmpty()) {
                unsettled.removeFirst().close(); // memory: closing that never fails
            }
        }
    }
}
