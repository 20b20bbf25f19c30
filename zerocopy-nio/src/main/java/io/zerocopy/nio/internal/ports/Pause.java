package io.zerocopy.nio.internal.ports;

import java.util.concurrent.locks.LockSupport;

/** Pauses instead of waiting if readiness cannot be observed. */
final class Pause {
    /**
     * Short enough not to be noticed; long enough that a thousand idle waits cost only a few per cent of a processor.
     */
    private static final long MAX_NANOS = 1_000_000;

    private Pause() {}

    /**
     * Pauses; returns early if the thread is interrupted. Always returns true, because another step is worth trying.
     */
    static boolean atMost(long nanos) {
        LockSupport.parkNanos(Math.min(nanos, MAX_NANOS));
        return true;
    }
}
