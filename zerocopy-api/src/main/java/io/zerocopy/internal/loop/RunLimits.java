package io.zerocopy.internal.loop;

import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.failure.Failures;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.util.function.BooleanSupplier;

/** What ends a run before its end: an interrupt of its thread, a close of one of its ends, and its deadline. */
final class RunLimits implements BooleanSupplier {
    private final OpenEndpoints endpoints;
    private final Segments segments;
    private long deadline; // 0 for none

    RunLimits(OpenEndpoints endpoints, Segments segments) {
        this.endpoints = endpoints;
        this.segments = segments;
    }

    /** Begins to count, as if new. */
    void begin(long startedNanos, long timeoutNanos) {
        deadline = timeoutNanos == 0 ? 0 : startedNanos + timeoutNanos;
    }

    void checkDeadline() throws IOException {
        if (deadline != 0 && System.nanoTime() - deadline >= 0) {
            throw new Failures.TimedOut("timed out");
        }
    }

    /** No longer than to the deadline. */
    long limited(long nanos) {
        return deadline == 0 ? nanos : Math.max(1, Math.min(nanos, deadline - System.nanoTime()));
    }

    /** Fails if the thread was interrupted, whose status stays set, or an end was closed; by the JDK if both. */
    void checkAlive() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw isAlive() ? new Failures.Interrupted() : new ClosedByInterruptException();
        }
        if (!isAlive()) {
            throw new AsynchronousCloseException();
        }
    }

    /** For waits: whether both ends are open. */
    BooleanSupplier alive() {
        return this;
    }

    @Override
    public boolean getAsBoolean() {
        return isAlive();
    }

    private boolean isAlive() {
        return segments.source().isOpen() && endpoints.target().isOpen();
    }

    /** Whether both ends are open, as far as their channels can be asked. */
    boolean areEndsOpen() {
        try {
            return isAlive();
        } catch (RuntimeException theirs) {
            return true;
        }
    }
}
