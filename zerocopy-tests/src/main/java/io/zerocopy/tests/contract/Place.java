package io.zerocopy.tests.contract;

/** Where movers begin in files. */
enum Place {
    /** At the first byte of each. */
    START(0, 0),
    /** Where no block and no page begins. */
    BETWEEN(1001, 501),
    /** Around the first position that takes more than 32 bits. */
    FAR((1L << 32) - 8192, (1L << 32) - 4096),
    /** Behind the end of the target, which reads as zeros between. */
    BEHIND(4096, 10_777),
    /** In the middle of what the target has already, which stays as it is on both sides. */
    INSIDE(777, 8191);

    /** What a target file has already where a mover begins {@link #INSIDE} it, each of its bytes. */
    static final byte THERE = 0x55;

    private final long source;
    private final long target;

    Place(long source, long target) {
        this.source = source;
        this.target = target;
    }

    /** One for each seed, by turns. */
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

    /** Whether a target file ends before. */
    boolean gap() {
        return this == BEHIND;
    }
}
