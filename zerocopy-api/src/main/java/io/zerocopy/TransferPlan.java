package io.zerocopy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which mechanisms a transfer would try, in order, and why each is in or out. {@link Object#toString()} returns a
 * table. Immutable; two plans are equal if their candidates are.
 */
public final class TransferPlan {
    private final List<Candidate> candidates;

    /**
     * Creates a plan.
     *
     * @param candidates every mechanism, in the planner's order
     */
    public TransferPlan(List<Candidate> candidates) {
        this.candidates = List.copyOf(candidates);
    }

    /** One row of the plan. Immutable; two rows are equal if everything in them is. */
    public static final class Candidate {
        private final Mechanism mechanism;
        private final String name;
        private final boolean eligible;
        private final String reason;

        /**
         * Creates a row for one of the library's own mechanisms.
         *
         * @param mechanism the mechanism
         * @param eligible whether it would be tried
         * @param reason why it is in or out
         */
        public Candidate(Mechanism mechanism, boolean eligible, String reason) {
            this(mechanism, mechanism.name(), eligible, reason);
        }

        /**
         * Creates a row for any mechanism.
         *
         * @param mechanism the mechanism, or the one that an added mechanism counts as
         * @param name its name
         * @param eligible whether it would be tried
         * @param reason why it is in or out
         */
        public Candidate(Mechanism mechanism, String name, boolean eligible, String reason) {
            this.mechanism = Objects.requireNonNull(mechanism, "mechanism");
            this.name = Objects.requireNonNull(name, "name");
            this.eligible = eligible;
            this.reason = Objects.requireNonNull(reason, "reason");
        }

        /**
         * Returns the mechanism.
         *
         * @return the mechanism; for one that a provider added, the one of the library that it counts as
         */
        public Mechanism mechanism() {
            return mechanism;
        }

        /**
         * Returns the mechanism's name.
         *
         * @return the name of {@link #mechanism()}; for a mechanism that a provider added, its own name
         */
        public String name() {
            return name;
        }

        /**
         * Returns whether the mechanism would be tried.
         *
         * @return true if it would, once all before it have declined
         */
        public boolean eligible() {
            return eligible;
        }

        /**
         * Returns why the mechanism is in or out.
         *
         * @return the pair that it serves, or the reason why not
         */
        public String reason() {
            return reason;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Candidate that
                    && mechanism == that.mechanism
                    && name.equals(that.name)
                    && eligible == that.eligible
                    && reason.equals(that.reason);
        }

        @Override
        public int hashCode() {
            return Objects.hash(mechanism, name, eligible, reason);
        }

        @Override
        public String toString() {
            return "Candidate[mechanism=" + name + ", eligible=" + eligible + ", reason=" + reason + "]";
        }
    }

    /**
     * Returns the rows of the plan.
     *
     * @return every mechanism, in the planner's order
     */
    public List<Candidate> candidates() {
        return candidates;
    }

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
    public boolean equals(Object other) {
        return other instanceof TransferPlan that && candidates.equals(that.candidates);
    }

    @Override
    public int hashCode() {
        return candidates.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder("   mechanism        in   why\n");
        int rank = 0;
        for (Candidate c : candidates) {
            String order = c.eligible() ? Integer.toString(++rank) : "";
            table.append(
                    String.format("%2s %-16s %-4s %s%n", order, c.name(), c.eligible() ? "yes" : "no", c.reason()));
        }
        return table.toString();
    }
}
