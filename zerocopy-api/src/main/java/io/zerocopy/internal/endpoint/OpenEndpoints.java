package io.zerocopy.internal.endpoint;

import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.TransferPlan;
import io.zerocopy.internal.failure.Account;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.plan.Parts;
import io.zerocopy.internal.plan.PartsPlan;
import io.zerocopy.internal.plan.Planner;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Both ends of one transfer. A plan, a run and a session all use this class: the same code describes, checks and
 * refuses, so a plan shows what a run does.
 *
 * <ol>
 *   <li>Sources are opened (a plan only describes those that are named by path), and their ranges are bounded.
 *   <li>The target is described. It has not been opened or created yet.
 *   <li>Refusals that are known by now are thrown: ranges that overlap, positions that no file can have, pairs that no
 *       mechanism serves.
 *   <li>A run opens the target, without truncating it, and checks the opened file again.
 * </ol>
 *
 * <p>Closing releases the ports and closes the transfer's own files. The caller's channels stay open.
 */
public final class OpenEndpoints implements Closeable, Provider.Patience {
    /** The purpose of opening the ends. */
    public enum Use {
        /** To show what a run would do: nothing is opened, acquired or changed. */
        PLAN,
        /** For a caller that waits itself; channels may be in either mode. */
        SESSION,
        /** For a call that waits; channels must be in blocking mode. */
        RUN
    }

    private final Providers providers;
    private final OpenSources sources;
    private final OpenTarget target;
    private final Planner alone; // for the only source; there is usually one
    private TransferSpec spec;
    private long started;

    public OpenEndpoints(Providers providers) {
        this.providers = providers;
        this.sources = new OpenSources(providers, this);
        this.target = new OpenTarget(providers);
        this.alone = new Planner(providers);
    }

    /** Returns the plan: what a run would do. */
    public static TransferPlan plan(Providers providers, TransferSpec spec) throws IOException {
        try (OpenEndpoints endpoints = new OpenEndpoints(providers)) {
            endpoints.open(spec, Use.PLAN);
            List<Planner> planners = endpoints.planners();
            return spec.source() instanceof Parts
                    ? endpoints.planOfParts(planners)
                    : planners.get(0).plan();
        }
    }

    /** If one part has no mechanism, the whole transfer is refused. */
    private TransferPlan planOfParts(List<Planner> planners) {
        TransferPlan plan = PartsPlan.of(planners);
        try {
            requireServed(planners);
            return plan;
        } catch (MechanismUnavailableException unserved) {
            return PartsPlan.refused(plan);
        }
    }

    /** Opens both ends, or neither. Refusals that are known in advance are thrown before the target changes. */
    public void open(TransferSpec of, Use use) throws IOException {
        spec = of;
        started = of.timeoutNanos() == 0 ? 0 : System.nanoTime();
        try {
            sources.open(spec, use);
            target.describe(spec, use == Use.RUN);
            sources.locate(target.facts());
            if (target.facts().kind().isFile()) {
                sources.tighten(); // the target may be the same file, which then grows while it is read
            }
            RangeChecks.check(spec, sources.ranges(), target, expected(), spec.target() instanceof Path);
            if (use != Use.PLAN) {
                openTarget(use);
            }
        } catch (IOException | RuntimeException | Error e) {
            Failures.attempt(e, target::discardEmpty); // its open channel identifies it
            Failures.attempt(e, this::close);
            throw e;
        }
    }

    /** Prepares {@link #reopen} for the next run of the same transfer; false if it cannot be used. */
    public boolean keep() {
        boolean kept = spec.timeoutNanos() == 0
                && !spec.accompanied()
                && !spec.dropBehind()
                && sources.canBeKept()
                && target.canBeKept();
        if (kept) {
            sources.keep();
        }
        return kept;
    }

    /** Opens both ends again, in blocking mode; false, and neither is open, if something has changed. */
    public boolean reopen() throws IOException {
        boolean open = false;
        boolean half = alone.isCurrent(target.switchesMode()) && sources.reopen();
        try {
            open = half && target.reopen();
        } finally {
            if (half && !open) {
                sources.release();
            }
        }
        return open;
    }

    private void openTarget(Use use) throws IOException {
        if (spec.target() instanceof Path) {
            requireServed(planners());
        }
        target.open(this);
        if (spec.target() instanceof Path) {
            // The opened file may differ from the one that was described.
            RangeChecks.check(spec, sources.ranges(), target, expected(), false);
        }
        if (use == Use.RUN && spec.timeoutNanos() > 0) {
            for (SourceRange range : sources.ranges()) {
                range.port().limitWaits();
            }
            target.port().limitWaits();
        }
    }

    /**
     * The facts of an end from its port, except for two that are checked here: whether there is a descriptor, and
     * whether there is a file channel of the JDK.
     */
    static EndpointFacts facts(Endpoint port) {
        if (port instanceof DescribedSource described) {
            return described.facts();
        }
        EndpointFacts facts = port.facts().withDescriptor(port.descriptor() != null);
        return !facts.jdkFile() || EndpointChecks.isOfTheJdk(port.channel()) ? facts : facts.withoutJdkFile();
    }

    /** Refuses a pair or a part that no mechanism serves, and parts of which none can use a required mechanism. */
    private void requireServed(List<Planner> planners) throws MechanismUnavailableException {
        for (int i = 0; i < planners.size(); i++) {
            if (planners.get(i).first() == null) {
                throw new MechanismUnavailableException(planners.get(i).asked());
            }
        }
        Planner.requireAll(spec, planners);
    }

