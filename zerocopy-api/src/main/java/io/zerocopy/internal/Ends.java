package io.zerocopy.internal;

import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The two ends of one run: ports over what the caller named, opened where it named a path, acquired, and with the
 * positions to start at. Closing puts everything back: ports released, own files closed, the caller's left open.
 */
final class Ends implements Closeable {
    /**
     * A count up to here is left to the first step to meet: its own end bounds it, and only where that comes short is
     * the size asked for. Saves small sends a system call.
     */
    private static final long SURELY_ONE_STEP = 64 << 10;

    private final Providers providers;
    private final TransferSpec spec;
    private final long started = System.nanoTime();
    private Closeable ownSource;
    private Closeable ownTarget;
    private boolean createdTarget;
    private boolean truncateLater;
    private boolean sourceAcquired;
    private boolean targetAcquired;
    private Source source;
    private Target target;
    private long sourceStart;
    private long targetStart = Target.NO_POSITION;
    private long bound;
    private boolean loose; // the size of a file has not been looked at yet
    private Facts sourceFacts;

    private Ends(Providers providers, TransferSpec spec) {
        this.providers = providers;
        this.spec = spec;
    }

    /** Opens both ends, or neither. Everything that can be refused is refused before the target is touched. */
    static Ends open(Providers providers, TransferSpec spec, boolean blocking) throws IOException {
        Ends ends = new Ends(providers, spec);
        try {
            ends.openSource(blocking);
            ends.openTarget(blocking);
            ends.refuseOverlap();
            return ends;
        } catch (IOException | RuntimeException | Error e) {
            try {
                ends.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void openSource(boolean blocking) throws IOException {
        if (spec.source() instanceof ByteBuffer[] buffers) {
            source = new MemorySource(buffers);
        } else if (spec.source() instanceof Path path) {
            ownSource = Paths.openSource(providers, path, this::checkPatience);
            source = providers.source(ownSource);
        } else {
            Closeable end = providers.unwrap((Closeable) spec.source());
            Usable.source(end, blocking);
            source = providers.source(end);
        }
        source.acquire();
        sourceAcquired = true;
        Facts facts = source.facts();
        if (spec.position() >= 0 && !facts.kind().isFile()) {
            throw new IllegalArgumentException(
                    "a range needs a file as source, this is a " + facts.kind().label());
        }
        if (facts.kind().isFile()) {
            sourceStart = spec.position() >= 0 ? spec.position() : ownSource != null ? 0 : source.position();
        }
        sourceFacts = facts;
        bound = spec.count();
        loose = facts.kind() == Kind.FILE;
        boolean aloneWithSmallCount = bound <= SURELY_ONE_STEP
                && sourceStart <= Long.MAX_VALUE / 2
                && spec.listener() == null
                && !(spec.target() instanceof Path);
        if (loose && !aloneWithSmallCount) {
            tighten();
        } else if (facts.kind() == Kind.MEMORY) {
            bound = Math.min(bound, facts.size());
        }
    }

    /** Bounds the body by the size that the file has now, if that has not been done. */
    void tighten() throws IOException {
        if (loose) {
            loose = false;
            sourceFacts = sourceFacts.withSize(source.size());
            bound = Math.min(bound, Math.max(0, sourceFacts.size() - sourceStart));
        }
    }

    private void openTarget(boolean blocking) throws IOException {
        if (spec.target() instanceof Path path) {
            Facts before = providers.describe(path, true);
            Paths.refuseTruncatedSource(path, spec.options(), source.facts(), before, spec.source());
            if (spec.anyRequired()) {
                Planner planner = planner(before, positional(before) ? Math.max(0, spec.targetPosition()) : -1);
                if (planner.order().stream().noneMatch(m -> planner.refusal(m) == null)) {
                    throw new MechanismUnavailableException(planner.asked());
                }
            }
            createdTarget = !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
            OpenOption[] options = spec.options();
            if (spec.anyRequired() && !createdTarget && before.kind() == Kind.FILE) {
                options = Paths.withoutTruncation(options);
                truncateLater = options.length < spec.options().length;
            }
            ownTarget = Paths.openTarget(providers, path, options, before, this::checkPatience);
            target = providers.target(ownTarget);
        } else {
            Closeable end = providers.unwrap((Closeable) spec.target());
            Usable.target(end, blocking);
            target = providers.target(end);
        }
        target.acquire();
        targetAcquired = true;
        if (target.facts().kind().isFile()) {
            tighten(); // the target may be the same file, and grow while it is read
        }
        if (positional(target.facts())) {
            targetStart =
                    spec.targetPosition() >= 0 ? spec.targetPosition() : ownTarget != null ? 0 : target.position();
        } else if (spec.targetPosition() >= 0) {
            throw new IllegalArgumentException("a target position needs a file that is not open for append, this is a "
                    + target.facts().label());
        }
    }

    /** While the other end of a FIFO is not there: an interrupt or the timeout ends the wait, before the first byte. */
    private void checkPatience() throws IOException {
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
        boolean same = source.facts().sameFile(target.facts())
                || (source.channel() instanceof FileChannel && source.channel() == target.channel());
        if (same && targetStart >= 0 && bound > 0 && source.facts().kind().isFile()) {
            long distance = Math.abs(sourceStart - targetStart);
            if (distance < bound) {
                throw new IllegalArgumentException("source [" + sourceStart + ", +" + bound + ") and target ["
                        + targetStart + ", +" + bound + ") are overlapping ranges of one file");
            }
        }
    }

    Planner planner(Facts targetFacts, long targetPosition) {
        boolean borrowed = spec.targetPosition() >= 0 && spec.target() instanceof FileChannel;
        return new Planner(providers, spec, sourceFacts, targetFacts, sourceStart, targetPosition, bound, borrowed);
    }

    Planner planner() {
        return planner(target.facts(), targetStart);
    }

    Source source() {
        return source;
    }

    Target target() {
        return target;
    }

    /** Whether the source's own position is the caller's, and not to be seen moving. */
    boolean isSourceBorrowed() {
        return spec.position() >= 0 && ownSource == null;
    }

    /** Whether nobody else can mean to write to the target: it has just come into being. */
    boolean isTargetAlone() {
        boolean emptied = createdTarget || Arrays.asList(spec.options()).contains(StandardOpenOption.TRUNCATE_EXISTING);
        return spec.newTarget() || (ownTarget != null && emptied && spec.targetPosition() < 0);
    }

    /** File position of the first byte of the body; 0 where there are no positions. */
    long sourceStart() {
        return sourceStart;
    }

    /** File position of the first byte written, or {@link Target#NO_POSITION}. */
    long targetStart() {
        return targetStart;
    }

    /** Most bytes of the body: what was asked for, and no more than a file held at the start. */
    long bound() {
        return bound;
    }

    /** Moves the channels whose own positions were used to behind what was delivered. */
    void advance(long body, long total) throws IOException {
        if (ownSource == null && spec.position() < 0 && source.facts().kind().isFile()) {
            source.position(sourceStart + body);
        }
        if (ownTarget == null && spec.targetPosition() < 0 && targetStart >= 0) {
            target.position(targetStart + total);
        }
    }

    /** Brings the target to disk: its data, its size and, where the run opened it by name, its name. */
    void force() throws IOException {
        target.force();
        if (spec.target() instanceof Path path && target.facts().kind() == Kind.FILE) {
            Paths.forceDirectory(path);
        }
    }

    /** Removes a target file that this run created and that nobody has written to. */
    void discardEmptyTarget() throws IOException {
        if (createdTarget && spec.target() instanceof Path path && Files.size(path) == 0) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() throws IOException {
        if (targetAcquired) {
            targetAcquired = false;
            target.release();
        }
        if (sourceAcquired) {
            sourceAcquired = false;
            source.release();
        }
        Closeable first = ownTarget;
        Closeable second = ownSource;
        ownTarget = null;
        ownSource = null;
        try {
            closeIfOwn(first); // the target first: an error at its close is an error of the transfer
        } finally {
            closeIfOwn(second);
        }
    }

    private static void closeIfOwn(Closeable own) throws IOException {
        if (own != null) {
            own.close();
        }
    }
}
