package io.zerocopy.internal.loop;

import io.zerocopy.TransferPlan.Candidate;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Fallback;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.internal.plan.NamedMechanism;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the bytes of one run, per mechanism in the order of their first byte, and records which mechanisms declined.
 */
final class TransferStats {
    private long started;
    private NamedMechanism first; // usually the only one
    private long firstBytes;
    private long firstBody;
    private List<Share> others = List.of(); // of the mechanisms after the first, in order
    private List<Fallback> fallbacks = List.of();
    private long total;
    private long body;
    private long unclaimed; // bytes of holes, which no mechanism moved; the next mechanism gets them

    /** Resets all counts. */
    void begin() {
        started = System.nanoTime();
        first = null;
        firstBytes = 0;
        firstBody = 0;
        others = List.of();
        fallbacks = List.of();
        total = 0;
        body = 0;
        unclaimed = 0;
    }

    /** The bytes of one mechanism. */
    private static final class Share {
        private final NamedMechanism by;
        private long bytes;
        private long body;

        Share(NamedMechanism by) {
            this.by = by;
        }
    }

    /** Counts bytes that reached the target, and how many of them came from the source. */
    void add(NamedMechanism by, long count, long ofBody) {
        share(by, count, ofBody);
        total += count;
        body += ofBody;
    }

    private void share(NamedMechanism by, long count, long ofBody) {
        if (first == null) {
            first = by;
        }
        if (by == first) {
            firstBytes += count;
            firstBody += ofBody;
        } else {
            Share share = shareOf(by);
            share.bytes += count;
            share.body += ofBody;
        }
    }

    private Share shareOf(NamedMechanism by) {
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).by == by) {
                return others.get(i);
            }
        }
        Share share = new Share(by);
        others = appended(others, share);
        return share;
    }

    /** Counts the bytes of a hole, which are in the target although no mechanism moved them. */
    void skipped(long count) {
        unclaimed += count;
        total += count;
        body += count;
    }

    /** Subtracts bytes of holes at the end that no data followed, at most {@code count}. */
    long unclaim(long count) {
        long last = Math.min(count, unclaimed);
        unclaimed -= last;
        total -= last;
        body -= last;
        return last;
    }

    /** Adds the bytes of holes to a mechanism. No count decreases, even for another thread that reads it. */
    void claim(NamedMechanism by) {
        if (unclaimed > 0) {
            share(by, unclaimed, unclaimed);
            unclaimed = 0;
        }
    }

    void declined(NamedMechanism mechanism, String reason) {
        fallbacks = appended(fallbacks, new Fallback(mechanism.mechanism(), mechanism.name(), reason));
        TransferEvents.declined(mechanism, reason);
    }

    boolean isAnyDeclined() {
        return !fallbacks.isEmpty();
    }

    List<Fallback> fallbacks() {
        return fallbacks;
    }

    /** Replaces the reason of each candidate that was tried by the reason for which it declined. */
    List<Candidate> withDeclined(List<Candidate> candidates) {
        List<Candidate> told = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Candidate last = candidate;
            for (Fallback fallback : fallbacks) {
                if (fallback.name().equals(candidate.name())) {
                    last = new Candidate(candidate.mechanism(), candidate.name(), false, fallback.reason());
                }
            }
            told.add(last);
        }
        return told;
    }

    String lastDeclined() {
        Fallback last = fallbacks.get(fallbacks.size() - 1);
        return last.name() + " declined: " + last.reason();
    }

    private static <T> List<T> appended(List<T> list, T last) {
        if (list.isEmpty()) {
            return List.of(last);
        }
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    /** Bytes that reached the target. */
    long total() {
        return total;
    }

    /** The bytes of them that came from the source, not from header or trailer. */
    long body() {
        return body;
    }

    long startedNanos() {
        return started;
    }

    TransferResult result(TransferResult.End end, NamedMechanism chosen) {
        NamedMechanism most = first;
        long mostBody = firstBody;
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).body > mostBody) {
                most = others.get(i).by;
                mostBody = others.get(i).body;
            }
        }
        NamedMechanism by = body == 0 || most == null ? chosen : most;
        long nanos = System.nanoTime() - started;
        if (by == first && firstBytes == total && fallbacks.isEmpty() && by.isOwn()) {
            return TransferResult.ofOne(total, end, by.mechanism(), nanos);
        }
        Duration elapsed = Duration.ofNanos(nanos);
        return new TransferResult(total, end, by.mechanism(), by.name(), legs(), fallbacks, elapsed);
    }

    private List<Leg> legs() {
        if (first == null) {
            return List.of();
        }
        if (others.isEmpty()) {
            return List.of(leg(first, firstBytes));
        }
        List<Leg> legs = new ArrayList<>(1 + others.size());
        legs.add(leg(first, firstBytes));
        for (Share share : others) {
            legs.add(leg(share.by, share.bytes));
        }
        return legs;
    }

    private static Leg leg(NamedMechanism by, long bytes) {
        return new Leg(by.mechanism(), by.name(), bytes);
    }
}
