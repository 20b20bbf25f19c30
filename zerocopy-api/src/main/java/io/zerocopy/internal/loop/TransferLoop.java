package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.TransferSession;
import io.zerocopy.internal.endpoint.FailedEnd;
import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.failure.Account;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.plan.NamedMechanism;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * The only loop that moves bytes, in {@link Segments}. If a mechanism declines, the next one continues at the exact
 * byte. The loop handles positions, counts, limits, progress and fallback; a mover only makes system calls; the caller
 * of {@link #advance()} waits. A finished run can begin another transfer, so that a copy allocates little memory.
 *
 * <p>Invariant between steps: {@code stats.total()} bytes have reached the target, so its position is {@code
 * targetStart + total}. The source's is {@code sourceStart + body} plus the bytes that the mover or its fallback holds.
 */
public final class TransferLoop implements TransferSession {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final OpenEndpoints endpoints;
    private final TransferStats stats = new TransferStats();
    private final Segments segments;
    private final RunLimits limits;
    private final Providers providers;
    private TransferSpec spec;
    private boolean blocking;
    private long expected; // the total number of bytes, or -1
    private TransferEvent event;

    private boolean begun; // the segments exist
    private boolean closed;
    private boolean releasing; // all bytes have moved, but the kernel still reads memory
    private ByteBuffer remainder = EMPTY;
    private Throwable failure;
    private Side awaited = Side.UNKNOWN; // the end that was waited for, if nothing has moved since
    private TransferResult result;

    public TransferLoop(Providers providers) {
        this.providers = providers;
        endpoints = new OpenEndpoints(providers);
        segments = new Segments(endpoints, stats);
        limits = new RunLimits(endpoints, segments);
    }

    public Providers providers() {
        return providers;
    }

    public static TransferLoop open(Providers providers, TransferSpec spec, boolean blocking) throws IOException {
        TransferLoop loop = new TransferLoop(providers);
        loop.begin(spec, blocking);
        return loop;
    }

    /** Begins a transfer: the first, or the next if the last was done. After a failure or cancel, use a new loop. */
    public void begin(TransferSpec of, boolean isBlocking) throws IOException {
        endpoints.open(of, isBlocking ? OpenEndpoints.Use.RUN : OpenEndpoints.Use.SESSION);
        spec = of;
        blocking = isBlocking;
        begin(false);
    }

    private void begin(boolean again) throws IOException {
        awaited = Side.UNKNOWN;
        stats.begin();
        limits.begin(stats.startedNanos(), spec.timeoutNanos());
        long known = endpoints.expected();
        expected = known == Long.MAX_VALUE ? -1 : known;
        event = TransferEvents.begin();
        try {
            segments.begin(spec, again);
            begun = true;
        } catch (IOException | RuntimeException | Error e) {
            cleanUp(e);
            throw e;
        }
    }

    /** Keeps the objects of this run for {@link #beginAgain}, as far as possible. */
    public void keep() {
        segments.keep();
    }

    /** Called after the run: whether all objects are kept for another run of the same transfer. */
    public boolean isKept() {
        return segments.isAtRest();
    }

    /** Begins the same transfer again with the kept objects; false, and nothing is acquired, if one has changed. */
    public boolean beginAgain() throws IOException {
        boolean same = endpoints.reopen();
        if (same) {
            result = null;
            begin(true);
        }
        return same;
    }

    /** Releases all objects of a transfer when it is done. */
    public void end() {
        segments.end();
        endpoints.end();
        limits.end();
        spec = null;
        begun = false;
        result = null;
    }

    @Override
    public Status advance() throws IOException {
        if (result != null) {
            return Status.DONE;
        }
        if (failure != null) {
            throw Failures.<IOException>asIs(failure);
        }
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        try {
            limits.checkDeadline();
            return moveChunk();
        } catch (Throwable e) { // foreign code may throw anything
            throw Failures.<IOException>asIs(fail(e));
        }
    }

    private Status moveChunk() throws IOException {
        segments.prove();
        long budget = RunLimits.chunk(spec, blocking);
        while (budget > 0) {
            Segment segment = segments.current();
            if (segment == null) {
                return settle();
            }
            long most = Math.min(
                    budget, limits.pace().most(mechanism(), endpoints.target().facts()));
            endpoints.target().more(segments.moreFollows(most));
            long n = limits.pace().step(segment, targetPosition(), most);
            if (n > 0) {
                budget -= n;
                moved();
                if (closed) {
                    return Status.PROGRESS; // the listener has cancelled the run
                }
            } else if (n == Step.AWAIT_SOURCE) {
                endpoints.target().push();
                return waiting(Status.AWAIT_SOURCE);
            } else if (n == Step.AWAIT_TARGET) {
                return waiting(Status.AWAIT_TARGET);
            } else if (n == Step.END) {
                segments.advance();
            } else {
                throw new IllegalStateException(mechanism() + " answered " + n);
            }
        }
        return Status.PROGRESS;
    }

    private Status waiting(Status status) {
        awaited = status == Status.AWAIT_SOURCE ? Side.SOURCE : Side.TARGET;
        awaited(status).beforeWaiting();
        return status;
    }

    /** All bytes have moved. The run is done if no memory is in use any more. */
    private Status settle() throws IOException {
        endpoints.target().push();
        releasing = segments.settle() != Step.END;
        if (releasing) {
            awaited = Side.TARGET;
            return Status.AWAIT_TARGET;
        }
        finish();
        return Status.DONE;
    }

    private Mechanism mechanism() {
        NamedMechanism by = begun ? segments.mechanism() : null;
        return by == null ? null : by.mechanism();
    }

    private String mechanismName() {
        NamedMechanism by = begun ? segments.mechanism() : null;
        return by == null ? null : by.name();
    }

    private long targetPosition() {
        return endpoints.targetStart() < 0 ? endpoints.targetStart() : endpoints.targetStart() + stats.total();
    }

    /** Called between two steps: many small steps must not delay the checks for interrupts, closes and the deadline. */
    private void moved() throws IOException {
        awaited = Side.UNKNOWN;
        if (spec.listener() != null) {
            spec.listener().onProgress(stats.total(), expected);
        }
        if (blocking && stats.total() != expected) {
            limits.checkAlive();
            limits.checkDeadline();
        }
    }

    /** Waits until the end of a status may be ready. Notices interrupts, closes and the deadline within a slice. */
    public void await(Status status) throws IOException {
        boolean ready = false;
        while (!ready) {
            ready = awaitOnce(status, RunLimits.LONGEST_WAIT);
        }
    }

    /** Waits once, and may return early; true if another step is worth trying. */
    public boolean awaitOnce(Status status, long nanos) throws IOException {
        try {
            limits.checkAlive();
            limits.checkDeadline();
            return releasing
                    ? endpoints.target().awaitRelease(limits.limited(nanos), limits.alive())
                    : awaited(status).await(limits.limited(nanos), limits.alive());
        } catch (Throwable e) {
            throw Failures.<IOException>asIs(fail(e));
        }
    }

    /** Waits once, as {@link #awaitOnce}, for this run or another one over the same two channels. */
    public boolean awaitEither(Status status, TransferLoop other, Status otherStatus, long nanos) throws IOException {
        try {
            limits.checkAlive();
            return awaited(status).awaitEither(other.awaited(otherStatus), limits.limited(nanos), limits.alive());
        } catch (Throwable e) {
            throw Failures.<IOException>asIs(fail(e));
        }
    }

    /** Fails the run, as a wait would, if the thread was interrupted or an end was closed. */
    public void checkAliveNow() throws IOException {
        try {
            limits.checkAlive();
        } catch (Throwable e) {
            throw Failures.<IOException>asIs(fail(e));
        }
    }

    /** Ends the run by a failure outside the loop. Returns its exception with the account; null if it was done. */
    public Throwable abort(Throwable cause) {
        return result != null || failure != null ? failure : fail(cause);
    }

    private Endpoint awaited(Status status) {
        return status == Status.AWAIT_SOURCE ? segments.source() : endpoints.target();
    }

    /** The end whose connection was reset, as far as known without a read or a write; null if neither was. */
    public Side resetSide() throws IOException {
        return segments.source().isReset() ? Side.SOURCE : endpoints.target().isReset() ? Side.TARGET : null;
    }

    private void finish() throws IOException {
        endpoints.truncateBehind(targetPosition());
        if (spec.durable()) {
            endpoints.force();
        }
        limits.checkDeadline(); // a run that ends after the deadline has timed out
        endpoints.advance(stats.body(), stats.total());
        endpoints.close();
        result = stats.result(stats.body() == spec.count() ? End.COUNT_REACHED : End.SOURCE_ENDED, segments.chosen());
        String outcome = result.end().name();
        TransferEvents.end(event, endpoints, result.mechanismName(), stats, outcome);
    }

    /** Ends the run by a failure. Returns the exception for its caller, see {@link Failures#told}. */
    private Throwable fail(Throwable cause) {
        boolean open = limits.areEndsOpen(); // checked before the run closes its own ends
        FailedEnd end = FailedEnd.of(cause, endpoints, segments.source(), awaited);
        cleanUp(cause);
        Account account = new Account(stats.total(), remainder, mechanism(), end.side(), end.ends());
        boolean asItIs = end.foreign() || cause instanceof MechanismUnavailableException && stats.total() == 0;
        failure = Failures.told(cause, asItIs, open, account);
        return failure;
    }

    /** Ends the run early: saves bytes that were taken and not delivered, sets positions, and releases everything. */
    private void cleanUp(Throwable cause) {
        if (closed) {
            return;
        }
        closed = true;
        if (begun) {
            Failures.attempt(cause, () -> remainder = segments.residue());
            Failures.attempt(cause, segments::close);
        }
        if (begun && stats.total() > 0) {
            Failures.attempt(cause, () -> endpoints.truncateBehind(targetPosition()));
        }
        Failures.attempt(cause, () -> endpoints.advance(stats.body(), stats.total()));
        if (stats.total() == 0) {
            Failures.attempt(cause, endpoints::discardEmptyTarget); // its open channel identifies it
        }
        Failures.attempt(cause, endpoints::close);
        String outcome = cause == null ? "CANCELLED" : TransferEvents.outcome(cause);
        TransferEvents.end(event, endpoints, mechanismName(), stats, outcome);
    }

    @Override
    public long transferred() {
        return stats.total();
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
            endpoints.target().beforeWaiting();
        } else if (!closed && result == null) {
            cleanUp(null);
        }
    }
}
