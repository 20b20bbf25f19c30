package io.zerocopy.tests.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Formats standings as text: one block per course and size, this library first. */
final class Table {
    private static final String FORMAT = "  %-24s %8s %12s   %-20s %9s %9s  %s";

    private Table() {}

    static String head() {
        return String.format(FORMAT, "", "GiB/s", "CPU ms/GiB", "CPU ours ÷ theirs", "calls", "bytes", "bar");
    }

    static List<String> block(List<Standing> standings) {
        List<String> lines = new ArrayList<>();
        Standing ours = standings.get(0);
        lines.add(ours.course() + ", " + size(ours.size()) + ", " + ours.repetitions() + " a window");
        for (Standing standing : standings) {
            lines.add(line(ours, standing, standings));
        }
        return lines;
    }

    private static String line(Standing ours, Standing standing, List<Standing> all) {
        if (!standing.finished()) {
            return String.format("  %-24s %s", standing.name(), standing.failure());
        }
        boolean compared = standing != ours && ours.finished();
        return String.format(
                        Locale.ROOT,
                        FORMAT,
                        standing.name(),
                        String.format(Locale.ROOT, "%.2f", standing.median(Sample::gibPerSecond)),
                        String.format(Locale.ROOT, "%.1f", standing.median(Sample::cpuMillisPerGib)),
                        compared ? ours.ratioTo(standing).toString() : "",
                        number(standing.calls()),
                        number(standing.allocatedPerTransfer()),
                        compared ? Goal.judge(ours, standing, all) : "")
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
