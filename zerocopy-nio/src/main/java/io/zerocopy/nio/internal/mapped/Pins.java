package io.zerocopy.nio.internal.mapped;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts the threads inside a mapping, so that it is unmapped only when no thread is inside; for JDKs whose buffers do
 * not check this themselves. A thread that enters first counts itself and then checks whether it is closed. A thread
 * that closes first sets the closed state and then waits for the counts to reach zero. So at least one of the two sees
 * the other.
 */
final class Pins {
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final int STRIPES = 16;
    private static final int APART = 16; // in ints, so that two stripes share no cache line

    private final AtomicIntegerArray counts = new AtomicIntegerArray(STRIPES * APART);
    private volatile boolean closed;

    /** Enters. If closed, returns false and has not entered. */
    boolean enter() {
        int stripe = stripe();
        counts.getAndIncrement(stripe);
        if (closed) {
            counts.getAndDecrement(stripe);
            return false;
        }
        return true;
    }

    /** Ends what {@link #enter()} began; must be called on the same thread. */
    void exit() {
        counts.getAndDecrement(stripe());
    }

    /**
     * Lets no more threads in, and waits until the last one has left. This may never happen: the JVM may throw the
     * error of an access to truncated pages at any later place in the thread, even in the code that leaves.
     *
     * @return true if no thread is inside; false if one still is after a second
     */
    boolean close() {
        closed = true;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (int i = 0; i < STRIPES; i++) {
            while (counts.get(i * APART) != 0) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                LockSupport.parkNanos(1_000);
            }
        }
        return true;
    }

    private static int stripe() {
        return (int) (Thread.currentThread().getId() % STRIPES) * APART;
    }
}
