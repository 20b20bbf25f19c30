package io.zerocopy.spi;

import io.zerocopy.Preference;
import java.util.Objects;

/**
 * What the transfer asks of a pair, as far as a strategy must know it. Immutable. The constructor takes what every
 * request has; whatever else may be asked has a default and a method that returns a changed request.
 */
public final class TransferRequest {
    private static final int OWN_POSITION_UNTOUCHED = 1;
    private static final int ADJACENT_BYTES = 2;
    private static final int EXPLICITLY_REQUESTED = 4;
    private static final int STABLE_SOURCE = 8;

    private final long sourcePosition;
    private final long targetPosition;
    private final long count;
    private final Preference preference;
    private final int flags;
    private final Blocks blocks;

    /**
     * Creates a request that may use the target's own position, with no bytes around it. It counts as
     * {@linkplain #explicitlyRequested() explicitly requested} if the preference is {@code REQUIRE}.
     *
     * @param sourcePosition first byte in the source file; 0 if there are no positions
     * @param targetPosition first byte in the target file; {@link Target#NO_POSITION} if there are no positions
     * @param count most bytes wanted; {@link Long#MAX_VALUE} for all
     * @param stableSource whether the caller has promised that the source does not change until the receiver has every
     *     byte
     * @param preference the caller's preference for the mechanism in question
     */
    public TransferRequest(
            long sourcePosition, long targetPosition, long count, boolean stableSource, Preference preference) {
        this(sourcePosition, targetPosition, count, stableSource, preference, false, false);
    }

    /**
     * Creates a request. It counts as {@linkplain #explicitlyRequested() explicitly requested} if the preference is
     * {@code REQUIRE}.
     *
     * @param sourcePosition see {@link #sourcePosition()}
     * @param targetPosition see {@link #targetPosition()}
     * @param count see {@link #count()}
     * @param stableSource see {@link #stableSource()}
     * @param preference see {@link #preference()}
     * @param ownPositionUntouched see {@link #ownPositionUntouched()}
     * @param hasAdjacentBytes see {@link #hasAdjacentBytes()}
     */
    public TransferRequest(
            long sourcePosition,
            long targetPosition,
            long count,
            boolean stableSource,
            Preference preference,
            boolean ownPositionUntouched,
            boolean hasAdjacentBytes) {
        this.sourcePosition = sourcePosition;
        this.targetPosition = targetPosition;
        this.count = count;
        this.preference = Objects.requireNonNull(preference, "preference");
        this.flags = (preference == Preference.REQUIRE ? EXPLICITLY_REQUESTED : 0)
                | (stableSource ? STABLE_SOURCE : 0)
                | (ownPositionUntouched ? OWN_POSITION_UNTOUCHED : 0)
                | (hasAdjacentBytes ? ADJACENT_BYTES : 0);
        this.blocks = Blocks.ANY;
    }

    private TransferRequest(TransferRequest from, Preference preference, int flags, Blocks blocks) {
        this.sourcePosition = from.sourcePosition;
        this.targetPosition = from.targetPosition;
        this.count = from.count;
        this.preference = Objects.requireNonNull(preference, "preference");
        this.flags = flags;
        this.blocks = Objects.requireNonNull(blocks, "blocks");
    }

    /**
     * Returns the same request for another mechanism.
     *
     * @param of the caller's preference for that mechanism
     * @param named whether the caller named that mechanism
     * @return a request that differs only in these
     */
    public TransferRequest withPreference(Preference of, boolean named) {
        int changed = named ? flags | EXPLICITLY_REQUESTED : flags & ~EXPLICITLY_REQUESTED;
        return new TransferRequest(this, of, changed, blocks);
    }

    /**
     * Returns the same request with other settings for blocks.
     *
     * @param settings the settings
     * @return a request that differs only in these
     */
    public TransferRequest withBlocks(Blocks settings) {
        return settings.equals(blocks) ? this : new TransferRequest(this, preference, flags, settings);
    }

    /**
     * Returns where reading begins.
     *
     * @return first byte in the source file; 0 if there are no positions
     */
    public long sourcePosition() {
        return sourcePosition;
    }

    /**
     * Returns where writing begins.
     *
     * @return first byte in the target file; {@link Target#NO_POSITION} if there are no positions
     */
    public long targetPosition() {
        return targetPosition;
    }

    /**
     * Returns how many bytes are wanted.
     *
     * @return most bytes; {@link Long#MAX_VALUE} for all
     */
    public long count() {
        return count;
    }

    /**
     * Returns whether the caller has promised that the source does not change until the receiver has every byte.
     *
     * @return true if it was promised
     */
    public boolean stableSource() {
        return (flags & STABLE_SOURCE) != 0;
    }

    /**
     * Returns the caller's preference for the mechanism in question.
     *
     * @return {@link Preference#AUTO} unless the caller named it
     */
    public Preference preference() {
        return preference;
    }

    /**
     * Returns whether the target is a caller's channel whose own position must not be moved, not even for a moment,
     * because another thread may be writing there.
     *
     * @return true if it must not be moved
     */
    public boolean ownPositionUntouched() {
        return (flags & OWN_POSITION_UNTOUCHED) != 0;
    }

    /**
     * Returns whether other bytes, such as a header, go to the target directly before or after these.
     *
     * @return true if there are such bytes
     */
    public boolean hasAdjacentBytes() {
        return (flags & ADJACENT_BYTES) != 0;
    }

    /**
     * Returns whether the caller named the mechanism in question, with {@code AUTO} or {@code REQUIRE}. Some mechanisms
     * are used only if named, because only their side effects make them useful.
     *
     * @return true if it was named
     */
    public boolean explicitlyRequested() {
        return (flags & EXPLICITLY_REQUESTED) != 0;
    }

    /**
     * Returns the settings for mechanisms that may have several blocks under way at once.
     *
     * @return the settings
     */
    public Blocks blocks() {
        return blocks;
    }

    /**
     * Returns whether pages may be sent by reference to a receiver that may read them later.
     *
     * @return true if the caller promised a stable source or required the mechanism
     */
    public boolean byReferenceAllowed() {
        return stableSource() || preference == Preference.REQUIRE;
    }
}
