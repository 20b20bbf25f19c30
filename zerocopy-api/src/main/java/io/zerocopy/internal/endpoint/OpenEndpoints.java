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
import io.zerocopy.spi.OpenedFile;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Both ends of one transfer. This is the one way in for a plan, a run and a session: they describe, check and refuse here,
 * by the same code, so that a plan shows what a run does.
 *
 * <ol>
 *   <li>Sources are opened (a plan only describes those that are named by path), and their ranges are bounded.
 *   <li>The target is described. Nothing of it has been opened or made yet.
 *   <li>Everything that is known by now is refused: ranges that overlap, positions that no file has, pairs that no
 *       mechanism takes.
 *   <li>A run opens the target, without emptying it, and looks again at what was opened.
 * </ol>
 *
 * <p>Closing puts everything back: ports are released, own files closed, the caller's left open.
 */
public final class OpenEndpoints implements Closeable, Provider.Patience {
    /** What the ends are wanted for. */
    public enum Use {
        /** To say what a run would do: nothing is opened, acquired or changed. */
        PLAN,
        /** For a caller who waits by other means; channels may be in either mode. */
        SESSION,
        /** For a call that waits inside; channels have to be in blocking mode. */
        RUN
    }

    private final Providers providers;
    private final OpenSources sources;
    private final OpenTarget target;
    private final Planner alone; // of the only source, as a rule
    private TransferSpec spec;
    private long started;

    public OpenEndpoints(Providers providers) {
        this.providers = providers;
        this.sources = new OpenSources(providers, this);
        this.target = new OpenTarget(providers);
        this.alone = new Planner(providers);
    }

    /** What a run would do. */
    public static TransferPlan plan(Providers providers, TransferSpec spec) throws IOException {
        try (OpenEndpoints endpoints = new OpenEndpoints(providers)) {
            endpoints.open(spec, Use.PLAN);
            List<Planner> planners = endpoints.planners();
            return spec.source() instanceof Parts
                    ? endpoints.planOfParts(planners)
                    : planners.get(0).plan();
        }
    }

    /** Where one part has no mechanism, the whole transfer is refused. */
    private TransferPlan planOfParts(List<Planner> planners) {
        TransferPlan plan = PartsPlan.of(planners);
        try {
            requireServed(planners);
            return plan;
        } catch (MechanismUnavailableException unserved) {
            return PartsPlan.refused(plan);
        }
    }

    /** Opens both ends, or neither. Everything that can be refused is refused before the target is touched. */
    public void open(TransferSpec of, Use use) throws IOException {
        spec = of;
        started = of.timeoutNanos() == 0 ? 0 : System.nanoTime();
        try {
            sources.open(spec, use);
            target.describe(spec, use == Use.RUN);
            if (!target.facts().kind().isSocket() || !target.facts().descriptor()) {
                sources.locate();
            }
            if (target.facts().kind().isFile()) {
                sources.tighten(); // the target may be the same file, and grow while it is read
            }
            RangeChecks.check(spec, sources.ranges(), target, expected(), spec.target() instanceof Path);
            if (use != Use.PLAN) {
                openTarget(use);
            }
        } catch (IOException | RuntimeException | Error e) {
            Failures.attempt(e, target::discardEmpty); // while it is open, and known by that
            Failures.attempt(e, this::close);
            throw e;
        }
    }

    /** Has {@link #reopen} serve the next run of the same transfer, if nothing changes; false where it cannot. */
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

    /** Opens both ends again as they were described, in blocking mode; false, and neither is open, if something has changed. */
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
            // What was opened may be something else than what was described.
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
     * Facts of an end as its port tells them, but for two things that are looked up: whether there is a descriptor, and
     * whether there is a file channel of the JDK.
     */
    static EndpointFacts facts(Endpoint port) {
        if (port instanceof DescribedSource described) {
            return described.facts();
        }
        EndpointFacts facts = port.facts().withDescriptor(port.descriptor() != null);
        boolean ofTheJdk = !facts.jdkFile()
                || port.channel() instanceof OpenedFile
                || (port.channel() instanceof FileChannel file
                        && file.getClass().getModule() == Object.class.getModule());
        return ofTheJdk ? facts : facts.withoutJdkFile();
    }

