package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.spi.Blocks;
import io.zerocopy.spi.Request;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * What to move, as the builder collected it; immutable but for the buffers and channels that belong to the caller.
 *
 * @param source a {@code Path}, a {@code ByteBuffer[]}, a readable channel, an input stream, or {@link Parts}
 * @param target a {@code Path}, a writable channel or an output stream
 * @param options for a target path
 * @param position first byte of the source, or -1 for "where it stands"
 * @param count bytes of the source at most; {@link Long#MAX_VALUE} for all
 * @param targetPosition first byte in the target, or -1 for "where it stands"
 * @param header buffers before the body
 * @param trailer buffers after the body
 * @param preferences one per mechanism, by ordinal
 * @param stableSource the promise of {@code Builder.stableSource}
 * @param durable the wish of {@code Builder.durable}
 * @param timeoutNanos longest time in nanoseconds; 0 for none
 * @param listener hears of progress; null for none
 * @param fairChunk bytes that one {@code advance()} of a session moves at most
 * @param ownSource whether the source channel was opened for this transfer alone, and stands at its start
 * @param newTarget whether the target channel is of a file that was made for this transfer alone
 * @param dropBehind the wish of {@code Builder.dropBehind}
 * @param named the mechanisms of which the caller said anything, one bit for each, by ordinal
 * @param queueDepth reads and writes that may be under way at once; 0 for the mechanism's own choice
 */
record TransferSpec(
        Object source,
        Object target,
        OpenOption[] options,
        long position,
        long count,
        long targetPosition,
        ByteBuffer[] header,
        ByteBuffer[] trailer,
        Preference[] preferences,
        boolean stableSource,
        boolean durable,
        long timeoutNanos,
        ProgressListener listener,
        long fairChunk,
        boolean ownSource,
        boolean newTarget,
        boolean dropBehind,
        int named,
        int queueDepth) {

    /** Where the caller said nothing of any mechanism; never written to. */
    static final Preference[] ALL_AUTO = new Preference[Mechanism.values().length];

    static {
        Arrays.fill(ALL_AUTO, Preference.AUTO);
    }

    boolean anyRequired() {
        if (preferences == ALL_AUTO) {
            return false;
        }
        for (Preference preference : preferences) {
            if (preference == Preference.REQUIRE) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a mechanism was required that concerns a pair. One source must take what was required; of several parts
     * those must for whose kind it is.
     */
    boolean anyRequired(List<Mechanism> order) {
        if (!(source instanceof Parts)) {
            return anyRequired();
        }
        return order.stream().anyMatch(m -> preferences[m.ordinal()] == Preference.REQUIRE);
    }

    /** Whether the caller named a mechanism, and not to keep it out. */
    boolean wishes(Mechanism mechanism) {
        return (named & 1 << mechanism.ordinal()) != 0 && preferences[mechanism.ordinal()] != Preference.NEVER;
    }

    /** Whether other bytes go to the target right before or behind those of one source. */
    boolean accompanied() {
        return MemorySource.remaining(header) > 0
                || MemorySource.remaining(trailer) > 0
                || (source instanceof Parts parts && parts.list().size() > 1);
    }

    /** Only for whoever asks for direct I/O by name and where an end was opened so, is it found out whether it may go through a ring. */
    private Blocks blocks(boolean direct) {
        if (!direct && !wishes(Mechanism.DIRECT_IO) && !wishes(Mechanism.IO_URING)) {
            return Blocks.ANY;
        }
        boolean ring = preferences[Mechanism.IO_URING.ordinal()] != Preference.NEVER
                && KillSwitches.offBecause(Mechanism.IO_URING.name()) == null;
        return new Blocks(queueDepth, ring);
    }

    Request request(long from, long to, long wanted, boolean direct) {
        boolean borrowed = targetPosition >= 0 && target instanceof FileChannel;
        return new Request(
                from, to, wanted, stableSource, Preference.AUTO, borrowed, accompanied(), false, blocks(direct));
    }
}
