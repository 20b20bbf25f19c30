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
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/** A {@link TransferSpec} that can be planned, run, or opened as a session. Immutable. */
public final class DefaultTransfer extends TransferSpec implements Transfer {
    /** A finished run that the next transfer uses again, so that it allocates less memory. */
    private static final AtomicReference<TransferLoop> IDLE = new AtomicReference<>();

    /**
     * Marks that a transfer has run. Most transfers run only once, so after the first run another transfer gets its
     * objects.
     */
    private static final Object RAN = new Object();

    private final Providers providers = Providers.installed();
    private static final AtomicReferenceFieldUpdater<DefaultTransfer, Object> KEPT =
            AtomicReferenceFieldUpdater.newUpdater(DefaultTransfer.class, Object.class, "kept");

    /**
     * The objects that a run keeps for the next one, from the second run on. Null before the first run; {@link #RAN}
     * after the first run and during each later one.
     */
    private volatile Object kept;

    DefaultTransfer(TransferBuilder builder) {
        super(
                builder.source,
                builder.target,
                builder.position,
                builder.count(),
                builder.targetPosition,
                builder.wishes());
    }

    @Override
    public TransferResult run() throws IOException {
        Failures.refuseInterrupted();
        Object before = kept == null ? null : KEPT.getAndSet(this, RAN);
        TransferLoop last = before instanceof TransferLoop loop ? loop : null;
        TransferLoop loop = last != null && last.beginAgain() ? last : begin(last, before != null);
        TransferResult result = finish(loop);
        if (before != null && loop.isKept()) {
            kept = loop;
        } else {
            loop.end();
            IDLE.lazySet(loop);
            KEPT.lazySet(this, RAN);
        }
        return result;
    }

    private TransferLoop begin(TransferLoop last, boolean keeps) throws IOException {
        TransferLoop idle = last;
        if (idle == null) {
            idle = IDLE.getAndSet(null);
        } else {
            idle.end();
        }
        Providers loaded = providers.loaded();
        TransferLoop loop = idle != null && idle.providers() == loaded ? idle : new TransferLoop(loaded);
        loop.begin(this, true);
        if (keeps) {
            loop.keep();
        }
        return loop;
    }

    /** Finishes a run. A run that has failed is not used again. */
    private static TransferResult finish(TransferLoop loop) throws IOException {
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

    /** Opens the unguarded session, for callers that keep other threads away themselves. */
    public TransferLoop openRun() throws IOException {
        Failures.refuseInterrupted();
        return TransferLoop.open(providers.loaded(), this, false);
    }

    /** If a run would be refused, the refusal is the reason for every mechanism. */
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
