package io.zerocopy.tests.bench.result;

import io.zerocopy.tests.bench.measure.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats results as text: one block per case and size, this library first. */
public final class Table {
    private static final String FORMAT = "  %-24s %8s %12s   %-20s %9s %9s  %s";

    private Table() {}

    public static String head() {
        return String.format(FORMAT, "", "GiB/s", "CPU ms/GiB", "CPU ours ÷ theirs", "calls", "bytes", "bar");
    }

    public static List<String> block(List<CaseResult> standings) {
        List<String> lines = new ArrayList<>();
        CaseResult ours = standings.get(0);
        lines.add(ours.pair() + ", " + size(ours.size()) + ", " + ours.repetitions() + " a window");
        for (CaseResult result : standings) {
            lines.add(line(ours, result, standings));
        }
        return lines;
    }

    private static String line(CaseResult ours, CaseResult result, List<CaseResult> all) {
        if (!result.finished()) {
            return String.format("  %-24s %s", result.name(), result.failure());
        }
        boolean compared = result != ours && ours.finished();
        return String.format(
                        Locale.ROOT,
                        FORMAT,
                        result.name(),
                        String.format(Locale.ROOT, "%.2f", result.median(Measurement::gibPerSecond)),
                        String.format(Locale.ROOT, "%.1f", result.median(Measurement::cpuMillisPerGib)),
                        compared ? ours.ratioTo(result).toString() : "",
                        number(result.calls()),
                        number(result.allocatedPerTransfer()),
                        compared ? Goal.judge(ours, result, all) : "")
                .stripTrailing();
    }

    private static String number(double value) {
        return value < 0 ? "–" : String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }

    /** Returns a size as text, for example 64 KiB. */
    static String size(long bytes) {
        if (bytes >= 1 << 30) {
            return (bytes >> 30) + " GiB";
        }
        return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : bytes >= 1 << 10 ? (bytes >> 10) + " KiB" : bytes + " B";
    }
}
