package io.zerocopy.spi;

/**
 * The outcome of one step of a {@link Mover}, one {@link Source#read} or one {@link Target#write}. A positive number is
 * a count of bytes; every other outcome is one of these codes, all negative. 0 is never an outcome, because its meaning
 * would be unclear.
 */
public final class Step {
    /** Nothing moved; the source has no bytes right now. */
    public static final long AWAIT_SOURCE = -1;

    /** Nothing moved; the target takes no bytes right now. */
    public static final long AWAIT_TARGET = -2;

    /** Nothing moved; the source has ended and everything taken from it has been delivered. */
    public static final long END = -3;

    /**
     * Nothing moved in this step; the mechanism cannot go on with this pair, and {@link Mover#declinedBecause} says
     * why.
     */
    public static final long DECLINED = -4;

    /**
     * Nothing moved; the kernel still reads memory that has been sent in place, which must not be reused yet.
     * {@link Target#awaitRelease} waits for it.
     */
    public static final long AWAIT_RELEASE = -5;

    private Step() {}
}
