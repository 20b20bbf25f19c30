package io.zerocopy.linux.internal.errno;

/** The end to which an error of a call on two ends belongs. */
public enum Suspect {
    SOURCE,
    TARGET,
    /** Both ends could have caused it: a probe finds out which one did. */
    EITHER
}
