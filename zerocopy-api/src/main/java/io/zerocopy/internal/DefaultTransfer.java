package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfer;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/** A {@link TransferSpec} and the three things that can be done with it. Immutable. */
final class DefaultTransfer extends TransferSpec implements Transfer {
    /** A run that is over, for the next transfer: what it needs is there again, and makes no garbage. */
    private static final AtomicReference<TransferRun> IDLE = new AtomicReference<>();

    private final Providers providers = Providers.installed();

    DefaultTransfer(TransferBuilder builder) {
        super(
                builder.source,
                builder.target,
                builder.options,
                builder.position,
                builder.count,
                builder.targetPosition,
                builder.wishes());
    }

    @Override
    public TransferResult run() throws IOException {
        Failures.refuseInterrupted();
        TransferRun idle = IDLE.getAndSet(null);
        TransferRun run = idle != null && idle.providers() == providers ? idle : new TransferRun(providers);
        TransferResult result = run(run);
        run.end();
        IDLE.lazySet(run);
        return result;
    }

    /** One that failed is not used again. */
    private TransferResult run(TransferRun run) throws IOException {
        run.begin(this, true);
        try (run) {
            while (true) {
                Status status = run.advance();
                if (status == Status.DONE) {
                    return run.result();
                }
                if (status != Status.PROGRESS) {
                    run.await(status);
                }
            }
        }
    }

    @Override
    public TransferSession open() throws IOException {
        return new GuardedSession(openRun());
    }

    /** The session itself, for who keeps other threads away. */
    TransferRun openRun() throws IOException {
        Failures.refuseInterrupted();
        return TransferRun.open(providers, this, false);
    }

    /** What a run would refuse is the reason of every mechanism. */
    @Override
    public TransferPlan plan() {
        String refusal = PathOpener.refusal(source(), target(), options());
        if (refusal != null) {
            return refused(refusal);
        }
        try {
            return OpenEndpoints.plan(providers, this);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            String name = e.getClass().getSimpleName();
            return refused(e.getMessage() == null ? name : name + ": " + e.getMessage());
        }
    }

    private static TransferPlan refused(String reason) {
        return new TransferPlan(Arrays.stream(Mechanism.values())
                .map(mechanism -> new TransferPlan.Candidate(mechanism, false, reason))
                .toList());
    }

    @Override
    public String toString() {
        return "Transfer[" + source() + " → " + target() + "]";
    }
}
