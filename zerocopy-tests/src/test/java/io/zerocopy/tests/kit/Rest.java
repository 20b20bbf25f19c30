package io.zerocopy.tests.kit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.tests.fixture.TestFixture;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Waits until something is at rest. It checks one interval after another, until it finds one at rest. A slow machine
 * reaches such an interval in the end; a spinning thread never does. So no test fails because the machine is busy.
 */
public final class Rest {
    private static final long SECOND = 1_000_000_000;

    /** 5 % of the second that is checked. */
    private static final long MOST_NANOS = 50_000_000;

    private Rest() {}

    /**
     * Waits until a thread uses almost no CPU time for a second. It then waits for its peer and does not spin.
     *
     * @param what the name of the thread, for the message of a failure
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
     * Waits until a counter does not change for half a second.
     *
     * @param what the name of what is counted
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
