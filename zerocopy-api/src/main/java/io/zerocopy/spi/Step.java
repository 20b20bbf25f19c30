package io.zerocopy.spi;

/**
 * What one step of a {@link Mover}, one {@link Source#read} or one {@link Target#write} came to. A positive number is
 * a count of bytes; everything else is one of these codes, all negative. 0 is never an outcome, so that nobody has to
 * guess what it means.
 */
public final class Step {
    /** Nothing moved; the source has no bytes right now. */
    public static final long AWAIT_SOURCE = -1;

    /** Nothing moved; the target takes no bytes right now. */
    public static final long AWAIT_TARGET = -2;

    /** Nothing moved; the source has ended and everything taken from it has been delivered. */
    public static final long END = -3;

    /** Nothing moved in this step; the mechanism cannot go on with this pair and {@link Mover#declinedBecause} says why. */
    public static final long DECLINED = -4;

    /**
     * Nothing moved; the kernel still reads memory that has been sent in place, and may not be reused before. Waited for
     * by {@link Target#awaitRelease}.
     */
    public static final long AWAIT_RELEASE = -5;

    private Step() {}
}
