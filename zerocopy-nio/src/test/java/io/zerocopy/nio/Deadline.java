package io.zerocopy.nio;

/** How long tests wait for what has to come. */
public final class Deadline {
    /** So long that a machine which is slow and busy besides does not reach it; only what never comes does. */
    public static final long SECONDS = 300;

    private Deadline() {}
}
