package io.zerocopy.internal.plan;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The mechanisms and providers that an operator has switched off without changing code: their names, separated by
 * commas, in the system property {@value #PROPERTY} or the environment variable {@value #VARIABLE}. Case, {@code -} and
 * {@code _} do not matter. The property is read for every plan, so a change at run time takes effect at once.
 */
public final class KillSwitches {
    public static final String PROPERTY = "zerocopy.disable";
    static final String VARIABLE = "ZEROCOPY_DISABLE";

    /** Read once, because the environment of a process does not change and each read allocates memory. */
    private static final String ENVIRONMENT = environment();

    /** Name of the switch for file systems that report holes where there is data. */
    static final String HOLES = "holes";

    private static volatile Asked holes = new Asked("", offBecause(HOLES) == null);

    /** An answer, and the value of the property that it was made from. */
    private record Asked(String property, boolean answer) {}

    private KillSwitches() {}

    /** The property's text; null if it is not set or may not be read. */
    static String property() {
        try {
            return System.getProperty(PROPERTY);
        } catch (SecurityException notToBeRead) {
            return null;
        }
    }

    private static String environment() {
        try {
            return System.getenv(VARIABLE);
        } catch (SecurityException notToBeRead) {
            return null;
        }
    }

    /** Whether transfers skip holes. The answer is kept until the property changes. */
    public static boolean holesAreWalked() {
        String property = property();
        Asked asked = holes;
        if (!Objects.equals(property, asked.property())) {
            asked = new Asked(property, offBecause(HOLES) == null);
            holes = asked;
        }
        return asked.answer();
    }

    /** Returns null if the name is not switched off; otherwise where it was switched off. */
    static String offBecause(String name) {
        if (lists(property(), name)) {
            return "switched off by -D" + PROPERTY;
        }
        if (lists(ENVIRONMENT, name)) {
            return "switched off by " + VARIABLE;
        }
        return null;
    }

    /** All names in the property and in the environment variable. */
    static List<String> given() {
        return Stream.of(property(), ENVIRONMENT)
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
