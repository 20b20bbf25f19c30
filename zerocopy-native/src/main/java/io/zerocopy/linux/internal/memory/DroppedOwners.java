package io.zerocopy.linux.internal.memory;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets go of what an owner had when the owner was dropped without a close: a last resort, which costs the garbage collector
 * a reference for each owner. There is no thread for it. Whoever takes something of the kind, or gives it back, looks first
 * whether some is to be had so. Thread-safe.
 */
public final class DroppedOwners {
    private static final ReferenceQueue<Object> DROPPED = new ReferenceQueue<>();
    private static final Set<Hold> HOLDS = ConcurrentHashMap.newKeySet();

    private DroppedOwners() {}

    /** What one owner has. Must not refer to the owner. */
    public abstract static class Hold extends PhantomReference<Object> {
        protected Hold(Object owner) {
            super(owner, DROPPED);
            HOLDS.add(this);
        }

        /** Lets go of it, as the owner did not; says what it was, or null where there was nothing. */
        protected abstract String letGo();

        /** The owner has let go by itself. */
        public final void end() {
            HOLDS.remove(this);
            clear();
        }
    }

    /** Looked for when something is logged. */
    private static final class Log {
        static final System.Logger LOGGER = System.getLogger("io.zerocopy");

        private Log() {}
    }

    /** Lets go of what owners had that were dropped since. */
    public static void sweep() {
        for (Reference<?> dropped = DROPPED.poll(); dropped != null; dropped = DROPPED.poll()) {
            Hold hold = (Hold) dropped;
            HOLDS.remove(hold);
            String what = hold.letGo();
            if (what != null && Log.LOGGER.isLoggable(System.Logger.Level.DEBUG)) {
                Log.LOGGER.log(System.Logger.Level.DEBUG, "a session was dropped without close(): " + what);
            }
        }
    }
}
