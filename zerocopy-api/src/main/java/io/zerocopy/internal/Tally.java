package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferPlan.Candidate;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Fallback;
import io.zerocopy.TransferResult.Leg;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Counts what one run did: bytes per mechanism in the order of their first byte, and who declined. */
final class Tally {
    private final long started = System.nanoTime();
    private final long[] bytes = new long[Mechanism.values().length];
    private final long[] bodyBytes = new long[bytes.length];
    private List<Mechanism> order = List.of();
    private List<Fallback> fallbacks = List.of();
    private long total;
    private long body;
    private long unclaimed; // bytes of holes, which nobody moved: they go to who moves what is next to them

    /** Counts bytes that reached the target, and those of them that came from the source. */
    void add(Mechanism by, long count, long ofBody) {
        if (bytes[by.ordinal()] == 0) {
            order = appended(order, by);
        }
        bytes[by.ordinal()] += count;
        bodyBytes[by.ordinal()] += ofBody;
        total += count;
        body += ofBody;
    }

    /** Counts the bytes of a hole, which are in the target now without anybody's having moved them. */
    long skipped(long count) {
        unclaimed += count;
        total += count;
        body += count;
        return count;
    }

    /** Gives a mechanism the bytes of holes behind which no data came. */
    void claim(Mechanism by) {
        if (unclaimed > 0) {
            long claimed = unclaimed;
            unclaimed = 0;
            total -= claimed;
            body -= claimed;
            add(by, claimed, claimed);
        }
    }

    void declined(Mechanism mechanism, String reason) {
        fallbacks = appended(fallbacks, new Fallback(mechanism, reason));
        Telling.declined(mechanism, reason);
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
                if (fallback.mechanism() == candidate.mechanism()) {
                    last = new Candidate(candidate.mechanism(), false, fallback.reason());
                }
            }
            told.add(last);
        }
        return told;
    }

    String lastDeclined() {
        Fallback last = fallbacks.get(fallbacks.size() - 1);
        return last.mechanism() + " declined: " + last.reason();
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

    TransferResult result(TransferResult.End end, Mechanism chosen) {
        Mechanism most = null;
        List<Leg> legs = new ArrayList<>(order.size());
        for (Mechanism mechanism : order) {
            legs.add(new Leg(mechanism, bytes[mechanism.ordinal()]));
            if (most == null || bodyBytes[mechanism.ordinal()] > bodyBytes[most.ordinal()]) {
                most = mechanism;
            }
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
        return new TransferResult(total, end, body == 0 || most == null ? chosen : most, legs, fallbacks, elapsed);
    }
}
