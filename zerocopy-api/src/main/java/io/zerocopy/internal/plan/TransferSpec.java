package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.spi.Blocks;
import io.zerocopy.spi.TransferRequest;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/**
 * What to move. Immutable, with final fields, so it can be passed to another thread without synchronization. No code
 * writes to its arrays. Buffers and channels in it belong to the caller.
 */
public abstract class TransferSpec {
    private static final OpenOption[] WHOLE = {
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
    };
    private static final OpenOption[] NO_OPTIONS = {};
    private static final OpenOption[] IN_PLACE = {StandardOpenOption.CREATE, StandardOpenOption.WRITE};

    private final Object source;
    private final Object target;
    private final long position;
    private final long count;
    private final long targetPosition;
    private final TransferWishes wishes;

    public TransferSpec(
            Object source, Object target, long position, long count, long targetPosition, TransferWishes wishes) {
        this.source = source;
        this.target = target;
        this.position = position;
        this.count = count;
        this.targetPosition = targetPosition;
        this.wishes = wishes;
    }

    public final Object source() {
        return source;
    }

    public final Set<OpenOption> sourceOptions() {
        return wishes.sourceOptions;
    }

    public final Object target() {
        return target;
    }

    public final OpenOption[] options() {
        return target instanceof Path ? options(wishes.targetOptions, targetPosition) : NO_OPTIONS;
    }

    /** The options that the caller gave for a target path, or the default options for its position. */
    static OpenOption[] options(OpenOption[] given, long targetPosition) {
        return given != null ? given : targetPosition >= 0 ? IN_PLACE : WHOLE;
    }

    public final long position() {
        return position;
    }

    public final long count() {
        return count;
    }

    public final long targetPosition() {
        return targetPosition;
    }

    public final ByteBuffer[] header() {
        return wishes.header;
    }

    public final ByteBuffer[] trailer() {
        return wishes.trailer;
    }

    /**
     * The caller's preference. If a provider added the mechanism, a preference for its name takes precedence over the
     * preference for the mechanism that it counts as.
     */
    final Preference preference(NamedMechanism mechanism) {
        Preference said = mechanism.isOwn() ? null : wishes.added.get(mechanism.name());
        return said != null ? said : wishes.preferences[mechanism.mechanism().ordinal()];
    }

    final boolean stableSource() {
        return wishes.stableSource;
    }

    public final boolean durable() {
        return wishes.durable;
    }

    public final long timeoutNanos() {
        return wishes.timeoutNanos;
    }

    public final ProgressListener listener() {
        return wishes.listener;
    }

    public final long fairChunk() {
        return wishes.fairChunk;
    }

    public final boolean ownSource() {
        return wishes.ownSource;
    }

    public final boolean newTarget() {
        return wishes.newTarget;
    }

    public final boolean dropBehind() {
        return wishes.dropBehind;
    }

    final int queueDepth() {
        return wishes.queueDepth;
    }

    final boolean anyRequired() {
        if (wishes.preferences == TransferWishes.ALL_AUTO && wishes.added.isEmpty()) {
            return false;
        }
        for (Preference preference : wishes.preferences) {
            if (preference == Preference.REQUIRE) {
                return true;
            }
        }
        return wishes.added.containsValue(Preference.REQUIRE);
    }

    /**
     * Whether a required mechanism applies to a pair. A single source must use a required mechanism. If there are
     * several parts, only the parts must whose order contains it.
     */
    final boolean anyRequired(List<NamedMechanism> order) {
        if (!(source instanceof Parts)) {
            return anyRequired();
        }
        for (int i = 0; i < order.size(); i++) {
            if (preference(order.get(i)) == Preference.REQUIRE) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the caller named a mechanism, or the one that it counts as, with a preference other than {@code NEVER}.
     */
    final boolean wishes(NamedMechanism mechanism) {
        boolean named = (wishes.named & 1 << mechanism.mechanism().ordinal()) != 0
                || (!mechanism.isOwn() && wishes.added.containsKey(mechanism.name()));
        return named && preference(mechanism) != Preference.NEVER;
    }

    private boolean wishes(Mechanism mechanism) {
        return wishes(NamedMechanism.of(mechanism));
    }

    /** The sum of the bytes between position and limit of all buffers. */
    public static long remaining(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    /** Whether other bytes go to the target directly before or after the bytes of one source. */
    public final boolean accompanied() {
        return remaining(wishes.header) > 0
                || remaining(wishes.trailer) > 0
                || (source instanceof Parts parts && parts.list().size() > 1);
    }

    /**
     * Checks whether a ring may be used only if the caller names direct I/O or io_uring, or if an end was opened for
     * direct I/O.
     */
    private Blocks blocks(boolean direct) {
        if (!direct && !wishes(Mechanism.DIRECT_IO) && !wishes(Mechanism.IO_URING)) {
            return Blocks.ANY;
        }
        boolean ring = wishes.preferences[Mechanism.IO_URING.ordinal()] != Preference.NEVER
                && KillSwitches.offBecause(Mechanism.IO_URING.name()) == null;
        return Blocks.ANY.withDepth(wishes.queueDepth).withRing(ring);
    }

    public final TransferRequest request(long from, long to, long wanted, boolean direct) {
        boolean borrowed = targetPosition >= 0 && !(target instanceof Path);
        return new TransferRequest(from, to, wanted, wishes.stableSource, Preference.AUTO, borrowed, accompanied())
                .withBlocks(blocks(direct));
    }
}
