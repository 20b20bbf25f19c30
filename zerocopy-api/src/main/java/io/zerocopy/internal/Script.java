package io.zerocopy.internal;

import io.zerocopy.Mechanism;
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
 * follows one another is one {@link Gather}; everything else is a {@link Body} of its own.
 */
final class Script {
    private static final Deque<Stretch> NONE = new ArrayDeque<>(0); // of which nothing is ever made

    private final OpenEndpoints ends;
    private final Tally tally;
    private final Body first;
    private final List<Stretch> alone; // as a rule
    private List<Stretch> stretches = List.of();
    private Deque<Stretch> unsettled = NONE; // over, but for memory that the kernel still reads
    private Gather gather; // the last stretch, if it is one that can be added to
    private Mechanism chosen; // of the first body
    private int at;

    Script(OpenEndpoints ends, Tally tally) {
        this.ends = ends;
        this.tally = tally;
        this.first = new Body(ends, tally);
        this.alone = List.of(first);
    }

    /** Puts the stretches of a run together, as if new. */
    void begin(TransferSpec spec) throws IOException {
        add(spec.header());
        if (spec.source() instanceof Parts) {
            addParts(spec);
        } else {
            SourceRange range = ends.ranges().get(0);
            add(first.begin(range, ends.planner()), range, spec.accompanied());
        }
        add(spec.trailer());
    }

    /** Lets everything go, when all is over. */
    void end() {
        first.end();
        stretches = List.of();
        unsettled = NONE;
        gather = null;
        chosen = null;
        at = 0;
    }

    private void addParts(TransferSpec spec) throws IOException {
        List<Planner> planners = ends.planners();
        for (int i = 0; i < planners.size(); i++) {
            SourceRange range = ends.ranges().get(i);
            add(new Body(ends, tally).begin(range, planners.get(i)), range, spec.accompanied());
        }
        Planner.requireAll(spec, planners);
    }

    /**
     * Has every body behind the first stretch show that some mechanism takes it, where each that is left may decline: with
     * none left, the transfer must fail before the bytes ahead have moved.
     */
    void prove() throws IOException {
        for (int i = 1; i < stretches.size(); i++) {
            if (stretches.get(i) instanceof Body body) {
                body.proveServed();
            }
        }
    }

    /** One stretch, as a rule. */
    private void append(Stretch stretch) {
        if (stretches.isEmpty()) {
            stretches = stretch == first ? alone : List.of(stretch);
            return;
        }
        if (stretches.size() == 1) {
            stretches = new ArrayList<>(stretches);
        }
        stretches.add(stretch);
    }

    private void add(ByteBuffer[] around) {
        if (TransferSpec.remaining(around) > 0 && (gather == null || !gather.add(around, false))) {
            gather = new Gather(ends, tally);
            gather.add(around, false);
            append(gather);
        }
    }

    private void add(Body body, SourceRange range, boolean accompanied) throws IOException {
        body.choose();
        chosen = chosen == null ? body.mechanism() : chosen;
        if (!accompanied || body.mechanism() != Mechanism.GATHER_WRITE || !gathered(range)) {
            append(body);
            gather = null;
        }
    }

    private boolean gathered(SourceRange range) {
        if (gather != null && gather.add(range)) {
            return true;
        }
        Gather next = new Gather(ends, tally);
        if (!next.add(range)) {
            return false;
        }
        gather = next;
        append(next);
        return true;
    }

    /** The stretch at work; null when all is done. */
    Stretch current() {
        return at < stretches.size() ? stretches.get(at) : null;
    }

    /** Goes on to the next stretch; what the last one has sent in place is waited for at the end. */
    void advance() throws IOException {
        Stretch over = stretches.get(at++);
        if (over.settle() == Step.END) {
            over.close();
        } else {
            unsettled = unsettled == NONE ? new ArrayDeque<>() : unsettled;
            unsettled.addLast(over);
        }
    }

    /** Finishes what stretches have left to do, when all of them are over. */
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
     * Whether bytes follow at once on those that the stretch at work moves next, as far as can be known.
     *
     * @param budget most that it moves
     */
    boolean moreFollows(long budget) {
        if (current() instanceof Gather cut && cut.pending() > budget) {
            return true;
        }
        for (int i = at + 1; i < stretches.size(); i++) {
            if (stretches.get(i).pending() > 0) {
                return true;
            }
        }
        return false;
    }

    /** What is read at the moment. */
    Source source() {
        Stretch current = current();
        return current != null
                ? current.source()
                : ends.ranges().get(ends.ranges().size() - 1).port();
    }

    /** The mechanism at work on a body; null before the first was chosen. */
    Mechanism mechanism() {
        return current() instanceof Body body ? body.mechanism() : chosen;
    }

    /** The mechanism that was the first choice for the first body; null where there is none. */
    Mechanism chosen() {
        return chosen;
    }

    /** What was taken from a source and has not reached the target; ends the stretch at work. */
    ByteBuffer residue() throws IOException {
        Stretch current = current();
        return current == null ? ByteBuffer.allocate(0) : current.residue();
    }

    void close() throws IOException {
        Stretch current = current();
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
