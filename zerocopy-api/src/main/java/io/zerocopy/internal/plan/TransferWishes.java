package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.ProgressListener;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * The settings of a transfer besides its ends and ranges. Immutable, and no code writes to its arrays. Most transfers
 * set none of them and share {@link #NONE}.
 */
public final class TransferWishes {
    /** The preferences if the caller named no mechanism. */
    static final Preference[] ALL_AUTO = allAuto();

    /** No settings. */
    public static final TransferWishes NONE = new TransferWishes(new Draft());

    final Set<OpenOption> sourceOptions;
    final OpenOption[] targetOptions;
    final ByteBuffer[] header;
    final ByteBuffer[] trailer;
    final Preference[] preferences;
    final Map<String, Preference> added;
    final boolean stableSource;
    final boolean durable;
    final long timeoutNanos;
    final ProgressListener listener;
    final long fairChunk;
    final boolean ownSource;
    final boolean newTarget;
    final boolean dropBehind;
    final int named;
    final int queueDepth;

    /** The settings of a builder so far. */
    public static final class Draft {
        private static final ByteBuffer[] NO_BUFFERS = {};
        private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ);

        public Set<OpenOption> sourceOptions = READ; // for a source path
        public OpenOption[] targetOptions; // for a target path; null for those that go with its position
        public ByteBuffer[] header = NO_BUFFERS;
        public ByteBuffer[] trailer = NO_BUFFERS;
        public Preference[] preferences = ALL_AUTO; // one per mechanism, by ordinal; never written to
        public Map<String, Preference> added =
                Map.of(); // by name, of mechanisms that a provider added; never written to
        public boolean stableSource;
        public boolean durable;
        public long timeoutNanos; // 0 for none
        public ProgressListener listener; // null for none
        public long fairChunk = StepTable.FAIR_CHUNK; // most bytes that one advance() of a session moves
        public boolean ownSource; // the source channel was opened for this transfer alone and is at its start
        public boolean newTarget; // the target channel belongs to a file that was created for this transfer alone
        public boolean dropBehind;
        public int named; // the mechanisms that the caller has named, one bit for each, by ordinal
        public int queueDepth; // reads and writes that may be under way at once; 0 if the mechanism decides
    }

    /** Copies the settings of a builder. Later changes of the builder do not change this object. */
    public TransferWishes(Draft said) {
        sourceOptions = said.sourceOptions;
        targetOptions = said.targetOptions;
        header = said.header;
        trailer = said.trailer;
        preferences = said.preferences;
        added = said.added;
        stableSource = said.stableSource;
        durable = said.durable;
        timeoutNanos = said.timeoutNanos;
        listener = said.listener;
        fairChunk = said.fairChunk;
        ownSource = said.ownSource;
        newTarget = said.newTarget;
        dropBehind = said.dropBehind;
        named = said.named;
        queueDepth = said.queueDepth;
    }

    private static Preference[] allAuto() {
        Preference[] all = new Preference[Mechanism.values().length];
        Arrays.fill(all, Preference.AUTO);
        return all;
    }
}
