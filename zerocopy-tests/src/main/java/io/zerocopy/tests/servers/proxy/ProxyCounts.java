package io.zerocopy.tests.servers.proxy;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what a {@link Proxy} has done. The proxy's thread counts, and any thread may read. Each number is exact, but
 * several numbers may be from different moments.
 */
public final class ProxyCounts {
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong selects = new AtomicLong();
    private final AtomicLong advances = new AtomicLong();
    private final ConcurrentSkipListMap<Mechanism, AtomicLong> by = new ConcurrentSkipListMap<>();
    private volatile String lastFailure = "";

    void addAccepted() {
        accepted.incrementAndGet();
    }

    void addRefused(Exception why) {
        lastFailure = why.toString();
        refused.incrementAndGet();
    }

    void addCompleted(TransferResult... directions) {
        for (TransferResult direction : directions) {
            for (TransferResult.Leg leg : direction.legs()) {
                by.computeIfAbsent(leg.mechanism(), none -> new AtomicLong()).addAndGet(leg.bytes());
            }
        }
        completed.incrementAndGet();
    }

    void addFailed(Exception why) {
        lastFailure = why.toString();
        failed.incrementAndGet();
    }

    void addSent(long bytes) {
        sent.addAndGet(bytes);
    }

    void addReceived(long bytes) {
        received.addAndGet(bytes);
    }

    void addSelect() {
        selects.incrementAndGet();
    }

    void addAdvance() {
        advances.incrementAndGet();
    }

    /** {@return connections that were accepted} */
    public long accepted() {
        return accepted.get();
    }

    /** {@return connections for which the target could not be reached} */
    public long refused() {
        return refused.get();
    }

    /** {@return connections that ended because both sides had ended} */
    public long completed() {
        return completed.get();
    }

    /** {@return connections that ended in any other way: reset, idle for too long, or cut when the proxy was closed} */
    public long failed() {
        return failed.get();
    }

    /** {@return connections that have not ended} */
    public long active() {
        long ended = refused() + completed() + failed(); // read first, so the difference is never negative
        return accepted() - ended;
    }

    /** {@return bytes that reached the target} */
    public long sent() {
        return sent.get();
    }

    /** {@return bytes that reached the clients} */
    public long received() {
        return received.get();
    }

    /** {@return bytes of completed connections, by the mechanism that moved them} */
    public Map<Mechanism, AtomicLong> by() {
        return Collections.unmodifiableMap(by);
    }

    /** {@return how often the thread has called its selector; must be limited by how often a channel became ready} */
    public long selects() {
        return selects.get();
    }

    /** {@return how often a direction was advanced} */
    public long advances() {
        return advances.get();
    }

    /** {@return why the last connection that did not complete has ended; empty if all completed} */
    public String lastFailure() {
        return lastFailure;
    }

    @Override
    public String toString() {
        return String.format(
                "%d accepted, %d open, %d completed, %d failed, %d refused; %d bytes sent, %d received %s",
                accepted(), active(), completed(), failed(), refused(), sent(), received(), by);
    }
}
