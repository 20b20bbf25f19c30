package io.zerocopy.spi;

import io.zerocopy.Preference;

/**
 * What is asked of a pair, as far as a strategy has to know.
 *
 * @param sourcePosition first byte in the source file; 0 where there are no positions
 * @param targetPosition first byte in the target file; {@link Target#NO_POSITION} where there are no positions
 * @param count bytes wanted at most; {@link Long#MAX_VALUE} for all
 * @param stableSource whether the caller promised that the source does not change until the receiver has it all
 * @param preference what the caller said of the mechanism in question
 * @param ownPositionUntouched whether the target is a channel of the caller's whose own position is not to be used, not
 *     even for a moment: somebody else may be writing there
 * @param accompanied whether other bytes go to the target right before or behind these, such as a header
 * @param wished whether the caller named the mechanism in question, with {@code AUTO} or {@code REQUIRE}: some are of
 *     use only to whoever wants what they bring along
 * @param blocks what is asked of mechanisms that may have several blocks under way at once
 */
public record Request(
        long sourcePosition,
        long targetPosition,
        long count,
        boolean stableSource,
        Preference preference,
        boolean ownPositionUntouched,
        boolean accompanied,
        boolean wished,
        Blocks blocks) {
    /**
     * A request that may use the target's own position.
     *
     * @param sourcePosition as above
     * @param targetPosition as above
     * @param count as above
     * @param stableSource as above
     * @param preference as above
     */
    public Request(long sourcePosition, long targetPosition, long count, boolean stableSource, Preference preference) {
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
     * The same request of another mechanism.
     *
     * @param of what the caller said of that mechanism
     * @param named whether the caller said anything
     * @return a request that differs in nothing else
     */
    public Request withPreference(Preference of, boolean named) {
        return new Request(
                sourcePosition,
                targetPosition,
                count,
                stableSource,
                of,
                ownPositionUntouched,
                accompanied,
                named,
                blocks);
    }

    /**
     * Tells whether pages may travel by reference to a receiver that reads them at leisure.
     *
     * @return true if the source was promised to be stable, or the mechanism was required by name
     */
    public boolean byReferenceAllowed() {
        return stableSource || preference == Preference.REQUIRE;
    }
}
