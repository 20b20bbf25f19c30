package io.zerocopy;

import java.util.List;
import java.util.Optional;

/**
 * Which mechanisms a transfer would try, in order, and why each is in or out. {@link Object#toString()} returns a
 * table.
 *
 * @param candidates every mechanism, in the planner's order
 */
public record TransferPlan(List<Candidate> candidates) {
    /**
     * Copies the list, so that a plan never changes.
     *
     * @param candidates every mechanism
     */
    public TransferPlan {
        candidates = List.copyOf(candidates);
    }

    /**
     * One row of the plan.
     *
     * @param mechanism the mechanism
     * @param eligible whether it would be tried
     * @param reason why it is in or out
     */
    public record Candidate(Mechanism mechanism, boolean eligible, String reason) {}

    /**
     * Returns the mechanism that would be tried first.
     *
     * @return the first eligible candidate's mechanism; empty if there is none, so that the transfer would fail
     */
    public Optional<Mechanism> chosen() {
        return candidates.stream()
                .filter(Candidate::eligible)
                .map(Candidate::mechanism)
                .findFirst();
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder("   mechanism        in   why\n");
        int rank = 0;
        for (Candidate c : candidates) {
            String order = c.eligible() ? Integer.toString(++rank) : "";
            table.append(String.format(
                    "%2s %-16s %-4s %s%n", order, c.mechanism(), c.eligible() ? "yes" : "no", c.reason()));
        }
        return table.toString();
    }
}
