package io.zerocopy.tests.contract;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How much of a large matrix of cases a run tries: all of it, or a part that is drawn at random. Two system properties
 * decide:
 *
 * <ul>
 *   <li>{@code zerocopy.tests.sample}: percent of each group of cases, 1 to 100; 100 by default.
 *   <li>{@code zerocopy.tests.seed}: the seed of the draw. A run without one takes a new seed.
 * </ul>
 *
 * Of every group at least one case is drawn. A class that is extended by this prints, when its tests have ended, how many
 * cases were drawn, of how many, and by which seed: the same seed draws the same cases again.
 */
public final class Sample implements AfterAllCallback {
    private static final int PERCENT = Integer.getInteger("zerocopy.tests.sample", 100);
    private static final long SEED = Long.getLong("zerocopy.tests.seed", System.nanoTime());

    /** Cases drawn and cases there are, since the last report. */
    private static final Map<String, int[]> DRAWN = new LinkedHashMap<>();

    /** For JUnit, which prints the report by it. */
    public Sample() {}

    /**
     * Tells whether cases are left out.
     *
     * @return false where every case is tried
     */
    public static boolean isPartial() {
        return PERCENT < 100;
    }

    /**
     * Tells the seed, for tests that draw in their own way.
     *
     * @return the seed of this run, the same for the whole run
     */
    public static long seed() {
        return SEED;
    }

    /**
     * Draws cases of one matrix.
     *
     * @param <T> a case
     * @param matrix its name, which the draw depends on; the part before the first dot is the class to report it under
     * @param cases all of them
     * @param group names the group of a case, of which at least one is drawn
     * @return those to try, in the order given
     */
    public static <T> Stream<T> of(String matrix, Stream<T> cases, Function<T, String> group) {
        List<T> all = cases.toList();
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            groups.computeIfAbsent(group.apply(all.get(i)), key -> new ArrayList<>())
                    .add(i);
        }
        Random random = new Random(SEED * 31 + matrix.hashCode());
        Set<Integer> drawn = new LinkedHashSet<>();
        for (List<Integer> members : groups.values()) {
            Collections.shuffle(members, random);
            drawn.addAll(members.subList(0, Math.max(1, members.size() * PERCENT / 100)));
        }
        note(matrix.replaceAll("\\..*", ""), drawn.size(), all.size());
        return Stream.iterate(0, i -> i + 1)
                .limit(all.size())
                .filter(drawn::contains)
                .map(all::get);
    }

    /**
     * Counts cases that a test has drawn in its own way.
     *
     * @param owner the class to report them under
     * @param drawn how many are tried
     * @param all how many there are
     */
    public static synchronized void note(String owner, int drawn, int all) {
        int[] counts = DRAWN.computeIfAbsent(owner, key -> new int[2]);
        counts[0] += drawn;
        counts[1] += all;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        report();
    }

    private static synchronized void report() {
        if (isPartial()) {
            DRAWN.forEach((owner, counts) -> System.out.printf(
                    "sampled %s: %d of %d cases; again with -Dzerocopy.tests.sample=%d -Dzerocopy.tests.seed=%d%n",
                    owner, counts[0], counts[1], PERCENT, SEED));
        }
        DRAWN.clear();
    }
}
