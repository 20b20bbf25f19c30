package io.zerocopy.internal.loop;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Allows one thread at a time inside a session. Another thread that enters meanwhile gets an exception. If another
 * thread closes the session meanwhile, the thread inside does the close when it leaves. So a mistake of the caller
 * causes an exception and loses no byte.
 */
public final class SessionGuard {
    /** A thread that is inside only to close. */
    private record Closer(Thread thread) {}

    private final String what;
    private final Runnable end;
    private final AtomicReference<Object> inside = new AtomicReference<>(); // null, a thread or a closer
    private volatile boolean closing; // a close was requested and has not begun

    /**
     * Creates a guard with no thread inside.
     *
     * @param what is guarded, for the exception's message
     * @param end does the close; called by one thread at a time, possibly more than once
     */
    public SessionGuard(String what, Runnable end) {
        this.what = what;
        this.end = end;
    }

    /** Enters; waits while another thread closes. Every thread that has entered must leave. */
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

    /**
     * Leaves. A close may be requested between the check and the leaving; then the leaving or the closing thread does
     * it.
     */
    public void leave() {
        if (closing) {
            endNow();
        }
        inside.set(null);
        endUnlessInside();
    }

    /**
     * Closes the session, or lets the thread inside do it. If the thread inside calls this, from its listener, the
     * session ends at once.
     */
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
                return; // the thread inside checks for a close when it leaves
            }
        }
    }

    private void endNow() {
        closing = false;
        end.run();
    }

    /** Makes the writes of the last thread inside visible to this thread. */
    public void look() {
        inside.get();
    }
}
