package io.zerocopy.linux.internal.errno;

/** Which end an error of a call on two ends speaks of. */
public enum Suspect {
    SOURCE,
    TARGET,
    /** Both could have caused it: a look at them tells which one did. */
    EITHER
}
