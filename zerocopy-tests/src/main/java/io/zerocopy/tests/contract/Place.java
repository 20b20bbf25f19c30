package io.zerocopy.tests.contract;

/** Where movers start in files. */
enum Place {
    /** At the first byte of both files. */
    START(0, 0),
    /** At positions where no block and no page begins. */
    BETWEEN(1001, 501),
    /** Around the first position that takes more than 32 bits. */
    FAR((1L << 32) - 8192, (1L << 32) - 4096),
    /** After the end of the target; the gap reads as zeros. */
    BEHIND(4096, 10_777),
    /** In the middle of the target's existing bytes, which must not change before and after. */
    INSIDE(777, 8191);

    /** Value of each byte that a target file already has if a mover starts {@link #INSIDE} it. */
    static final byte THERE = 0x55;

    private final long source;
    private final long target;

    Place(long source, long target) {
        this.source = source;
        this.target = target;
    }

    /** Chooses a place by the seed. */
    static Place of(long seed) {
        return values()[(int) (seed % values().length)];
    }

    /** Position of the first byte in a source file. */
    long source() {
        return source;
    }

    /** Position of the first byte in a target file. */
    long target() {
        return target;
    }

    /** Whether the target file ends before the first byte. */
    boolean gap() {
        return this == BEHIND;
    }
}
