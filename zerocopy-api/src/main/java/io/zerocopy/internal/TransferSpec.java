package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import io.zerocopy.spi.Blocks;
import io.zerocopy.spi.Request;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What to move. A builder fills it in and gives it to the transfer, after which nobody changes it: a builder that goes on
 * does so with a {@linkplain #copy() copy}. Buffers and channels in it belong to the caller.
 */
abstract class TransferSpec implements Cloneable {
    /** Where the caller said nothing of any mechanism; never written to. */
    static final Preference[] ALL_AUTO = new Preference[Mechanism.values().length];

    private static final ByteBuffer[] NONE = {};
    private static final OpenOption[] NO_OPTIONS = {};
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);
    private static final OpenOption[] WHOLE = {
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
    };
    private static final OpenOption[] IN_PLACE = {StandardOpenOption.CREATE, StandardOpenOption.WRITE};

    static {
        Arrays.fill(ALL_AUTO, Preference.AUTO);
    }

    Object source; // a Path, a ByteBuffer[], a readable channel, an input stream, or Parts
    Set<OpenOption> sourceOptions = READ; // for a source path
    Object target; // a Path, a writable channel or an output stream
    OpenOption[] options = NO_OPTIONS; // for a target path; null for those that go with its position
    long position = -1; // first byte of the source, or -1 for "where it stands"
    long count = Long.MAX_VALUE; // bytes of the source at most
    long targetPosition = -1; // first byte in the target, or -1 for "where it stands"
    ByteBuffer[] header = NONE;
    ByteBuffer[] trailer = NONE;
    Preference[] preferences = ALL_AUTO; // one per mechanism, by ordinal; its own as soon as it differs
    boolean stableSource;
    boolean durable;
    long timeoutNanos; // 0 for none
    ProgressListener listener; // null for none
    long fairChunk = OrderTable.FAIR_CHUNK; // bytes that one advance() of a session moves at most
    boolean ownSource; // the source channel was opened for this transfer alone, and stands at its start
    boolean newTarget; // the target channel is of a file that was made for this transfer alone
    boolean dropBehind;
    int named; // the mechanisms of which the caller said anything, one bit for each, by ordinal
    int queueDepth; // reads and writes that may be under way at once; 0 for the mechanism's own choice

    final Object source() {
        return source;
    }

    final Set<OpenOption> sourceOptions() {
        return sourceOptions;
    }

    final Object target() {
        return target;
    }

    final OpenOption[] options() {
        return options != null ? options : targetPosition >= 0 ? IN_PLACE : WHOLE;
    }

    final long position() {
        return position;
    }

    final long count() {
        return count;
    }

    final long targetPosition() {
        return targetPosition;
    }

    final ByteBuffer[] header() {
        return header;
    }

    final ByteBuffer[] trailer() {
        return trailer;
    }

    final Preference[] preferences() {
        return preferences;
    }

    final boolean stableSource() {
        return stableSource;
    }

    final boolean durable() {
        return durable;
    }

    final long timeoutNanos() {
        return timeoutNanos;
    }

    final ProgressListener listener() {
        return listener;
    }

    final long fairChunk() {
        return fairChunk;
    }

    final boolean ownSource() {
        return ownSource;
    }

    final boolean newTarget() {
        return newTarget;
    }

    final boolean dropBehind() {
        return dropBehind;
    }

    final int queueDepth() {
        return queueDepth;
    }

    /** The same once more, to be changed. */
    final TransferSpec copy() {
        try {
            TransferSpec copy = (TransferSpec) clone();
            copy.preferences = preferences == ALL_AUTO ? ALL_AUTO : preferences.clone();
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    final boolean anyRequired() {
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
    final boolean anyRequired(List<Mechanism> order) {
        if (!(source instanceof Parts)) {
            return anyRequired();
        }
        return order.stream().anyMatch(m -> preferences[m.ordinal()] == Preference.REQUIRE);
    }

    /** Whether the caller named a mechanism, and not to keep it out. */
    final boolean wishes(Mechanism mechanism) {
        return (named & 1 << mechanism.ordinal()) != 0 && preferences[mechanism.ordinal()] != Preference.NEVER;
    }

    /** Whether other bytes go to the target right before or behind those of one source. */
    final boolean accompanied() {
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

    final Request request(long from, long to, long wanted, boolean direct) {
        boolean borrowed = targetPosition >= 0 && target instanceof FileChannel;
        return new Request(
                from, to, wanted, stableSource, Preference.AUTO, borrowed, accompanied(), false, blocks(direct));
    }
}
