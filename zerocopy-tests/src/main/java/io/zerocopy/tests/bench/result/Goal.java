package io.zerocopy.tests.bench.result;

import io.zerocopy.tests.bench.contestant.Contestant.Role;
import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Spread;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The highest allowed ratio of this library's processor time to a rival's, by size.
 *
 * @param against roles of the rivals; of several, the best one on the case
 * @param cases keys of the cases; empty for all
 * @param small highest ratio at 4 KiB
 * @param medium highest ratio at 64 KiB
 * @param large highest ratio at 1 MiB and above
 */
record Goal(Set<Role> against, Set<String> cases, double small, double medium, double large) {
    /** With fewer windows a quartile is the value of one or two of them, and chance decides. */
    static final int FEWEST_WINDOWS = 11;

    private static final Set<String> FROM_SOCKET = Set.of("tcp-file", "tcp-tcp");

    static final List<Goal> ALL = List.of(
            new Goal(EnumSet.of(Role.LIMIT), Set.of(), 1.20, 1.08, 1.05),
            new Goal(
                    EnumSet.of(Role.JDK, Role.LOOP_64K, Role.JVM),
                    Set.of("file-tcp", "file-file", "path-path"),
                    0.90,
                    0.95,
                    1.00),
            new Goal(EnumSet.of(Role.JDK), FROM_SOCKET, 1.00, 0.60, 0.40),
            new Goal(EnumSet.of(Role.LOOP_64K), FROM_SOCKET, 1.10, 1.00, 0.75),
            new Goal(EnumSet.of(Role.OTHER), Set.of(), 1.00, 1.00, 1.00));

    /** Returns the highest ratio allowed at a size. */
    double most(long size) {
        return size < 64 << 10 ? small : size < 1 << 20 ? medium : large;
    }

    /**
     * Returns the goal for the ratio to this rival, and whether it was met; empty if there is no goal, or if there are too
     * few windows to say so.
     */
    static String judge(CaseResult ours, CaseResult rival, List<CaseResult> all) {
        if (Math.min(ours.samples().size(), rival.samples().size()) < FEWEST_WINDOWS) {
            return "";
        }
        for (Goal goal : ALL) {
            if (goal.isAbout(rival) && goal.isBest(rival, all)) {
                double most = goal.most(rival.size());
                Spread ratio = ours.ratioTo(rival);
                String verdict = ratio.high() <= most
                        ? "met"
                        : ratio.low() > most ? "MISSED" : ratio.median() <= most ? "straddles" : "straddles, over";
                return String.format(Locale.ROOT, "≤ %.2f %s", most, verdict);
            }
        }
        return "";
    }

    private boolean isAbout(CaseResult rival) {
        return against.contains(rival.role())
                && (cases.isEmpty() || cases.contains(rival.pair().key()));
    }

    private boolean isBest(CaseResult rival, List<CaseResult> all) {
        if (against.size() == 1) {
            return true;
        }
        Optional<CaseResult> best = all.stream()
                .filter(s -> s.finished() && isAbout(s))
                .min(Comparator.comparingDouble(s -> s.median(Measurement::cpuMillisPerGib)));
        return best.isPresent() && best.get() == rival;
    }
}
