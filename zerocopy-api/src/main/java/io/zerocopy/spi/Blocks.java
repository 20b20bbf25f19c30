package io.zerocopy.spi;

/**
 * Settings for mechanisms that may have several blocks of a file under way at once.
 *
 * @param depth most blocks under way at once; 0 lets the mechanism choose
 * @param ring whether they may go through an {@code io_uring(7)}; false if the caller or a kill switch forbids it
 */
public record Blocks(int depth, boolean ring) {
    /** The mechanism chooses. */
    public static final Blocks ANY = new Blocks(0, true);
}
