package io.zerocopy.internal.plan;

import io.zerocopy.TransferPlan;
import io.zerocopy.TransferPlan.Candidate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The plan of a source that is made of parts, from the plans of its parts. First come the mechanisms that parts would
 * use; the one with the most bytes is the first, as in the result. Then come the mechanisms that a part would fall back
 * on, then those that no part can use.
 */
public final class PartsPlan {
    private final List<Planner> parts;
    private final List<NamedMechanism> mechanisms;
    private final int[] chosen; // the number of parts that use each mechanism
    private final long[] bytes;

    private PartsPlan(List<Planner> parts) {
        this.parts = parts;
        this.mechanisms = parts.get(0).mechanisms();
        this.chosen = new int[mechanisms.size()];
        this.bytes = new long[chosen.length];
        for (Planner part : parts) {
            NamedMechanism first = part.first();
            if (first != null) {
                chosen[first.index()]++;
                bytes[first.index()] += Math.min(part.count(), 1L << 50);
            }
        }
    }

    public static TransferPlan of(List<Planner> parts) {
        return new PartsPlan(parts).plan();
    }

    /** The same plan if the run refuses because no mechanism serves some part. */
    public static TransferPlan refused(TransferPlan plan) {
        return new TransferPlan(plan.candidates().stream()
                .map(c -> c.eligible()
                        ? new Candidate(
                                c.mechanism(), c.name(), false, "would leave parts without a mechanism: " + c.reason())
                        : c)
                .toList());
    }

    private TransferPlan plan() {
        List<NamedMechanism> order = new ArrayList<>(mechanisms);
        order.sort((a, b) -> {
            int byUse = Boolean.compare(chosen[b.index()] > 0, chosen[a.index()] > 0);
            return byUse != 0 ? byUse : Long.compare(bytes[b.index()], bytes[a.index()]);
        });
        List<Candidate> in = new ArrayList<>();
        List<Candidate> out = new ArrayList<>();
        for (NamedMechanism mechanism : order) {
            Candidate candidate = candidate(mechanism);
            (candidate.eligible() ? in : out).add(candidate);
        }
        in.addAll(out);
        return new TransferPlan(in);
    }

    private Candidate candidate(NamedMechanism mechanism) {
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
            return new Candidate(mechanism.mechanism(), mechanism.name(), false, String.join("; ", refusals));
        }
        int first = chosen[mechanism.index()];
        String share = first > 0
                ? first + " of " + parts.size() + " parts, " + bytes[mechanism.index()] + " bytes: "
                : "if others decline, for " + served + " of " + parts.size() + " parts: ";
        return new Candidate(mechanism.mechanism(), mechanism.name(), true, share + String.join("; ", pairs));
    }
}
