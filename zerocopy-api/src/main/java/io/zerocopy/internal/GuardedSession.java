package io.zerocopy.internal;

import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A session as its caller has it: behind a {@link Turnstile}. */
final class GuardedSession implements TransferSession {
    private final TransferRun run;
    private final Turnstile turnstile;

    GuardedSession(TransferRun run) {
        this.run = run;
        this.turnstile = new Turnstile("session", run::close);
    }

    @Override
    public Status advance() throws IOException {
        turnstile.enter();
        try {
            return run.advance();
        } finally {
            turnstile.leave();
        }
    }

    @Override
    public void close() {
        turnstile.close();
    }

    @Override
    public int interestOps(Status status) {
        return run.interestOps(status);
    }

    @Override
    public long transferred() {
        turnstile.look();
        return run.transferred();
    }

    @Override
    public ByteBuffer remainder() {
        turnstile.look();
        return run.remainder();
    }

    @Override
    public TransferResult result() {
        turnstile.look();
        return run.result();
    }
}
