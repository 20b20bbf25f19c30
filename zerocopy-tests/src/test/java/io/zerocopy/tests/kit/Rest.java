package io.zerocopy.tests.kit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.tests.fixture.TestFixture;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Waits until something stands still. It is looked at for one while after another, until one passes in which it does:
 * what is only slow comes to that in the end, and what spins never does. So a busy machine makes no test fail.
 */
public final class Rest {
    private static final long SECOND = 1_000_000_000;

    /** 5 % of the second that is looked at. */
    private static final long MOST_NANOS = 50_000_000;

    private Rest() {}

    /**
     * A thread is at rest if it uses next to no CPU time for a second; waiting for its peer, that is, and not spinning.
     *
     * @param what the thread, for who reads that it spins
     * @param id its number
     */
    public static void ofThread(String what, long id) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        assumeTrue(threads.isThreadCpuTimeSupported(), "the CPU time of threads cannot be read");
        TestFixture.until(what + " uses no CPU time for a second", () -> {
            long before = threads.getThreadCpuTime(id);
            pause(SECOND);
            return threads.getThreadCpuTime(id) - before < MOST_NANOS;
        });
    }

    /**
     * A counter is at rest if it stays as it is for half a second.
     *
     * @param what what is counted
     * @param counter the counter
     */
    public static void ofCounter(String what, LongSupplier counter) {
        TestFixture.until(what + " does not change for half a second", () -> {
            long before = counter.getAsLong();
            pause(SECOND / 2);
            return counter.getAsLong() == before;
        });
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
