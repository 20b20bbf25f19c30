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
 * The segments of a run, in order: header, body or its parts, trailer. Consecutive pieces that are gathered share one
 * {@link GatherSegment}; each other piece is a {@link BodySegment}.
 */
final class Segments {
    private static final Deque<Segment> NONE = new ArrayDeque<>(0); // always empty

    private final OpenEndpoints endpoints;
    private final TransferStats stats;
    private final BodySegment first;
    private final List<Segment> alone; // the usual list of segments
    private List<Segment> segments = List.of();
    private Deque<Segment> unsettled = NONE; // finished, except that the kernel still reads their memory
    private GatherSegment gather; // the last segment, if pieces can be added to it
    private NamedMechanism chosen; // for the first body
    private boolean proven; // whether some mechanism serves each body that follows other bytes
    private int at;

    Segments(OpenEndpoints endpoints, TransferStats stats) {
        this.endpoints = endpoints;
        this.stats = stats;
        this.first = new BodySegment(endpoints, stats);
        this.alone = List.of(first);
    }

    /** Creates the segments of a run; or begins the same run again. */
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

    /** Keeps the mover if the run is a single body. */
    void keep() {
        if (segments == alone && endpoints.keep()) {
            first.keep();
        }
    }

    /** Whether all bytes have moved, in a way that can be repeated. */
    boolean isAtRest() {
        return segments == alone && first.isAtRest() && !stats.isAnyDeclined();
    }

    /** Releases all references at the end. */
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
     * Called before the first byte moves. Checks, for every body after the first segment, that some mechanism serves
     * it, if every remaining mechanism may decline. If none is left, the transfer must fail before the bytes ahead have
     * moved.
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

    /** Adds a segment. Usually there is only one. */
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

    /** The current segment; null at the end. */
    Segment current() {
        return at < segments.size() ? segments.get(at) : null;
    }

    /**
     * Goes on to the next segment. If the kernel still reads memory of the last one, the run waits for that at its end.
     */
    void advance() throws IOException {
        Segment over = segments.get(at++);
        if (over.settle() == Step.END) {
            over.finish();
        } else {
            unsettled = unsettled == NONE ? new ArrayDeque<>() : unsettled;
            unsettled.addLast(over);
        }
    }

    /** Finishes the segments whose memory was still in use, when all bytes have moved. */
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
     * Whether more bytes follow directly after the next step of the current segment, as far as known.
     *
     * @param budget the most bytes of that step
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

    /** The source that is read now. */
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

    /** The mechanism that was the first choice for the first body; null if there is none. */
    NamedMechanism chosen() {
        return chosen;
    }

    /** The bytes that were taken from a source and have not reached the target. Ends the current segment. */
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
                unsettled.removeFirst().close(); // only memory, whose close never fails
            }
        }
    }
}
