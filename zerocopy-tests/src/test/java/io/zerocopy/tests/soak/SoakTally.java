package io.zerocopy.tests.soak;

import io.zerocopy.Mechanism;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts how often each mechanism was used in a soak, with its outcomes. */
final class SoakTally {
    private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

    private SoakTally() {}

    static void count(String what) {
        COUNTS.computeIfAbsent(what, none -> new LongAdder()).increment();
    }

    static long of(String what) {
        LongAdder count = COUNTS.get(what);
        return count == null ? 0 : count.sum();
    }

    /** Returns the mechanisms that have moved nothing. */
    static List<Mechanism> idle() {
        return Arrays.stream(Mechanism.values())
                .filter(mechanism -> of("done " + mechanism) == 0)
                .toList();
    }

    /**
     * Returns a line for each mechanism: how often it was done, was disturbed, and declined although it was required.
     */
    static String table() {
        StringBuilder table = new StringBuilder("mechanism         done  ended early  unavailable\n");
        for (Mechanism mechanism : Mechanism.values()) {
            table.append(String.format(
                    "%-15s %6d %12d %12d%n",
                    mechanism, of("done " + mechanism), of("early " + mechanism), of("unavailable " + mechanism)));
        }
        return table
                + new TreeMap<>(COUNTS)
                        .entrySet().stream()
                                .filter(entry -> entry.getKey().startsWith("with "))
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .collect(Collectors.joining(", "))
                + "\n";
    }
}
