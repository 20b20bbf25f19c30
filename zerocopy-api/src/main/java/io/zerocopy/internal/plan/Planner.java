package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferPlan.Candidate;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.TransferRequest;
import java.util.List;
import java.util.stream.Stream;

/**
 * Judges mechanisms for one pair, in the order of {@link OrderTable}. {@code plan()} and {@code run()} use the same
 * methods here, so a run does what the plan prints.
 */
public final class Planner {
    private static final NamedMechanism READ_WRITE = NamedMechanism.of(Mechanism.READ_WRITE);
    private static final NamedMechanism GATHER_WRITE = NamedMechanism.of(Mechanism.GATHER_WRITE);

    private final Providers providers;
    private TransferSpec spec;
    private EndpointFacts source;
    private EndpointFacts target;
    private TransferRequest asked;
    private boolean anyRequired;
    private boolean switched; // whether a call without a flag of its own would switch the target's mode
    private OrderRow row;
    private Object switches; // the kill switches at the time of the judgement
    private List<NamedMechanism> order;
    private TransferRequest last; // the last request, which is reused for every mechanism with the same preference

    public Planner(Providers providers) {
        this.providers = providers;
    }

    /**
     * Starts to judge for one pair.
     *
     * @param spec the wishes of the caller
     * @param source the facts of the source
     * @param target the facts of the target
     * @param asked the request for the pair; its preference is ignored
     * @param switched whether a call without a flag of its own would switch the target's mode
     */
    public Planner begin(
            TransferSpec spec, EndpointFacts source, EndpointFacts target, TransferRequest asked, boolean switched) {
        this.switched = switched;
        this.switches = providers.switched();
        this.spec = spec;
        this.source = source;
        this.target = target;
        this.asked = asked;
        this.last = asked;
        this.row = OrderTable.of(source.kind(), target.kind());
        this.order = providers.order(row, source.kind(), target.kind());
        this.anyRequired = spec.anyRequired(order);
        return this;
    }

    /**
     * Whether the conditions of the judgement still hold: the kill switches, and whether the target's mode would be
     * switched.
     */
    public boolean isCurrent(boolean wouldSwitch) {
        return switched == wouldSwitch && providers.switched() == switches;
    }

    /** Releases all references. */
    public void end() {
        spec = null;
        source = null;
        target = null;
        asked = null;
        last = null;
    }

    /** The mechanisms for the pair, in the order in which they are tried. */
    public List<NamedMechanism> order() {
        return order;
    }

    /** All mechanisms, for any pair. */
    List<NamedMechanism> mechanisms() {
        return providers.mechanisms();
    }

    /** The mechanism that would be tried first; null if there is none. */
    public NamedMechanism first() {
        for (NamedMechanism mechanism : order) {
            if (refusal(mechanism) == null) {
                return mechanism;
            }
        }
        return null;
    }

    /** Returns null if the mechanism is worth trying; otherwise why not. */
    public String refusal(NamedMechanism mechanism) {
        Preference preference = spec.preference(mechanism);
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
        if (!order.contains(mechanism)) {
            return "not for " + pair();
        }
        String refusal = mechanism.is(Mechanism.GATHER_WRITE) && source.kind() == EndpointKind.FILE
                ? fileGatherRefusal()
                : providers.strategy(mechanism).refusal(source, target, request(mechanism));
        return refusal != null || !mechanism.isOwn()
                ? refusal
                : row.refusal(mechanism.mechanism(), request(mechanism), switched);
    }

    /**
     * Why the loop does not gather a file with the bytes around it. The loop checks this itself, because no mover gets
     * such a file.
     */
    private String fileGatherRefusal() {
        return target.kind().isSocket() && asked.hasAdjacentBytes()
                ? null
                : "only buffers are gathered, and on a socket also small files with the bytes around them";
    }

    public boolean isRequired(NamedMechanism mechanism) {
        return spec.preference(mechanism) == Preference.REQUIRE;
    }

    /** If the caller opened a file past the page cache, this counts as naming direct I/O. */
    private boolean isDirect() {
        return source.direct() || target.direct();
    }

    public TransferRequest request(NamedMechanism mechanism) {
        Preference preference = spec.preference(mechanism);
        boolean wished = spec.wishes(mechanism) || (mechanism.is(Mechanism.DIRECT_IO) && isDirect());
        if (last.preference() != preference || last.explicitlyRequested() != wished) {
            last = asked.withPreference(preference, wished);
        }
        return last;
    }

    /** The most bytes wanted from this pair. */
    long count() {
        return asked.count();
    }

    public Strategy strategy(NamedMechanism mechanism) {
        return providers.strategy(mechanism);
    }

    public TransferPlan plan() {
        return new TransferPlan(all().map(this::candidate).toList());
    }

    /** All mechanisms: first those for the pair, in order, then the others. */
    private Stream<NamedMechanism> all() {
        return Stream.concat(order.stream(), mechanisms().stream().filter(m -> !order.contains(m)));
    }

    /** Names the kinds of both ends, for messages. */
    String pair() {
        return source.kind().label() + " → " + target.kind().label();
    }

    private Candidate candidate(NamedMechanism mechanism) {
        String refusal = refusal(mechanism);
        String reason = refusal != null ? refusal : source.label() + " → " + target.label();
        return new Candidate(mechanism.mechanism(), mechanism.name(), refusal == null, reason);
    }

    /** Whether a mechanism that the caller required can serve this pair. */
    private boolean servesRequired() {
        return order.stream().anyMatch(m -> isRequired(m) && refusal(m) == null);
    }

    /** Whether every remaining mechanism may decline, so that in the end none is left. */
    public boolean mayRunOut() {
        return refusal(READ_WRITE) != null && refusal(GATHER_WRITE) != null;
    }

    /** File position of the first byte, or {@link io.zerocopy.spi.Target#NO_POSITION}. */
    public long targetPosition() {
        return asked.targetPosition();
    }

    /** Fails if the source has several parts and no required mechanism can serve any of them. */
    public static void requireAll(TransferSpec spec, List<Planner> parts) throws MechanismUnavailableException {
        if (spec.source() instanceof Parts
                && spec.anyRequired()
                && parts.stream().noneMatch(Planner::servesRequired)) {
            throw new MechanismUnavailableException(parts.get(0).asked());
        }
    }

    /**
     * The candidates that the caller required, or all if none was required, for the exception that says why none can be
     * used.
     */
    public List<Candidate> asked() {
        return all().filter(m -> !spec.anyRequired() || isRequired(m))
                .map(this::candidate)
                .toList();
    }
}
