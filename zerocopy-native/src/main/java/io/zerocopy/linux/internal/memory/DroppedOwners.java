package io.zerocopy.linux.internal.memory;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Releases the resources of an owner that was dropped without a close: a last resort, which costs the garbage collector
 * a reference for each owner. There is no thread for it: code that takes or gives back such a resource first releases
 * those of dropped owners. Thread-safe.
 */
public final class DroppedOwners {
    private static final ReferenceQueue<Object> DROPPED = new ReferenceQueue<>();
    private static final Set<Hold> HOLDS = ConcurrentHashMap.newKeySet();

    private DroppedOwners() {}

    /** The resource of one owner. It must not refer to the owner. */
    public abstract static class Hold extends PhantomReference<Object> {
        protected Hold(Object owner) {
            super(owner, DROPPED);
            HOLDS.add(this);
        }

        /** Releases the resource, because the owner did not; returns its name, or null if there was none. */
        protected abstract String letGo();

        /** The owner has released the resource itself. */
        public final void end() {
            HOLDS.remove(this);
            clear();
        }
    }

    /** Loaded when the first message is logged. */
    private static final class Log {
        static final System.Logger LOGGER = logger();

        private Log() {}

        /** Null where the application's loggers cannot be set up: that fails no transfer. */
        private static System.Logger logger() {
            try {
                return System.getLogger("io.zerocopy");
            } catch (RuntimeException | ServiceConfigurationError | LinkageError broken) {
                return null;
            }
        }
    }

    /** Releases the resources of all owners that were dropped since the last call. */
    public static void sweep() {
        for (Reference<?> dropped = DROPPED.poll(); dropped != null; dropped = DROPPED.poll()) {
            Hold hold = (Hold) dropped;
            HOLDS.remove(hold);
            String what = hold.letGo();
            System.Logger logger = what == null ? null : Log.LOGGER;
            if (logger != null && logger.isLoggable(System.Logger.Level.DEBUG)) {
                logger.log(System.Logger.Level.DEBUG, "a session was dropped without close(): " + what);
            }
        }
    }
}
