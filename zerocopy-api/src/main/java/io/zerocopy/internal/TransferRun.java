package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.TransferSession;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * The one loop. A run is a {@link Script} of stretches: header, body or its parts, and trailer; a body is moved by the
 * first mechanism that does not decline, and by the next one from the exact byte where one does. The loop owns positions,
 * counts, fairness, the deadline, progress and fallback; a mover owns nothing but its system calls; whoever calls {@link
 * #advance()} owns the waiting. A run that is over can begin another transfer, so that a copy makes next to no garbage.
 *
 * <p>Invariant between steps: {@code tally.total()} bytes have reached the target, which therefore stands at {@code
 * targetStart + total}; the source stands at {@code sourceStart + body} plus what the mover, or its fallback, holds.
 */
final class TransferRun implements TransferSession {
    /** Most that one step of a blocking run moves before interrupts and the deadline are looked at. */
    static final long BLOCKING_CHUNK = 64 << 20;

    /** Longest wait of one call where nothing else limits it: a day. */
    private static final long LONGEST_WAIT = 86_400_000_000_000L;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final OpenEndpoints ends;
    private final Tally tally = new Tally();
    private final Script script;
    private final RunLimits limits;
    private final Providers providers;
    private TransferSpec spec;
    private boolean blocking;
    private long expected; // bytes in all, or -1
    private TransferEvent event;

    private boolean begun; // and its script is there
    private boolean proven; // that some mechanism takes what stands behind other bytes
    private boolean closed;
    private boolean releasing; // all has moved, and the kernel still reads memory
    private ByteBuffer remainder = EMPTY;
    private IOException failure;
    private TransferResult result;

    TransferRun(Providers providers) {
        this.providers = providers;
        ends = new OpenEndpoints(providers);
        script = new Script(ends, tally);
        limits = new RunLimits(ends, script);
    }

    Providers providers() {
        return providers;
    }

    static TransferRun open(Providers providers, TransferSpec spec, boolean blocking) throws IOException {
        TransferRun run = new TransferRun(providers);
        run.begin(spec, blocking);
        return run;
    }

    /** Begins a transfer; the first one, or the next after one that was done: what failed or was cancelled is not used again. */
    void begin(TransferSpec of, boolean isBlocking) throws IOException {
        ends.open(of, isBlocking ? OpenEndpoints.Use.RUN : OpenEndpoints.Use.SESSION);
        spec = of;
        blocking = isBlocking;
        tally.begin();
        limits.begin(tally.startedNanos(), spec.timeoutNanos());
        long known = ends.expected();
        expected = known == Long.MAX_VALUE ? -1 : known;
        event = Telling.begin();
        try {
            script.begin(spec);
            begun = true;
        } catch (IOException | RuntimeException | Error e) {
            cleanUp(e);
            throw e;
        }
    }

    /** Lets everything go that one transfer was made of, when it is done. */
    void end() {
        script.end();
        ends.end();
        spec = null;
        event = null;
        begun = false;
        proven = false;
        result = null;
    }

    @Override
    public Status advance() throws IOException {
        if (result != null) {
            return Status.DONE;
        }
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        try {
            limits.checkDeadline();
            return moveChunk();
        } catch (IOException e) {
            throw fail(e);
        } catch (RuntimeException | Error e) {
            cleanUp(e);
            e.addSuppressed(
                    Failures.describe(new IOException("ended by " + e), true, tally.total(), remainder, mechanism()));
            throw e;
        }
    }

    private Status moveChunk() throws IOException {
        if (!proven) {
            script.prove();
            ends.truncateAhead();
            proven = true;
        }
        long budget = blocking ? BLOCKING_CHUNK : spec.fairChunk();
        while (budget > 0) {
            Stretch stretch = script.current();
            if (stretch == null) {
                return settle();
            }
            ends.target().more(script.moreFollows(budget));
            long n = stretch.step(targetPosition(), budget);
            if (n > 0) {
                budget -= n;
                moved();
                if (closed) {
                    return Status.PROGRESS; // its listener has cancelled it
                }
            } else if (n == Step.AWAIT_SOURCE) {
                ends.target().push();
                return waiting(Status.AWAIT_SOURCE);
            } else if (n == Step.AWAIT_TARGET) {
                return waiting(Status.AWAIT_TARGET);
            } else if (n == Step.END) {
                script.advance();
            } else {
                throw new IllegalStateException(mechanism() + " answered " + n);
            }
        }
        return Status.PROGRESS;
    }

    private Status waiting(Status status) {
        awaited(status).beforeWaiting();
        return status;
    }

    /** Everything has moved; done when nothing of it is in use any more. */
    private Status settle() throws IOException {
        ends.target().push();
        releasing = script.settle() != Step.END;
        if (releasing) {
            return Status.AWAIT_TARGET;
        }
        finish();
        return Status.DONE;
    }

    private Mechanism mechanism() {
        return begun ? script.mechanism() : null;
    }

    private long targetPosition() {
        return ends.targetStart() < 0 ? ends.targetStart() : ends.targetStart() + tally.total();
    }

    /** Between two steps: a trickle of small steps must not hide an interrupt, a close or the deadline. */
    private void moved() throws IOException {
        if (spec.listener() != null) {
            spec.listener().onProgress(tally.total(), expected);
        }
        if (blocking && tally.total() != expected) {
            limits.checkAlive();
            limits.checkDeadline();
        }
    }

    /**
     * Waits until the end that a status names may be ready. Interrupts, closes of both ends and the deadline are noticed
     * within a slice, whoever looks for them.
     */
    void await(Status status) throws IOException {
        boolean ready = false;
        while (!ready) {
            ready = awaitOnce(status, LONGEST_WAIT);
        }
    }

    /** One wait, which may end early; true when a step is worth while. */
    boolean awaitOnce(Status status, long nanos) throws IOException {
        try {
            limits.checkAlive();
            limits.checkDeadline();
            return releasing
                    ? ends.target().awaitRelease(limits.limited(nanos), limits.alive())
                    : awaited(status).await(limits.limited(nanos), limits.alive());
        } catch (IOException e) {
            throw fail(e);
        }
    }

    /** One wait for what this run or another one needs, as {@link #awaitOnce}; both runs have the same two channels. */
    boolean awaitEither(Status status, TransferRun other, Status otherStatus, long nanos) throws IOException {
        try {
            limits.checkAlive();
            return awaited(status).awaitEither(other.awaited(otherStatus), limits.limited(nanos), limits.alive());
        } catch (IOException e) {
            throw fail(e);
        }
    }

    /** Fails the run, as a wait of its own would, if the thread was interrupted or an end was closed. */
    void checkAliveNow() throws IOException {
        try {
            limits.checkAlive();
        } catch (IOException e) {
            throw fail(e);
        }
    }

    /** Ends the run from outside the loop, with what the loop knows; null if it was done before. */
    IOException abort(IOException cause) {
        if (result != null || failure != null) {
            return failure;
        }
        return fail(cause);
    }

    private Endpoint awaited(Status status) {
        return status == Status.AWAIT_SOURCE ? script.source() : ends.target();
    }

    /** Whether a connection at either end was reset, as far as that can be seen without a read or a write. */
    boolean isReset() throws IOException {
        return script.source().isReset() || ends.target().isReset();
    }

    private void finish() throws IOException {
        ends.truncateBehind(targetPosition());
        if (spec.durable()) {
            ends.force();
        }
        ends.advance(tally.body(), tally.total());
        ends.close();
        result = tally.result(tally.body() == spec.count() ? End.COUNT_REACHED : End.SOURCE_ENDED, script.chosen());
        tell(result.mechanism(), result.end().name());
    }

    private IOException fail(IOException cause) {
        boolean open = !begun || limits.areEndsOpen(); // before those that are the run's own are closed
        cleanUp(cause);
        failure = cause instanceof MechanismUnavailableException && tally.total() == 0
                ? cause
                : Failures.describe(cause, open, tally.total(), remainder, mechanism());
        for (Throwable suppressed : failure == cause ? new Throwable[0] : cause.getSuppressed()) {
            failure.addSuppressed(suppressed);
        }
        return failure;
    }

    /** Ends the run before its end: saves what is on its way, puts positions right and lets everything go. */
    private void cleanUp(Throwable cause) {
        if (closed) {
            return;
        }
        closed = true;
        if (begun) {
            Failures.attempt(cause, () -> remainder = script.residue());
            Failures.attempt(cause, script::close);
        }
        if (begun && tally.total() > 0) {
            Failures.attempt(cause, () -> ends.truncateBehind(targetPosition()));
        }
        Failures.attempt(cause, () -> ends.advance(tally.body(), tally.total()));
        if (tally.total() == 0) {
            Failures.attempt(cause, ends::discardEmptyTarget); // while it is open, and known by that
        }
        Failures.attempt(cause, ends::close);
        tell(mechanism(), cause == null ? "CANCELLED" : cause.toString());
    }

    private void tell(Mechanism by, String outcome) {
        if (event != null) {
            Facts source = ends.ranges().get(0).port().facts();
            Telling.end(event, source, ends.target().facts(), by, tally, outcome);
        }
    }

    @Override
    public long transferred() {
        return tally.total();
    }

    @Override
    public ByteBuffer remainder() {
        return remainder;
    }

    @Override
    public int interestOps(Status status) {
        return releasing && status == Status.AWAIT_TARGET
                ? SelectionKey.OP_READ
                : TransferSession.super.interestOps(status);
    }

    @Override
    public TransferResult result() {
        if (result == null) {
            throw new IllegalStateException("the transfer is not done");
        }
        return result;
    }

    @Override
    public void close() {
        if (closed && begun) {
            ends.target().beforeWaiting();
        } else if (!closed && result == null) {
            cleanUp(null);
        }
    }
}
