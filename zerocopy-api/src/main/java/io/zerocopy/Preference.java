package io.zerocopy;

/** How much a caller wants one mechanism, see {@link Transfer.Builder#use}. */
public enum Preference {
    /** The mechanism is left out, whatever it would save. */
    NEVER,
    /** The planner decides, by the order table and by what the two ends allow; the default for every mechanism. */
    AUTO,
    /**
     * Only mechanisms required in this way are candidates: where none of them can take the pair, the transfer fails
     * with {@link MechanismUnavailableException} instead of falling back. Requiring a mechanism that moves pages by
     * reference counts as the promise of {@link Transfer.Builder#stableSource}.
     */
    REQUIRE
}
