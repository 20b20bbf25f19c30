package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.TransferRequest;
import java.util.List;
import java.util.Set;

/**
 * One row of {@link OrderTable}: which mechanisms serve the pairs of some kinds, in which order, and under which
 * conditions. A row decides by the caller's request, and by whether the target's mode would be switched. The strategies
 * check all other properties of the two ends.
 */
final class OrderRow {
    /** When a mechanism of a row is tried. */
    enum Reached {
        /** As soon as all mechanisms before it have declined or were refused. */
        IN_TURN,
        /** In its turn, but only if the caller has named it, with {@code AUTO} or {@code REQUIRE}. */
        BY_NAME,
        /** Only if it is required, or read + write is excluded: read + write serves every pair and never declines. */
        BEHIND_READ_WRITE
    }

    /** When a limit does not apply. */
    enum Waiver {
        /** The caller has named the mechanism, with {@code AUTO} or {@code REQUIRE}. */
        NAMED,
        /** The caller requires the mechanism. */
        REQUIRED,
        /** The limit always applies: beyond it the mechanism does not work. */
        NOTHING
    }

    /**
     * The number of bytes that a mechanism is used for.
     *
     * @param least fewest bytes wanted
     * @param most most bytes wanted
     * @param waiver when the limit does not apply
     * @param refusal the text in a plan
     * @param measured the measurements behind the limit
     * @param ifSwitched whether the limit applies only to a target whose mode would be switched, see
     *     {@link io.zerocopy.spi.Target#switchesMode()}
     */
    record Limit(long least, long most, Waiver waiver, String refusal, String measured, boolean ifSwitched) {
        static final Limit NONE = new Limit(0, Long.MAX_VALUE, Waiver.NAMED, "", "", false);

        static Limit above(long bytes, Waiver waiver, String refusal, String measured) {
            return new Limit(bytes + 1, Long.MAX_VALUE, waiver, refusal, measured, false);
        }

        static Limit from(long bytes, Waiver waiver, String refusal, String measured) {
            return new Limit(bytes, Long.MAX_VALUE, waiver, refusal, measured, false);
        }

        static Limit upTo(long bytes, Waiver waiver, String refusal, String measured) {
            return new Limit(0, bytes, waiver, refusal, measured, false);
        }

        /** The same limit, but only for targets whose mode would be switched. */
        Limit onlyIfSwitched() {
            return new Limit(least, most, waiver, refusal, measured, true);
        }

        private boolean refuses(TransferRequest request, boolean switched) {
            if ((request.count() >= least && request.count() <= most) || (ifSwitched && !switched)) {
                return false;
            }
            return switch (waiver) {
                case NAMED -> !request.explicitlyRequested();
                case REQUIRED -> request.preference() != Preference.REQUIRE;
                case NOTHING -> true;
            };
        }
    }

    /**
     * A mechanism in its row.
     *
     * @param mechanism which one
     * @param reached when it is tried
     * @param limit the number of bytes that it is used for
     * @param reason why it is not tried in turn; empty if it is. If it has to be named, this text is in a plan
     * @param measured what it costs; empty if it is tried in turn, or if the reason says it
     */
    record Choice(Mechanism mechanism, Reached reached, Limit limit, String reason, String measured) {
        static Choice inTurn(Mechanism mechanism) {
            return new Choice(mechanism, Reached.IN_TURN, Limit.NONE, "", "");
        }

        static Choice inTurn(Mechanism mechanism, Limit limit) {
            return new Choice(mechanism, Reached.IN_TURN, limit, "", "");
        }

        static Choice byName(Mechanism mechanism, String reason, String measured) {
            return new Choice(mechanism, Reached.BY_NAME, Limit.NONE, reason, measured);
        }

        static Choice behindReadWrite(Mechanism mechanism, String reason) {
            return new Choice(mechanism, Reached.BEHIND_READ_WRITE, Limit.NONE, reason, "");
        }
    }

    private final Set<EndpointKind> sources;
    private final Set<EndpointKind> targets;
    private final String reason;
    private final List<Choice> choices;
    private final List<Mechanism> order;
    private final List<NamedMechanism> named;
    private final Choice[] byMechanism = new Choice[Mechanism.values().length];

    /**
     * One row.
     *
     * @param sources kinds of source
     * @param targets kinds of target
     * @param reason why the mechanisms are in this order
     * @param choices the mechanisms, cheapest first
     */
    OrderRow(Set<EndpointKind> sources, Set<EndpointKind> targets, String reason, Choice... choices) {
        this.sources = sources;
        this.targets = targets;
        this.reason = reason;
        this.choices = List.of(choices);
        Mechanism[] inOrder = new Mechanism[choices.length];
        NamedMechanism[] names = new NamedMechanism[choices.length];
        for (int i = 0; i < choices.length; i++) {
            inOrder[i] = choices[i].mechanism();
            names[i] = NamedMechanism.of(inOrder[i]);
            byMechanism[inOrder[i].ordinal()] = choices[i];
        }
        this.order = List.of(inOrder);
        this.named = List.of(names);
    }

    boolean serves(EndpointKind source, EndpointKind target) {
        return sources.contains(source) && targets.contains(target);
    }

    String reason() {
        return reason;
    }

    List<Choice> choices() {
        return choices;
    }

    /** The mechanisms in the order in which they are tried. */
    List<Mechanism> order() {
        return order;
    }

    /** As {@link #order()}, without the mechanisms that providers added. */
    List<NamedMechanism> named() {
        return named;
    }

    /**
     * Why a mechanism of this row is not used for a request; null if it may be used.
     *
     * @param mechanism one of {@link #order()}
     * @param request the request
     * @param switched whether the target's mode would be switched for a call that has no flag of its own
     */
    String refusal(Mechanism mechanism, TransferRequest request, boolean switched) {
        Choice choice = byMechanism[mechanism.ordinal()];
        if (choice.reached() == Reached.BY_NAME && !request.explicitlyRequested()) {
            return choice.reason();
        }
        return choice.limit().refuses(request, switched) ? choice.limit().refusal() : null;
    }
}
