package io.zerocopy.internal.plan;

import io.zerocopy.Mechanism;
import java.util.List;

/**
 * A mechanism in orders, wishes and counts: one of the library's twelve, or one that a provider added and that counts
 * as one of them. {@link Providers} has one instance for each, so compare them by identity.
 */
public final class NamedMechanism {
    private static final List<NamedMechanism> OWN = own(Mechanism.values());

    private final Mechanism mechanism;
    private final String name;
    private final int index;

    /**
     * Creates a mechanism.
     *
     * @param mechanism the mechanism, or the one that it counts as
     * @param name its name
     * @param index its place among all mechanisms; the library's own come first
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

    /** Returns one of the library's own mechanisms. */
    public static NamedMechanism of(Mechanism mechanism) {
        return OWN.get(mechanism.ordinal());
    }

    /** The library's own mechanisms, in their order. */
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

    /** Whether this is one of the library's twelve mechanisms. */
    public boolean isOwn() {
        return index < OWN.size();
    }

    /** Whether this is the given mechanism of the library, and not one that counts as it. */
    public boolean is(Mechanism own) {
        return isOwn() && mechanism == own;
    }

    @Override
    public String toString() {
        return name;
    }
}
