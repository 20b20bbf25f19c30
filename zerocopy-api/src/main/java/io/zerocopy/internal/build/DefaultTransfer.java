package io.zerocopy.internal.build;

import io.zerocopy.Transfer;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.endpoint.PathOpener;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.loop.GuardedSession;
import io.zerocopy.internal.loop.TransferLoop;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** A {@link TransferSpec} and the three things that can be done with it. Immutable. */
public final class DefaultTransfer extends TransferSpec implements Transfer {
    /** A run that is over, for the next transfer: what it needs is there again, and makes no garbage. */
    private static final AtomicReference<TransferLoop> IDLE = new AtomicReference<>();

    private final Providers providers = Providers.installed();

    DefaultTransfer(TransferBuilder builder) {
        super(
                builder.source,
                builder.target,
                builder.options,
                builder.position,
                builder.count(),
                builder.targetPosition,
                builder.wishes());
    }

    @Override
    public TransferResult run() throws IOException {
        Failures.refuseInterrupted();
        Providers loaded = providers.loaded();
        TransferLoop idle = IDLE.getAndSet(null);
        TransferLoop loop = idle != null && idle.providers() == loaded ? idle : new TransferLoop(loaded);
        TransferResult result = run(loop);
        loop.end();
        IDLE.lazySet(loop);
        return result;
    }

    /** One that failed is not used again. */
    private TransferResult run(TransferLoop loop) throws IOException {
        loop.begin(this, true);
        try (loop) {
            while (true) {
                Status status = loop.advance();
                if (status == Status.DONE) {
                    return loop.result();
                }
                if (status != Status.PROGRESS) {
                    loop.await(status);
                }
            }
        }
    }

    @Override
    public TransferSession open() throws IOException {
        return new GuardedSession(openRun());
    }

    /** The session itself, for who keeps other threads away. */
    public TransferLoop openRun() throws IOException {
        Failures.refuseInterrupted();
        return TransferLoop.open(providers.loaded(), this, false);
    }

    /** What a run would refuse is the reason of every mechanism. */
    @Override
    public TransferPlan plan() {
        String refusal = PathOpener.refusal(source(), target(), options());
        if (refusal != null) {
            return refused(refusal);
        }
        try {
            return OpenEndpoints.plan(providers.loaded(), this);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            String name = e.getClass().getSimpleName();
            return refused(e.getMessage() == null ? name : name + ": " + e.getMessage());
        }
    }

    private TransferPlan refused(String reason) {
        return new TransferPlan(providers.mechanisms().stream()
                .map(mechanism -> new TransferPlan.Candidate(mechanism.mechanism(), mechanism.name(), false, reason))
                .toList());
    }

    @Override
    public String toString() {
        return "Transfer[" + source() + " → " + target() + "]";
    }
}
