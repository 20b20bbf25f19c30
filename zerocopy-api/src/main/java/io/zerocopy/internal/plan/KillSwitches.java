package io.zerocopy.internal.plan;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What an operator took out without touching code: names of mechanisms and of providers, separated by commas, in the
 * system property {@value #PROPERTY} or the environment variable {@value #VARIABLE}. Case, {@code -} and {@code _} do
 * not matter. Read at every plan, so that a property set at run time takes effect at once.
 */
public final class KillSwitches {
    public static final String PROPERTY = "zerocopy.disable";
    static final String VARIABLE = "ZEROCOPY_DISABLE";

    /** What the environment says; null before a caller could ask. It cannot change, and asking for it makes garbage. */
    private static volatile Variable environment;

    /** Name of the switch for file systems that tell holes where there is data. */
    static final String HOLES = "holes";

    private static volatile Asked holes = new Asked("", offBecause(HOLES) == null);

    /** An answer, and the property of which it was made. */
    private record Asked(String property, boolean answer) {}

    /** What the variable holds; null where there is none. */
    private record Variable(String text) {}

    private KillSwitches() {}

    /** The property's text; null where there is none, or none that may be read. */
    static String property() {
        try {
            return System.getProperty(PROPERTY);
        } catch (SecurityException notToBeRead) {
            return null;
        }
    }

    /** The variable's text; null where there is none, or none that may be read. */
    static String environment() {
        Variable known = environment;
        if (known == null) {
            try {
                known = new Variable(System.getenv(VARIABLE));
            } catch (SecurityException notToBeRead) { // by this caller
                return null;
            }
            environment = known;
        }
        return known.text();
    }

    /** Whether holes are walked over; looked up once for every text that the property has had. */
    public static boolean holesAreWalked() {
        String property = property();
        Asked asked = holes;
        if (!Objects.equals(property, asked.property())) {
            asked = new Asked(property, offBecause(HOLES) == null);
            holes = asked;
        }
        return asked.answer();
    }

    /** Returns null when the name is in use; else who switched it off. */
    static String offBecause(String name) {
        if (lists(property(), name)) {
            return "switched off by -D" + PROPERTY;
        }
        if (lists(environment(), name)) {
            return "switched off by " + VARIABLE;
        }
        return null;
    }

    /** Every name that was given, in either place. */
    static List<String> given() {
        return Stream.of(property(), environment())
                .filter(Objects::nonNull)
                .flatMap(names -> Stream.of(names.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    static boolean same(String one, String other) {
        return canonical(one).equals(canonical(other));
    }

    private static boolean lists(String names, String name) {
        if (names == null || names.isEmpty()) {
            return false;
        }
        String wanted = canonical(name);
        for (String listed : names.split(",")) {
            if (canonical(listed).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static String canonical(String name) {
        return name.strip().replace('-', '_').toLowerCase(Locale.ROOT);
    }
}
