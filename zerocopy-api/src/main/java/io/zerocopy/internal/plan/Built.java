package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The strategies of the providers that were asked so far. When another provider can be asked, a new object replaces
 * this one. That provider brings only the library's own mechanisms, so each mechanism keeps its index.
 */
final class Built {
    private static final int KINDS = EndpointKind.values().length;

    private final List<NamedMechanism> mechanisms; // each at its index
    private final Strategy[] strategies;
    private final Provider[] owners;
    private final boolean[] asked;
    private final AtomicReferenceArray<List<NamedMechanism>> orders = new AtomicReferenceArray<>(KINDS * KINDS);

    /**
     * Asks providers.
     *
     * @param providers all providers, in the order of their rank; if several strategies have one name, the first is
     *     used
     * @param asked whether to ask each of them
     */
    Built(List<Provider> providers, boolean[] asked) {
        List<NamedMechanism> named = new ArrayList<>(NamedMechanism.own());
        List<Strategy> found = new ArrayList<>();
        List<Provider> from = new ArrayList<>();
        for (int i = 0; i < asked.length; i++) {
            for (Strategy strategy : asked[i] ? providers.get(i).strategies() : List.<Strategy>of()) {
                if (named(strategy.name(), named) == null) {
                    named.add(new NamedMechanism(strategy.mechanism(), strategy.name(), named.size()));
                }
                found.add(strategy);
                from.add(providers.get(i));
            }
        }
        this.mechanisms = List.copyOf(named);
        this.strategies = new Strategy[named.size()];
        this.owners = new Provider[named.size()];
        this.asked = asked;
        for (int i = 0; i < found.size(); i++) {
            place(found.get(i), from.get(i));
        }
    }

    private void place(Strategy strategy, Provider owner) {
        NamedMechanism mechanism = named(strategy.name(), mechanisms);
        boolean same = !mechanism.isOwn() || mechanism.is(strategy.mechanism());
        if (same && strategies[mechanism.index()] == null) {
            strategies[mechanism.index()] = strategy;
            owners[mechanism.index()] = owner;
        }
    }

    List<NamedMechanism> mechanisms() {
        return mechanisms;
    }

    boolean[] asked() {
        return asked;
    }

    /** The strategy for a mechanism; null if no provider that was asked has one. */
    Strategy strategy(NamedMechanism mechanism) {
        return mechanism.index() < strategies.length ? strategies[mechanism.index()] : null;
    }

    Provider owner(NamedMechanism mechanism) {
        return owners[mechanism.index()];
    }

    /** The mechanism with a name; null if no provider that was asked has one. */
    NamedMechanism named(String name) {
        return named(name, mechanisms);
    }

    private static NamedMechanism named(String name, List<NamedMechanism> mechanisms) {
        for (NamedMechanism mechanism : mechanisms) {
            if (KillSwitches.same(mechanism.name(), name)) {
                return mechanism;
            }
        }
        return null;
    }

    /** As {@link Providers#order}. */
    List<NamedMechanism> order(OrderRow row, EndpointKind source, EndpointKind target) {
        if (mechanisms.size() == NamedMechanism.own().size()) {
            return row.named();
        }
        int at = source.ordinal() * KINDS + target.ordinal();
        List<NamedMechanism> known = orders.get(at);
        if (known == null) {
            known = merged(row, source, target);
            orders.set(at, known);
        }
        return known;
    }

    private List<NamedMechanism> merged(OrderRow row, EndpointKind source, EndpointKind target) {
        List<NamedMechanism> order = new ArrayList<>(row.named());
        for (NamedMechanism added : mechanisms.subList(NamedMechanism.own().size(), mechanisms.size())) {
            Mechanism before = strategy(added).before(source, target);
            if (before != null) {
                int place = order.indexOf(NamedMechanism.of(before));
                order.add(place >= 0 ? place : order.indexOf(NamedMechanism.of(Mechanism.READ_WRITE)), added);
            }
        }
        return List.copyOf(order);
    }
}
