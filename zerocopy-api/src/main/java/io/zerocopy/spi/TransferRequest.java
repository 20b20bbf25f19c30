package io.zerocopy.spi;

import io.zerocopy.Preference;

/**
 * What the transfer asks of a pair, as far as a strategy must know it.
 *
 * @param sourcePosition first byte in the source file; 0 if there are no positions
 * @param targetPosition first byte in the target file; {@link Target#NO_POSITION} if there are no positions
 * @param count most bytes wanted; {@link Long#MAX_VALUE} for all
 * @param stableSource whether the caller has promised that the source does not change until the receiver has every byte
 * @param preference the caller's preference for the mechanism in question
 * @param ownPositionUntouched whether the target is a caller's channel whose own position must not be moved, not even
 *     for a moment, because another thread may be writing there
 * @param hasAdjacentBytes whether other bytes, such as a header, go to the target directly before or after these
 * @param explicitlyRequested whether the caller named the mechanism in question, with {@code AUTO} or {@code REQUIRE}; some
 *     mechanisms are used only if named, because only their side effects make them useful
 * @param blocks settings for mechanisms that may have several blocks under way at once
 */
public record TransferRequest(
        long sourcePosition,
        long targetPosition,
        long count,
        boolean stableSource,
        Preference preference,
        boolean ownPositionUntouched,
        boolean hasAdjacentBytes,
        boolean explicitlyRequested,
        Blocks blocks) {
    /**
     * Creates a request that may use the target's own position.
     *
     * @param sourcePosition see the record
     * @param targetPosition see the record
     * @param count see the record
     * @param stableSource see the record
     * @param preference see the record
     */
    public TransferRequest(
            long sourcePosition, long targetPosition, long count, boolean stableSource, Preference preference) {
        this(
                sourcePosition,
                targetPosition,
                count,
                stableSource,
                preference,
                false,
                false,
                preference == Preference.REQUIRE,
                Blocks.ANY);
    }

    /**
     * Returns the same request for another mechanism.
     *
     * @param of the caller's preference for that mechanism
     * @param named whether the caller named that mechanism
     * @return a request that differs only in these
     */
    public TransferRequest withPreference(Preference of, boolean named) {
        return new TransferRequest(
                sourcePosition,
                targetPosition,
                count,
                stableSource,
                of,
                ownPositionUntouched,
                hasAdjacentBytes,
                named,
                blocks);
    }

    /**
     * Returns whether pages may be sent by reference to a receiver that may read them later.
     *
     * @return true if the caller promised a stable source or required the mechanism
     */
    public boolean byReferenceAllowed() {
        return stableSource || preference == Preference.REQUIRE;
    }
}
