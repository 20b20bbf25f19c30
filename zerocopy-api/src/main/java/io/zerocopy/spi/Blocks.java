package io.zerocopy.spi;

/**
 * What is asked of mechanisms that may have several blocks of a file under way at once.
 *
 * @param depth how many at most; 0 for the mechanism's own choice
 * @param ring whether they may go through an {@code io_uring(7)}; false where the caller or a kill switch forbids it
 */
public record Blocks(int depth, boolean ring) {
    /** Whatever the mechanism chooses. */
    public static final Blocks ANY = new Blocks(0, true);
}
