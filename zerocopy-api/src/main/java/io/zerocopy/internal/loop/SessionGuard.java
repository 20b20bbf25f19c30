package io.zerocopy.internal.loop;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets one thread at a time in; tells another one that comes meanwhile; and leaves a close from outside to the thread
 * inside, which makes up for it on its way out. So that a mistake costs an exception and no byte.
 */
public final class SessionGuard {
    /** Who is inside to do nothing but close. */
    private record Closer(Thread thread) {}

    private final String what;
    private final Runnable end;
    private final AtomicReference<Object> inside = new AtomicReference<>(); // null, a thread or a closer
    private volatile boolean closing; // somebody wants it ended, and nobody has begun to

    /**
     * Stands open.
     *
     * @param what is inside, for those who are told
     * @param end what a close is, done by one thread at a time, more than once if need be
     */
    public SessionGuard(String what, Runnable end) {
        this.what = what;
        this.end = end;
    }

    /** Enters, behind whoever is closing; every thread that has entered leaves. */
    public void enter() {
        Thread me = Thread.currentThread();
        while (!inside.compareAndSet(null, me)) {
            Object other = inside.get();
            if (other == me) {
                throw new IllegalStateException("advance() was called by the session's own listener");
            }
            if (other instanceof Thread) {
                throw new IllegalStateException("another thread is inside this " + what + ": one at a time");
            }
            Thread.yield();
        }
    }

    /** A close that comes between the look and the leaving is made up for by one of the two who see it. */
    public void leave() {
        if (closing) {
            endNow();
        }
        inside.set(null);
        endUnlessInside();
    }

    /** Ends it, or has the thread inside do so; what a listener closes is ended at once. */
    public void close() {
        if (inside.get() == Thread.currentThread()) {
            end.run();
            return;
        }
        closing = true;
        endUnlessInside();
    }

    private void endUnlessInside() {
        Closer closer = null;
        while (closing) {
            closer = closer == null ? new Closer(Thread.currentThread()) : closer;
            if (inside.compareAndSet(null, closer)) {
                try {
                    endNow();
                } finally {
                    inside.set(null);
                }
            } else if (inside.get() instanceof Closer other && other.thread() != closer.thread()) {
                Thread.yield();
            } else if (inside.get() != null) {
                return; // who is inside looks when it leaves
            }
        }
    }

    private void endNow() {
        closing = false;
        end.run();
    }

    /** Shows a thread what the last one inside has written. */
    public void look() {
        inside.get();
    }
}
