package io.zerocopy.tests.bench.measure;

/**
 * The cost of one window for its mover.
 *
 * @param bytes bytes moved
 * @param cpuNanos user and system time
 * @param wallNanos elapsed time
 * @param allocated bytes allocated on the Java heap, or -1 if it is not a Java program
 */
public record Measurement(long bytes, long cpuNanos, long wallNanos, long allocated) {
    private static final double GIB = 1 << 30;

    /** Returns the milliseconds of processor time per GiB. */
    public double cpuMillisPerGib() {
        return cpuNanos / 1e6 / (bytes / GIB);
    }

    /** Returns the throughput. */
    public double gibPerSecond() {
        return bytes / GIB / (wallNanos / 1e9);
    }
}
