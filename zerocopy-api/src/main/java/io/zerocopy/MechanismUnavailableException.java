package io.zerocopy;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A {@linkplain Preference#REQUIRE required} mechanism cannot serve this pair. Nothing has moved, unless it is the cause of
 * a {@link TransferException}: then a header or earlier parts have moved, and that exception has their count.
 */
public final class MechanismUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<TransferPlan.Candidate> candidates;

    /**
     * Creates the exception.
     *
     * @param candidates the required mechanisms, each with the reason why it cannot serve
     */
    public MechanismUnavailableException(List<TransferPlan.Candidate> candidates) {
        super(candidates.stream()
                .map(c -> c.name() + ": " + c.reason())
                .collect(Collectors.joining("; ", "no mechanism that was asked for is available: ", "")));
        this.candidates = List.copyOf(Objects.requireNonNull(candidates, "candidates"));
    }

    /**
     * Returns what was required and why it was not possible.
     *
     * @return the mechanisms, each with its reason
     */
    public List<TransferPlan.Candidate> candidates() {
        return candidates == null ? List.of() : candidates;
    }
}
