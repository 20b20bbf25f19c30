package io.zerocopy;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A mechanism that was {@linkplain Preference#REQUIRE required} cannot take this pair; nothing has moved. */
public final class MechanismUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<TransferPlan.Candidate> candidates;

    /**
     * Makes one.
     *
     * @param candidates the mechanisms that were asked for, each with the reason why it cannot serve
     */
    public MechanismUnavailableException(List<TransferPlan.Candidate> candidates) {
        super(candidates.stream()
                .map(c -> c.mechanism() + ": " + c.reason())
                .collect(Collectors.joining("; ", "no mechanism that was asked for is available: ", "")));
        this.candidates = List.copyOf(Objects.requireNonNull(candidates, "candidates"));
    }

    /**
     * Tells what was asked for and why it was not possible.
     *
     * @return the mechanisms, each with its reason
     */
    public List<TransferPlan.Candidate> candidates() {
        return candidates == null ? List.of() : candidates;
    }
}
