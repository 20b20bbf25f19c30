package io.zerocopy.linux.internal.memory;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;

/**
 * What waits to be used again, the last that came back first; no more of it than a bound. Held weakly: when the JVM runs
 * out of direct memory it collects garbage before it gives up, and what is idle here must not stand in the way of who
 * asks then. Thread-safe.
 */
final class WeakPool<T> {
    private final ArrayDeque<WeakReference<T>> idle;
    private final int most;

    WeakPool(int most) {
        this.idle = new ArrayDeque<>(most);
        this.most = most;
    }

    /** Something that nobody uses; null where there is none. */
    synchronized T take() {
        T taken = null;
        while (taken == null && !idle.isEmpty()) {
            taken = idle.pollLast().get();
        }
        return taken;
    }

    /** Keeps something, by a reference to it that lives as long as it does. */
    synchronized void give(WeakReference<T> reference) {
        if (idle.size() == most) {
            idle.removeIf(each -> each.refersTo(null));
        }
        if (idle.size() < most) {
            idle.addLast(reference);
        }
    }
}
