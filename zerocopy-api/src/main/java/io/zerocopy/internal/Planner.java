package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferPlan.Candidate;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Strategy;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges mechanisms for one pair, in the order of {@link OrderTable}. {@code plan()} and {@code run()} ask the same
 * questions here, so what one prints is what the other does.
 */
final class Planner {
    private final Providers providers;
    private final TransferSpec spec;
    private final Facts source;
    private final Facts target;
    private final long sourcePosition;
    private final long targetPosition;
    private final long count;
    private final boolean borrowed; // the target's position belongs to the caller
    private final boolean anyRequired;
    private final OrderTable.Row row;

    Planner(
            Providers providers,
            TransferSpec spec,
            Facts source,
            Facts target,
            long sourcePosition,
            long targetPosition,
            long count,
            boolean borrowed) {
        this.providers = providers;
        this.spec = spec;
        this.source = source;
        this.target = target;
        this.sourcePosition = sourcePosition;
        this.targetPosition = targetPosition;
        this.count = count;
        this.borrowed = borrowed;
        this.anyRequired = spec.anyRequired();
        this.row = OrderTable.of(source.kind(), target.kind());
    }

    List<Mechanism> order() {
        return row.order();
    }

    /** Returns null when the mechanism is worth trying; else why not. */
    String refusal(Mechanism mechanism) {
        Preference preference = spec.preferences()[mechanism.ordinal()];
        if (preference == Preference.NEVER) {
            return "taken out by Preference.NEVER";
        }
        if (anyRequired && preference != Preference.REQUIRE) {
            return "another mechanism was required";
        }
        String unavailable = providers.unavailableBecause(mechanism);
        if (unavailable != null) {
            return unavailable;
        }
        if (!row.order().contains(mechanism)) {
            return "not for " + source.kind().label() + " → " + target.kind().label();
        }
        return providers.strategy(mechanism).refusal(source, target, request(mechanism));
    }

    boolean isRequired(Mechanism mechanism) {
        return spec.preferences()[mechanism.ordinal()] == Preference.REQUIRE;
    }

    Request request(Mechanism mechanism) {
        return spec.request(mechanism, sourcePosition, targetPosition, count, borrowed);
    }

    Strategy strategy(Mechanism mechanism) {
        return providers.strategy(mechanism);
    }

    TransferPlan plan() {
        List<Candidate> candidates = new ArrayList<>();
        for (Mechanism mechanism : row.order()) {
            candidates.add(candidate(mechanism));
        }
        for (Mechanism mechanism : Mechanism.values()) {
            if (!row.order().contains(mechanism)) {
                candidates.add(candidate(mechanism));
            }
        }
        return new TransferPlan(candidates);
    }

    private Candidate candidate(Mechanism mechanism) {
        String refusal = refusal(mechanism);
        String reason = refusal != null ? refusal : source.label() + " → " + target.label();
        return new Candidate(mechanism, refusal == null, reason);
    }

    /** The candidates that were asked for by name, or all where none was, for the exception that says why none served. */
    List<Candidate> asked() {
        return plan().candidates().stream()
                .filter(c -> !anyRequired || spec.preferences()[c.mechanism().ordinal()] == Preference.REQUIRE)
                .toList();
    }
}
