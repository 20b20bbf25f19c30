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
 * What to move. Immutable, with final fields, so that it can be handed to another thread by any means; nobody writes to its
 * arrays. Buffers and channels in it belong to the caller.
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
            Object source,
            Object target,
            long position,
            long count,
            long targetPosition,
            TransferWishes wishes) {
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

    /** The options that were given for a target path, or those that go with its position. */
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
     * What the caller prefers. What was said of the name of a mechanism that a provider added goes before what was said of
     * the mechanism that it counts as.
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
     * Whether a mechanism was required that concerns a pair. One source must take what was required; of several parts
     * those must for whose kind it is.
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

    /** Whether the caller named a mechanism, or what it counts as, and not to keep it out. */
    final boolean wishes(NamedMechanism mechanism) {
        boolean named = (wishes.named & 1 << mechanism.mechanism().ordinal()) != 0
                || (!mechanism.isOwn() && wishes.added.containsKey(mechanism.name()));
        return named && preference(mechanism) != Preference.NEVER;
    }

    private boolean wishes(Mechanism mechanism) {
        return wishes(NamedMechanism.of(mechanism));
    }

    /** Bytes between position and limit of all buffers. */
    public static long remaining(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    /** Whether other bytes go to the target right before or behind those of one source. */
    public final boolean accompanied() {
        return remaining(wishes.header) > 0
                || remaining(wishes.trailer) > 0
                || (source instanceof Parts parts && parts.list().size() > 1);
    }

    /** Only for whoever asks for direct I/O by name and where an end was opened so, is it found out whether it may go through a ring. */
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
