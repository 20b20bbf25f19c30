package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferPlan.Candidate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The plan of a source that is made of parts, from the plans of its parts. First come the mechanisms that parts would
 * go by, the one with most bytes first, as the result will name it; then those that a part would fall back on; then
 * those that no part can use.
 */
public final class PartsPlan {
    private final List<Planner> parts;
    private final int[] chosen = new int[Mechanism.values().length]; // parts that go by each mechanism
    private final long[] bytes = new long[chosen.length];

    private PartsPlan(List<Planner> parts) {
        this.parts = parts;
        for (Planner part : parts) {
            Mechanism first = part.first();
            if (first != null) {
                chosen[first.ordinal()]++;
                bytes[first.ordinal()] = bytes[first.ordinal()] + Math.min(part.count(), 1L << 50);
            }
        }
    }

    public static TransferPlan of(List<Planner> parts) {
        return new PartsPlan(parts).plan();
    }

    /** The same where the run refuses, since some part is left over. */
    public static TransferPlan refused(TransferPlan plan) {
        return new TransferPlan(plan.candidates().stream()
                .map(c ->
                        c.eligible() ? new Candidate(c.mechanism(), false, "would leave parts over: " + c.reason()) : c)
                .toList());
    }

    private TransferPlan plan() {
        List<Mechanism> order = new ArrayList<>(List.of(Mechanism.values()));
        order.sort((a, b) -> {
            int byUse = Boolean.compare(chosen[b.ordinal()] > 0, chosen[a.ordinal()] > 0);
            return byUse != 0 ? byUse : Long.compare(bytes[b.ordinal()], bytes[a.ordinal()]);
        });
        List<Candidate> in = new ArrayList<>();
        List<Candidate> out = new ArrayList<>();
        for (Mechanism mechanism : order) {
            Candidate candidate = candidate(mechanism);
            (candidate.eligible() ? in : out).add(candidate);
        }
        in.addAll(out);
        return new TransferPlan(in);
    }

    private Candidate candidate(Mechanism mechanism) {
        Set<String> pairs = new LinkedHashSet<>();
        Set<String> refusals = new LinkedHashSet<>();
        int served = 0;
        for (Planner part : parts) {
            String refusal = part.refusal(mechanism);
            if (refusal == null) {
                served++;
                pairs.add(part.pair());
            } else {
                refusals.add(refusal);
            }
        }
        if (served == 0) {
            return new Candidate(mechanism, false, String.join("; ", refusals));
        }
        int first = chosen[mechanism.ordinal()];
        String share = first > 0
                ? first + " of " + parts.size() + " parts, " + bytes[mechanism.ordinal()] + " bytes: "
                : "where others decline, for " + served + " of " + parts.size() + " parts: ";
        return new Candidate(mechanism, true, share + String.join("; ", pairs));
    }
}
