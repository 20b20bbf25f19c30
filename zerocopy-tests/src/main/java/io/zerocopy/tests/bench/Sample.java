package io.zerocopy.tests.bench;

/**
 * What one window cost its mover.
 *
 * @param bytes how much was moved
 * @param cpuNanos user and system time
 * @param wallNanos time that passed
 * @param allocated bytes allocated on the Java heap, or -1 where there is none
 */
public record Sample(long bytes, long cpuNanos, long wallNanos, long allocated) {
    private static final double GIB = 1 << 30;

    /** Milliseconds of processor time for a GiB. */
    public double cpuMillisPerGib() {
        return cpuNanos / 1e6 / (bytes / GIB);
    }

    /** Speed. */
    public double gibPerSecond() {
        return bytes / GIB / (wallNanos / 1e9);
    }
}
