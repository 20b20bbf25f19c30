package io.zerocopy.internal.loop;

import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.plan.StepTable;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.Endpoint;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.function.BooleanSupplier;

/** The events that end a run early: an interrupt of its thread, a close of one of its ends, and its deadline. */
final class RunLimits {
    /** Longest wait of one call if nothing else limits it: a day. */
    static final long LONGEST_WAIT = 86_400_000_000_000L;

    private final OpenEndpoints endpoints;
    private final Segments segments;
    private WatchedChannels watched = WatchedChannels.NONE; // by other threads, during the last wait
    private final StepPace pace = new StepPace();
    private long deadline; // 0 for none

    RunLimits(OpenEndpoints endpoints, Segments segments) {
        this.endpoints = endpoints;
        this.segments = segments;
    }

    /** Begins a run, like a new object. */
    void begin(long startedNanos, long timeoutNanos) {
        pace.begin();
        end();
        deadline = timeoutNanos == 0 ? 0 : startedNanos + timeoutNanos;
    }

    /** The most bytes to move before anything else is checked. */
    static long chunk(TransferSpec spec, boolean blocking) {
        long most = blocking ? StepTable.BLOCKING_CHUNK : spec.fairChunk();
        return spec.listener() == null ? most : Math.min(most, StepTable.WATCHED_CHUNK);
    }

    /** How much a step moves, so that the other limits are checked in time. */
    StepPace pace() {
        return pace;
    }

    void checkDeadline() throws IOException {
        if (deadline != 0 && System.nanoTime() - deadline >= 0) {
            throw Failures.TimedOut.now("timed out");
        }
    }

    /**
     * Limits a wait to the deadline, and to the time until this thread has to check again whether the ends are open.
     */
    long limited(long nanos) {
        boolean looks =
                WatchedChannels.needsOwnLooks(segments.source()) || WatchedChannels.needsOwnLooks(endpoints.target());
        return toDeadline(looks ? Math.min(nanos, Endpoint.SLICE_NANOS) : nanos);
    }

    private long toDeadline(long nanos) {
        return deadline == 0 ? nanos : Math.max(1, Math.min(nanos, deadline - System.nanoTime()));
    }

    /**
     * Fails if the thread was interrupted or an end was closed. If both are true, the JDK has closed the end because of
     * the interrupt; the end may also be that of a part that is done. The interrupt status stays set.
     */
    void checkAlive() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw isAlive() && arePartsOpen() ? Failures.Interrupted.now() : new ClosedByInterruptException();
        }
        if (!isAlive()) {
            throw new AsynchronousCloseException();
        }
    }

    /** For waits: whether both ends are open, as far as other threads may check this. */
    BooleanSupplier alive() {
        AbstractInterruptibleChannel source = WatchedChannels.of(segments.source());
        AbstractInterruptibleChannel target = WatchedChannels.of(endpoints.target());
        if (watched.source() != source || watched.target() != target) {
            watched = new WatchedChannels(source, target);
        }
        return watched;
    }

    /** Releases the channels. */
    void end() {
        watched = WatchedChannels.NONE;
    }

    /** Whether the channels of all parts are open, also of those that are done. */
    private boolean arePartsOpen() {
        return endpoints.ranges().stream().allMatch(range -> range.port().isOpen());
    }

    private boolean isAlive() {
        return segments.source().isOpen() && endpoints.target().isOpen();
    }

    /** Whether both ends are open. Returns true if a channel throws instead of answering. */
    boolean areEndsOpen() {
        try {
            return isAlive();
        } catch (RuntimeException theirs) {
            return true;
        }
    }
}
