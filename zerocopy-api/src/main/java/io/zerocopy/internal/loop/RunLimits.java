package io.zerocopy.internal.loop;

import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.Endpoint;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.function.BooleanSupplier;

/** What ends a run before its end: an interrupt of its thread, a close of one of its ends, and its deadline. */
final class RunLimits {
    /** Longest wait of one call where nothing else limits it: a day. */
    static final long LONGEST_WAIT = 86_400_000_000_000L;

    /** Most that one step of a blocking run moves before interrupts and the deadline are looked at. */
    static final long BLOCKING_CHUNK = 64 << 20;

    /** Most that one step moves where somebody watches. */
    private static final long WATCHED_CHUNK = 8 << 20;

    private final OpenEndpoints endpoints;
    private final Segments segments;
    private WatchedChannels watched = WatchedChannels.NONE; // by others, during the last wait
    private final StepPace pace = new StepPace();
    private long deadline; // 0 for none

    RunLimits(OpenEndpoints endpoints, Segments segments) {
        this.endpoints = endpoints;
        this.segments = segments;
    }

    /** Begins to count, as if new. */
    void begin(long startedNanos, long timeoutNanos) {
        pace.begin();
        end();
        deadline = timeoutNanos == 0 ? 0 : startedNanos + timeoutNanos;
    }

    /** Most that is moved before anything else is looked at. */
    static long chunk(TransferSpec spec, boolean blocking) {
        long most = blocking ? BLOCKING_CHUNK : spec.fairChunk();
        return spec.listener() == null ? most : Math.min(most, WATCHED_CHUNK);
    }

    /** How much a step moves, so that the others are looked at in time. */
    StepPace pace() {
        return pace;
    }

    void checkDeadline() throws IOException {
        if (deadline != 0 && System.nanoTime() - deadline >= 0) {
            throw Failures.TimedOut.now("timed out");
        }
    }

    /** No longer than to the deadline, nor until this thread has to look whether the ends are open. */
    long limited(long nanos) {
        boolean looks =
                WatchedChannels.needsOwnLooks(segments.source()) || WatchedChannels.needsOwnLooks(endpoints.target());
        return toDeadline(looks ? Math.min(nanos, Endpoint.SLICE_NANOS) : nanos);
    }

    private long toDeadline(long nanos) {
        return deadline == 0 ? nanos : Math.max(1, Math.min(nanos, deadline - System.nanoTime()));
    }

    /** Fails if the thread was interrupted, whose status stays set, or an end was closed; by the JDK if both. */
    void checkAlive() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw isAlive() ? Failures.Interrupted.now() : new ClosedByInterruptException();
        }
        if (!isAlive()) {
            throw new AsynchronousCloseException();
        }
    }

    /** For waits: whether both ends are open, as far as other threads may ask. */
    BooleanSupplier alive() {
        AbstractInterruptibleChannel source = WatchedChannels.of(segments.source());
        AbstractInterruptibleChannel target = WatchedChannels.of(endpoints.target());
        if (watched.source() != source || watched.target() != target) {
            watched = new WatchedChannels(source, target);
        }
        return watched;
    }

    /** Lets the channels go. */
    void end() {
        watched = WatchedChannels.NONE;
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
