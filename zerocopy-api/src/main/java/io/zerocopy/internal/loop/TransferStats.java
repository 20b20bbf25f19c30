package io.zerocopy.internal.loop;

import io.zerocopy.TransferPlan.Candidate;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Fallback;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.internal.plan.NamedMechanism;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Counts what one run did: bytes per mechanism in the order of their first byte, and who declined. */
final class TransferStats {
    private long started;
    private NamedMechanism first; // the only one, as a rule
    private long firstBytes;
    private long firstBody;
    private List<Share> others = List.of(); // of those after it, in order
    private List<Fallback> fallbacks = List.of();
    private long total;
    private long body;
    private long unclaimed; // bytes of holes, which nobody moved: they go to who moves what is next to them

    /** Begins to count, from nothing. */
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

    /** What one mechanism has done. */
    private static final class Share {
        private final NamedMechanism by;
        private long bytes;
        private long body;

        Share(NamedMechanism by) {
            this.by = by;
        }
    }

    /** Counts bytes that reached the target, and those of them that came from the source. */
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

    /** Counts the bytes of a hole, which are in the target now without anybody's having moved them. */
    void skipped(long count) {
        unclaimed += count;
        total += count;
        body += count;
    }

    /** Takes back the last bytes of holes behind which no data came, at most so many. */
    long unclaim(long count) {
        long last = Math.min(count, unclaimed);
        unclaimed -= last;
        total -= last;
        body -= last;
        return last;
    }

    /** Gives them to a mechanism; who looks from another thread sees no count go down. */
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

    /** Puts what each mechanism itself said in the place of why it had been worth trying. */
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

    /** Those of them that came from the source, not from header or trailer. */
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
