package io.zerocopy.linux.internal.memory;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;

/**
 * A bounded pool of idle objects; the last that came back is used first. It holds them weakly: when the JVM runs out of
 * direct memory, it collects garbage before it fails, and idle objects here must not prevent that. Thread-safe.
 */
final class WeakPool<T> {
    private final ArrayDeque<WeakReference<T>> idle;
    private final int most;

    WeakPool(int most) {
        this.idle = new ArrayDeque<>(most);
        this.most = most;
    }

    /** An idle object; null if there is none. */
    synchronized T take() {
        T taken = null;
        while (taken == null && !idle.isEmpty()) {
            taken = idle.pollLast().get();
        }
        return taken;
    }

    /** Keeps an object, by a reference that lives as long as the object. */
    synchronized void give(WeakReference<T> reference) {
        if (idle.size() == most) {
            idle.removeIf(each -> each.refersTo(null));
        }
        if (idle.size() < most) {
            idle.addLast(reference);
        }
    }
}