    /** The planners for every range of the source. */
    public List<Planner> planners() {
        List<SourceRange> ranges = sources.ranges();
        long before = TransferSpec.remaining(spec.header());
        if (ranges.size() == 1) {
            return List.of(planner(alone, ranges.get(0), before));
        }
        List<Planner> planners = new ArrayList<>(ranges.size());
        for (SourceRange range : ranges) {
            planners.add(planner(new Planner(providers), range, before));
            before = before > Long.MAX_VALUE - range.bound() ? Long.MAX_VALUE : before + range.bound();
        }
        return planners;
    }

    private Planner planner(Planner planner, SourceRange range, long before) {
        EndpointFacts to = target.facts();
        TransferRequest request = spec.request(
                range.start(),
                behind(target.start(), before),
                range.likely(),
                range.facts().direct() || to.direct());
        return planner.begin(spec, range.facts(), to, request, target.switchesMode());
    }

    /** A file position; if it is unknown, an odd one, which no mechanism takes for the start of a block. */
    private static long behind(long start, long before) {
        return start < 0 ? start : before > Long.MAX_VALUE - start ? start | 1 : start + before;
    }

    /** The planner for the only range of the source. */
    public Planner planner() {
        return planner(alone, sources.ranges().get(0), TransferSpec.remaining(spec.header()));
    }

    /** Ends the wait for a FIFO's other end after an interrupt, a close of the transfer's other end or the timeout. */
    @Override
    public void check() throws IOException {
        boolean closed = isClosed(spec.source()) || isClosed(spec.target());
        boolean late = spec.timeoutNanos() != 0 && System.nanoTime() - started > spec.timeoutNanos();
        if (!closed && !late && !Thread.currentThread().isInterrupted()) {
            return;
        }
        IOException cause = closed
                ? new AsynchronousCloseException()
                : late ? Failures.TimedOut.now("timed out") : Failures.Interrupted.now();
        boolean ofTarget = target.facts() != null; // it is described when the sources are open
        String name = EndName.of(ofTarget ? spec.target() : spec.source(), null);
        Side side = late && !closed ? (ofTarget ? Side.TARGET : Side.SOURCE) : Side.UNKNOWN;
        String waiting = ", waiting for the other end of " + name;
        throw Failures.describe(cause, !closed, new Account(0, ByteBuffer.allocate(0), null, side, waiting));
    }

    private static boolean isClosed(Object end) {
        return end instanceof Channel channel && !channel.isOpen();
    }

    /** Empties a target ahead, if old bytes before its first byte must go and some mechanism never declines. */
    public void truncateAhead() throws IOException {
        if (target.needsZerosAhead() && planners().stream().noneMatch(Planner::mayRunOut)) {
            target.truncateAhead();
        }
    }

    /** Truncates the old content of an existing target behind the first bytes that have arrived. */
    public void truncateBehind(long end) throws IOException {
        target.truncateBehind(end);
    }

    /** The ranges of the source: one, or one for each part. */
    public List<SourceRange> ranges() {
        return sources.ranges();
    }

    public Target target() {
        return target.port();
    }

    /** The target's name for messages, from the caller or from its port. */
    String targetName() {
        return EndName.of(spec.target(), target.port());
    }

    /** Whether a call on the target has thrown this object, in a mover or not. */
    boolean hasTargetThrown(Throwable thrown) {
        return target.hasThrown(thrown);
    }

    /** The most bytes for the target, including header and trailer; {@link Long#MAX_VALUE} if unknown. */
    public long expected() {
        long sum = TransferSpec.remaining(spec.header()) + TransferSpec.remaining(spec.trailer());
        List<SourceRange> ranges = sources.ranges();
        for (int i = 0; i < ranges.size(); i++) {
            SourceRange range = ranges.get(i);
            sum = sum > Long.MAX_VALUE - range.bound() ? Long.MAX_VALUE : sum + range.bound();
        }
        return sum;
    }

    /** Whether the source was opened by this run. */
    public boolean isSourceOwn() {
        return sources.areOwn();
    }

    /** Whether the source's own position belongs to the caller, and must not change. */
    public boolean isSourceBorrowed() {
        return sources.areBorrowed();
    }

    /** Clears the page cache behind a source and the target; null unless the caller asked for it. */
    public DropBehind pageTrail(Source source) {
        return spec.dropBehind() ? new DropBehind(source, target.port()) : null;
    }

    /** Whether no other code is expected to write to the target, because it is new or was just emptied. */
    public boolean isTargetAlone() {
        return target.isAlone();
    }

    /** As {@link #isTargetAlone()}, for a file with positions and a descriptor that this transfer has opened. */
    public boolean isTargetOwnFile() {
        return target.isOwn()
                && target.isAlone()
                && target.start() >= 0
                && target.facts().descriptor();
    }

    /** File position of the first byte written, or {@link Target#NO_POSITION}. */
    public long targetStart() {
        return target.start();
    }

    /** Moves channels whose own positions were used behind the delivered bytes; the second even if the first fails. */
    public void advance(long body, long total) throws IOException {
        try {
            sources.advance(body);
        } finally {
            target.advance(total);
        }
    }

    /** Forces the target to disk. */
    public void force() throws IOException {
        target.force();
    }

    /** Removes a target file that this transfer has created and that is still empty. */
    public void discardEmptyTarget() throws IOException {
        target.discardEmpty();
    }

    /** Releases all references, so that the object is like a new one. */
    public void end() {
        sources.end();
        target.end();
        alone.end();
        spec = null;
    }

    @Override
    public void close() throws IOException {
        target.release();
        sources.release();
        try {
            target.close(); // the target first, because an error of its close is an error of the transfer
        } finally {
            sources.close();
        }
    }
}
