package io.zerocopy.nio.internal.mapped;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Who is inside, counted, so that a mapping can be taken away when nobody is; for JDKs whose buffers do not look
 * themselves. Who enters counts first and looks for the closed door second; who closes shuts the door first and waits
 * for the counts to reach zero second: one of the two sees the other.
 */
final class Pins {
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final int STRIPES = 16;
    private static final int APART = 16; // ints, so that two stripes share no cache line

    private final AtomicIntegerArray counts = new AtomicIntegerArray(STRIPES * APART);
    private volatile boolean closed;

    /** Enters; false, without having entered, when closed. */
    boolean enter() {
        int stripe = stripe();
        counts.getAndIncrement(stripe);
        if (closed) {
            counts.getAndDecrement(stripe);
            return false;
        }
        return true;
    }

    /** Leaves what {@link #enter()} entered, on the same thread. */
    void exit() {
        counts.getAndDecrement(stripe());
    }

    /**
     * Lets nobody in any more, and waits until the last is out. That may never come: what the JVM throws of an access to
     * pages that a file has no more, it may throw at any later place of the thread, the leaving among them.
     *
     * @return whether nobody is inside; false after a second with somebody
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