    /** Refuses a pair, or a part, that no mechanism takes, and of parts those of which none takes what was required. */
    private void requireServed(List<Planner> planners) throws MechanismUnavailableException {
        for (int i = 0; i < planners.size(); i++) {
            if (planners.get(i).first() == null) {
                throw new MechanismUnavailableException(planners.get(i).asked());
            }
        }
        Planner.requireAll(spec, planners);
    }

    /** Judges for every range of the source. */
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

    /** A file position; where it cannot be known, one that no mechanism takes for the start of a block. */
    private static long behind(long start, long before) {
        return start < 0 ? start : before > Long.MAX_VALUE - start ? start | 1 : start + before;
    }

    /** Judges for the only range of the source. */
    public Planner planner() {
        return planner(alone, sources.ranges().get(0), TransferSpec.remaining(spec.header()));
    }

    /** While the other end of a FIFO is not there: an interrupt, a close of the other end or the timeout ends the wait. */
    @Override
    public void check() throws IOException {
        boolean closed = isClosed(spec.source()) || isClosed(spec.target());
        boolean late = spec.timeoutNanos() != 0 && System.nanoTime() - started > spec.timeoutNanos();
        if (!closed && !late && !Thread.currentThread().isInterrupted()) {
            return;
        }
        IOException cause = closed
                ? new AsynchronousCloseException()
                : late ? new Failures.TimedOut("timed out") : new Failures.Interrupted();
        boolean ofTarget = target.facts() != null; // which is described when the sources are open
        String name = EndName.of(ofTarget ? spec.target() : spec.source(), null);
        Side side = late && !closed ? (ofTarget ? Side.TARGET : Side.SOURCE) : Side.UNKNOWN;
        String waiting = ", waiting for the other end of " + name;
        throw Failures.describe(cause, !closed, new Account(0, ByteBuffer.allocate(0), null, side, waiting));
    }

    private static boolean isClosed(Object end) {
        return end instanceof Channel channel && !channel.isOpen();
    }

    /** Empties an existing target ahead, where what stands in front of the first byte has to go and nothing declines. */
    public void truncateAhead() throws IOException {
        if (target.needsZerosAhead() && planners().stream().noneMatch(Planner::mayRunOut)) {
            target.truncateAhead();
        }
    }

    /** Cuts what an existing target held, behind the first bytes that have arrived. */
    public void truncateBehind(long end) throws IOException {
        target.truncateBehind(end);
    }

    /** What the source is made of: one range, or one for each part. */
    public List<SourceRange> ranges() {
        return sources.ranges();
    }

    public Target target() {
        return target.port();
    }

    /** The target for messages: as the caller named it, or as its port does. */
    String targetName() {
        return EndName.of(spec.target(), target.port());
    }

    /** Whether a call on the target has thrown this, made by a mover or not. */
    boolean hasTargetThrown(Throwable thrown) {
        return target.hasThrown(thrown);
    }

    /** Most bytes that are to reach the target, header and trailer included; {@link Long#MAX_VALUE} when unknown. */
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

    /** Whether the source's own position is the caller's, and not to be seen moving. */
    public boolean isSourceBorrowed() {
        return sources.areBorrowed();
    }

    /** Who clears the page cache behind a source and the target; null where nobody asked for it. */
    public DropBehind pageTrail(Source source) {
        return spec.dropBehind() ? new DropBehind(source, target.port()) : null;
    }

    /** Whether nobody else can mean to write to the target: it has just come into being. */
    public boolean isTargetAlone() {
        return target.isAlone();
    }

    /** As {@link #isTargetAlone()}, of a file with positions that this transfer has opened and has a descriptor of. */
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

    /** Moves the channels whose own positions were used to behind what was delivered, each whatever becomes of the other. */
    public void advance(long body, long total) throws IOException {
        try {
            sources.advance(body);
        } finally {
            target.advance(total);
        }
    }

    /** Brings the target to disk. */
    public void force() throws IOException {
        target.force();
    }

    /** Removes a target file that this transfer has made and that is still empty. */
    public void discardEmptyTarget() throws IOException {
        target.discardEmpty();
    }

    /** Lets everything go when all is over, as new. */
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
            target.close(); // the target first: an error at its close is an error of the transfer
        } finally {
            sources.close();
        }
    }
}
