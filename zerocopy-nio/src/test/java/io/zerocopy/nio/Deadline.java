package io.zerocopy.nio;

/** How long tests wait for an event. */
public final class Deadline {
    /** Longer than a slow and busy machine needs; only a missing event takes so long. */
    public static final long SECONDS = 300;

    private Deadline() {}
}
