package io.zerocopy.spi;

/**
 * Settings for mechanisms that may have several blocks of a file under way at once. Immutable; two are equal if all
 * settings are.
 */
public final class Blocks {
    /** The mechanism chooses. */
    public static final Blocks ANY = new Blocks(0, true);

    private final int depth;
    private final boolean ring;

    private Blocks(int depth, boolean ring) {
        this.depth = depth;
        this.ring = ring;
    }

    /**
     * Returns the same settings with another depth.
     *
     * @param most most blocks under way at once; 0 lets the mechanism choose
     * @return settings that differ only in the depth
     */
    public Blocks withDepth(int most) {
        return most == depth ? this : new Blocks(most, ring);
    }

    /**
     * Returns the same settings, with or without rings.
     *
     * @param allowed whether blocks may go through an {@code io_uring(7)}
     * @return settings that differ only in this
     */
    public Blocks withRing(boolean allowed) {
        return allowed == ring ? this : new Blocks(depth, allowed);
    }

    /**
     * Returns how many blocks may be under way at once.
     *
     * @return most blocks; 0 lets the mechanism choose
     */
    public int depth() {
        return depth;
    }

    /**
     * Returns whether blocks may go through an {@code io_uring(7)}.
     *
     * @return false if the caller or a kill switch forbids it
     */
    public boolean ring() {
        return ring;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Blocks that && depth == that.depth && ring == that.ring;
    }

    @Override
    public int hashCode() {
        return 31 * depth + Boolean.hashCode(ring);
    }

    @Override
    public String toString() {
        return "Blocks[depth=" + depth + ", ring=" + ring + "]";
    }
}
