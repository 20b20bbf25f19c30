package io.zerocopy.internal;

import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A session as its caller has it: one thread at a time is let in, another one that comes meanwhile is told, and a close
 * from outside is left to the thread inside, which ends the session on its way out. So that a mistake costs an exception
 * and no byte.
 */
final class GuardedSession implements TransferSession {
    private final TransferRun run;
    private final AtomicReference<Thread> inside = new AtomicReference<>();
    private volatile boolean closing;

    GuardedSession(TransferRun run) {
        this.run = run;
    }

    @Override
    public Status advance() throws IOException {
        if (!inside.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException(
                    inside.get() == Thread.currentThread()
                            ? "advance() was called by the session's own listener"
                            : closing
                                    ? "the session is closed"
                                    : "another thread is inside this session: one at a time");
        }
        try {
            return run.advance();
        } finally {
            leave();
        }
    }

    @Override
    public void close() {
        if (inside.get() == Thread.currentThread()) { // its listener
            run.close();
            return;
        }
        closing = true;
        closeUnlessInside();
    }

    /** A close that comes between the look and the leaving is made up for by one of the two who see it. */
    private void leave() {
        if (closing) {
            run.close();
        }
        inside.set(null);
        if (closing) {
            closeUnlessInside();
        }
    }

    private void closeUnlessInside() {
        if (inside.compareAndSet(null, Thread.currentThread())) {
            try {
                run.close();
            } finally {
                inside.set(null);
            }
        }
    }

    @Override
    public int interestOps(Status status) {
        return run.interestOps(status);
    }

    @Override
    public long transferred() {
        inside.get(); // what the last thread inside has written
        return run.transferred();
    }

    @Override
    public ByteBuffer remainder() {
        inside.get();
        return run.remainder();
    }

    @Override
    public TransferResult result() {
        inside.get();
        return run.result();
    }
}
