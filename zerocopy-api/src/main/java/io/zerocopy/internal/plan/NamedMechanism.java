package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import java.util.List;

/**
 * A mechanism as orders, wishes and counts have it: one of the twelve of the library, or one that a provider added and
 * that counts as one of them. {@link Providers} has one instance for each, so that they are compared by identity.
 */
public final class NamedMechanism {
    private static final List<NamedMechanism> OWN = own(Mechanism.values());

    private final Mechanism mechanism;
    private final String name;
    private final int index;

    /**
     * Creates one.
     *
     * @param mechanism the mechanism, or the one that it counts as
     * @param name its name
     * @param index its place among all mechanisms, of which the library's come first
     */
    NamedMechanism(Mechanism mechanism, String name, int index) {
        this.mechanism = mechanism;
        this.name = name;
        this.index = index;
    }

    private static List<NamedMechanism> own(Mechanism[] mechanisms) {
        NamedMechanism[] own = new NamedMechanism[mechanisms.length];
        for (Mechanism mechanism : mechanisms) {
            own[mechanism.ordinal()] = new NamedMechanism(mechanism, mechanism.name(), mechanism.ordinal());
        }
        return List.of(own);
    }

    /** One of the library's own. */
    public static NamedMechanism of(Mechanism mechanism) {
        return OWN.get(mechanism.ordinal());
    }

    /** The library's own, in their order. */
    static List<NamedMechanism> own() {
        return OWN;
    }

    public Mechanism mechanism() {
        return mechanism;
    }

    public String name() {
        return name;
    }

    int index() {
        return index;
    }

    /** Whether it is one of the twelve. */
    public boolean isOwn() {
        return index < OWN.size();
    }

    /** Whether it is this one of the twelve, and not one that counts as it. */
    public boolean is(Mechanism own) {
        return isOwn() && mechanism == own;
    }

    @Override
    public String toString() {
        return name;
    }
}
