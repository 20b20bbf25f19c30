package io.zerocopy.nio.internal.ports;

import java.util.concurrent.locks.LockSupport;

/** What stands for waiting where readiness cannot be observed. */
final class Pause {
    /** Short enough not to be felt, long enough for a thousand idle waits to cost a few per cent of a processor. */
    private static final long MAX_NANOS = 1_000_000;

    private Pause() {}

    /** Pauses, ends early when the thread is interrupted, and always says that a try is worth while. */
    static boolean atMost(long nanos) {
        LockSupport.parkNanos(Math.min(nanos, MAX_NANOS));
        return true;
    }
}
