package io.zerocopy.internal;

import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The target of one run, and its source or the parts that it is made of: ports over what the caller named, opened where
 * it named a path, acquired, and with the positions to start at. Closing puts everything back: ports released, own files
 * closed, the caller's left open.
 */
final class Ends implements Closeable {
    private final Providers providers;
    private final Sources sources;
    private final Planner alone; // of the only source, as a rule
    private TransferSpec spec;
    private long started;
    private Closeable ownTarget;
    private boolean createdTarget;
    private boolean truncateLater;
    private boolean targetAcquired;
    private Target target;
    private long targetStart = Target.NO_POSITION;

    Ends(Providers providers) {
        this.providers = providers;
        this.sources = new Sources(providers, this::checkPatience);
        this.alone = new Planner(providers);
    }

    /** Opens both ends, or neither. Everything that can be refused is refused before the target is touched. */
    void open(TransferSpec of, boolean blocking) throws IOException {
        spec = of;
        started = System.nanoTime();
        try {
            sources.open(spec, blocking);
            openTarget(blocking);
            refuseOverlap();
            if (blocking && spec.timeoutNanos() > 0) {
                limitWaits();
            }
        } catch (IOException | RuntimeException | Error e) {
            Failures.attempt(e, this::discardEmptyTarget);
            try {
                close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Lets everything go when all is over, as new. */
    void end() {
        sources.end();
        alone.end();
        spec = null;
        ownTarget = null;
        createdTarget = false;
        truncateLater = false;
        target = null;
        targetStart = Target.NO_POSITION;
    }

    private void limitWaits() throws IOException {
        for (SourceRange range : sources.ranges()) {
            range.port().limitWaits();
        }
        target.limitWaits();
    }

    private void openTarget(boolean blocking) throws IOException {
        if (spec.target() instanceof Path path) {
            Facts before = providers.describe(path, true);
            sources.refuseTruncated(path, before);
            if (spec.anyRequired()) {
                refuseUnserved(before);
            }
            createdTarget = !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
            OpenOption[] options = spec.options();
            if (spec.anyRequired() && !createdTarget && before.kind() == Kind.FILE) {
                options = Paths.withoutTruncation(options);
                truncateLater = options.length < spec.options().length;
            }
            ownTarget = openPath(path, options, before);
            target = providers.target(ownTarget);
        } else {
            Closeable end = providers.unwrap((Closeable) spec.target());
            Usable.target(end, blocking);
            target = providers.target(end);
            Usable.writable(end, target.facts());
        }
        target.acquire();
        targetAcquired = true;
        if (target.facts().kind().isFile()) {
            sources.tighten(); // the target may be the same file, and grow while it is read
        }
        if (positional(target.facts())) {
            targetStart = spec.targetPosition() >= 0
                    ? spec.targetPosition()
                    : ownTarget != null || spec.newTarget() ? 0 : target.position();
            long most = expected();
            if (most < Long.MAX_VALUE && targetStart > Long.MAX_VALUE - most) {
                throw new IllegalArgumentException("no file is so long: " + most + " bytes at position " + targetStart);
            }
        } else if (spec.targetPosition() >= 0) {
            throw new IllegalArgumentException("a target position needs a file that is not open for append, this is a "
                    + target.facts().label());
        }
    }

    private Closeable openPath(Path path, OpenOption[] options, Facts before) throws IOException {
        OpenOption[] onlyNew = createdTarget ? CreatedTarget.onlyNew(options) : null;
        if (onlyNew != null) {
            try {
                return Paths.openTarget(providers, path, onlyNew, before, this::checkPatience);
            } catch (FileAlreadyExistsException appeared) {
                createdTarget = false;
            }
        }
        return Paths.openTarget(providers, path, options, before, this::checkPatience);
    }

    private void refuseUnserved(Facts before) throws IOException {
        List<Planner> planners = new ArrayList<>();
        for (SourceRange range : sources.ranges()) {
            long position = positional(before) ? Math.max(0, spec.targetPosition()) : Target.NO_POSITION;
            Planner planner = planner(new Planner(providers), range, before, position);
            planners.add(planner);
            if (planner.order().stream().noneMatch(m -> planner.refusal(m) == null)) {
                throw new MechanismUnavailableException(planner.asked());
            }
        }
        Planner.requireAll(spec, planners);
    }

    private static boolean isClosed(Object end) {
        return end instanceof Channel channel && !channel.isOpen();
    }

    /** While the other end of a FIFO is not there: an interrupt, a close of the other end or the timeout ends the wait. */
    private void checkPatience() throws IOException {
        if (isClosed(spec.source()) || isClosed(spec.target())) {
            throw Failures.describe(new AsynchronousCloseException(), 0, ByteBuffer.allocate(0), null);
        }
        boolean late = spec.timeoutNanos() != 0 && System.nanoTime() - started > spec.timeoutNanos();
        if (Thread.currentThread().isInterrupted() || late) {
            IOException cause = late ? Failures.timedOut() : new Failures.Interrupted();
            throw Failures.describe(cause, 0, ByteBuffer.allocate(0), null);
        }
    }

    /**
     * Cuts what an existing target held behind the first bytes that a required mechanism has brought. Before that it is
     * left alone, because a mechanism that declines after all must not have emptied the file.
     */
    void truncateBehind(long end) throws IOException {
        if (truncateLater && ownTarget instanceof FileChannel file) {
            truncateLater = false;
            file.truncate(end);
        }
    }

    private static boolean positional(Facts facts) {
        return facts.kind().isFile() && !facts.append();
    }

    private void refuseOverlap() {
        List<SourceRange> ranges = sources.ranges();
        for (int i = 0; targetStart >= 0 && i < ranges.size(); i++) {
            SourceRange range = ranges.get(i);
            Source source = range.port();
            boolean same = source.facts().sameFile(target.facts())
                    || (source.channel() instanceof FileChannel && source.channel() == target.channel());
            boolean apart = range.start() - targetStart >= expected() || targetStart - range.start() >= range.bound();
            if (same && !apart && range.bound() > 0 && source.facts().kind().isFile()) {
                throw new IllegalArgumentException("source [" + range.start() + ", +" + range.bound() + ") and target ["
                        + targetStart + ", +" + expected() + ") are overlapping ranges of one file");
            }
        }
    }

    private Planner planner(Planner planner, SourceRange range, Facts targetFacts, long targetPosition) {
        Request request = spec.request(
                range.start(), targetPosition, range.bound(), range.facts().direct() || targetFacts.direct());
        return planner.begin(spec, range.facts(), targetFacts, request);
    }

    /**
     * Judges for a range of the source.
     *
     * @param before bytes that go to the target ahead of it; {@link Long#MAX_VALUE} where that cannot be known
     */
    Planner planner(SourceRange range, long before) {
        Planner planner = sources.ranges().size() == 1 ? alone : new Planner(providers);
        return planner(planner, range, target.facts(), behind(targetStart, before));
    }

    /** A file position; where it cannot be known, one that no mechanism takes for the start of a block. */
    static long behind(long start, long before) {
        return start < 0 ? start : before == Long.MAX_VALUE ? start | 1 : start + before;
    }

    /** What the source is made of: one range, or one for each part. */
    List<SourceRange> ranges() {
        return sources.ranges();
    }

    Target target() {
        return target;
    }

    /** Most bytes that are to reach the target, header and trailer included; {@link Long#MAX_VALUE} when unknown. */
    long expected() {
        long sum = MemorySource.remaining(spec.header()) + MemorySource.remaining(spec.trailer());
        List<SourceRange> ranges = sources.ranges();
        for (int i = 0; i < ranges.size(); i++) {
            SourceRange range = ranges.get(i);
            sum = sum > Long.MAX_VALUE - range.bound() ? Long.MAX_VALUE : sum + range.bound();
        }
        return sum;
    }

    /** Whether the source was opened by this run. */
    boolean isSourceOwn() {
        return sources.areOwn();
    }

    /** Whether the source's own position is the caller's, and not to be seen moving. */
    boolean isSourceBorrowed() {
        return sources.areBorrowed();
    }

    /** Who clears the page cache behind a source and the target; null where nobody asked for it. */
    PageTrail pageTrail(Source source) {
        return spec.dropBehind() ? new PageTrail(source, target) : null;
    }

    /** Whether nobody else can mean to write to the target: it has just come into being. */
    boolean isTargetAlone() {
        boolean emptied = createdTarget || Arrays.asList(spec.options()).contains(StandardOpenOption.TRUNCATE_EXISTING);
        return spec.newTarget() || (ownTarget != null && emptied && spec.targetPosition() < 0);
    }

    /** File position of the first byte written, or {@link Target#NO_POSITION}. */
    long targetStart() {
        return targetStart;
    }

    /** Moves the channels whose own positions were used to behind what was delivered, each whatever becomes of the other. */
    void advance(long body, long total) throws IOException {
        try {
            sources.advance(body);
        } finally {
            if (ownTarget == null && !spec.newTarget() && spec.targetPosition() < 0 && targetStart >= 0) {
                target.position(targetStart + total);
            }
        }
    }

    /** Brings the target to disk: its data, its size and, where the run opened it by name, its name. */
    void force() throws IOException {
        target.force();
        if (spec.target() instanceof Path path && target.facts().kind() == Kind.FILE) {
            Paths.forceDirectory(path);
        }
    }

    /** Removes a target file that this run created and that nobody has written to, if that can be known of a name. */
    void discardEmptyTarget() throws IOException {
        if (createdTarget && spec.target() instanceof Path path && ownTarget instanceof Channel made) {
            CreatedTarget.discardEmpty(providers, path, made, target);
        }
    }

    @Override
    public void close() throws IOException {
        if (targetAcquired) {
            targetAcquired = false;
            target.release();
        }
        sources.release();
        Closeable own = ownTarget;
        ownTarget = null;
        try {
            if (own != null) {
                own.close(); // the target first: an error at its close is an error of the transfer
            }
        } finally {
            sources.close();
        }
    }
}
