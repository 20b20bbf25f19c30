package io.zerocopy.internal.loop;

import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The session that a caller gets: protected by a {@link SessionGuard}. */
public final class GuardedSession implements TransferSession {
    private final TransferLoop loop;
    private final SessionGuard guard;

    public GuardedSession(TransferLoop loop) {
        this.loop = loop;
        this.guard = new SessionGuard("session", loop::close);
    }

    @Override
    public Status advance() throws IOException {
        guard.enter();
        try {
            return loop.advance();
        } finally {
            guard.leave();
        }
    }

    @Override
    public void close() {
        guard.close();
    }

    @Override
    public int interestOps(Status status) {
        return loop.interestOps(status);
    }

    @Override
    public long transferred() {
        guard.look();
        return loop.transferred();
    }

    @Override
    public ByteBuffer remainder() {
        guard.look();
        return loop.remainder();
    }

    @Override
    public TransferResult result() {
        guard.look();
        return loop.result();
    }
}
