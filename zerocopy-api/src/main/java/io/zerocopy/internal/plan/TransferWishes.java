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
 * What a caller may say of a transfer beside its ends and ranges. Immutable, and nobody writes to its arrays; most transfers
 * say nothing of it and share {@link #NONE}.
 */
public final class TransferWishes {
    /** Where the caller said nothing of any mechanism. */
    static final Preference[] ALL_AUTO = allAuto();

    /** Nothing was said. */
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

    /** What a builder has been told so far. */
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
        public long fairChunk = OrderTable.FAIR_CHUNK; // bytes that one advance() of a session moves at most
        public boolean ownSource; // the source channel was opened for this transfer alone, and stands at its start
        public boolean newTarget; // the target channel is of a file that was made for this transfer alone
        public boolean dropBehind;
        public int named; // the mechanisms of which the caller said anything, one bit for each, by ordinal
        public int queueDepth; // reads and writes that may be under way at once; 0 for the mechanism's own choice
    }

    /** Takes what has been said by now; what is said later does not come here. */
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
