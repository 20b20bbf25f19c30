package io.zerocopy.tests.cli;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.pairs.Pair;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One line of a tour.
 *
 * @param pair the pair
 * @param mechanism the mechanism that moved most; null if nothing was moved
 * @param ours measured passes of the transfer
 * @param loop measured passes of the plain loop
 * @param verdict the outcome of the verification, or of the first failure
 */
record TourRow(Pair pair, Mechanism mechanism, List<Cost> ours, List<Cost> loop, Verdict verdict, String reason) {
    static final String HEAD = String.format(
            "%-26s %-16s %9s %11s | %9s %11s | %9s  %s",
            "pair", "mechanism", "GiB/s", "CPU ms/GiB", "8K loop", "CPU ms/GiB", "CPU ratio", "SHA-256");

    private static final double GIB = 1 << 30;

    /** The result of the check of the bytes that arrived. */
    enum Verdict {
        VERIFIED("verified"),
        COUNTED("count only"),
        ABSENT("not here"),
        DIFFERS("DIFFERS"),
        FAILED("FAILED");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }
    }

    /** The cost of one pass. */
    record Cost(long bytes, double seconds, double cpuSeconds) {
        double gibPerSecond() {
            return bytes / GIB / seconds;
        }

        double cpuMillisPerGib() {
            return cpuSeconds * 1000 / (bytes / GIB);
        }
    }

    static TourRow failed(Pair pair, Verdict verdict, String reason) {
        return new TourRow(pair, null, List.of(), List.of(), verdict, reason);
    }

    /** Returns whether nothing went wrong; a pair that this system does not have has not failed. */
    boolean isWell() {
        return isMeasured() || verdict == Verdict.ABSENT;
    }

    private boolean isMeasured() {
        return verdict == Verdict.VERIFIED || verdict == Verdict.COUNTED;
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> of) {
        double[] sorted = costs.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    @Override
    public String toString() {
        if (!isMeasured()) {
            return String.format("%-26s %s: %s", pair, verdict.label, reason);
        }
        double cpu = median(ours, Cost::cpuMillisPerGib);
        double loopCpu = median(loop, Cost::cpuMillisPerGib);
        return String.format(
                Locale.ROOT,
                "%-26s %-16s %9.2f %11.0f | %9.2f %11.0f | %9.2f  %s",
                pair,
                mechanism,
                median(ours, Cost::gibPerSecond),
                cpu,
                median(loop, Cost::gibPerSecond),
                loopCpu,
                cpu / loopCpu,
                verdict.label);
    }
}
