package io.zerocopy;

/** How the caller wants one mechanism to be used, see {@link Transfer.Builder#use}. */
public enum Preference {
    /** The mechanism is not used. */
    NEVER,
    /**
     * The planner decides, by the order table and by what the two ends allow. This is the default for every mechanism.
     */
    AUTO,
    /**
     * Only required mechanisms are candidates. If none of them can serve the pair, the transfer fails with
     * {@link MechanismUnavailableException} instead of falling back. Requiring a mechanism that moves pages by
     * reference also makes the promise of {@link Transfer.Builder#stableSource}.
     */
    REQUIRE
}
