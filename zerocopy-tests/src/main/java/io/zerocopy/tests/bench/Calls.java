package io.zerocopy.tests.bench;

import io.zerocopy.tests.bench.measure.Meter;
import io.zerocopy.tests.bench.measure.Toolchain;
import io.zerocopy.tests.bench.measure.Trace;
import io.zerocopy.tests.bench.pair.BenchmarkCase;
import io.zerocopy.tests.bench.result.CaseResult;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the system calls of one transfer. The case is run again in a separate JVM under strace, and each external
 * contestant under its own strace. Peers are not traced, so their speed does not change. Each window lies between two
 * calls with a path that contains {@link Meter#MARK}, and only calls of the thread that made these two are counted.
 */
final class Calls {
    /** Transfers in the window that is counted. */
    static final int REPETITIONS = 4;

    private Calls() {}

    static boolean possible() {
        return Toolchain.has("strace");
    }

    /** Returns the system calls of one transfer, by the contestant's name. */
    static Map<String, Double> count(
            Path directory, Map<String, Path> places, BenchmarkCase pair, long size, List<CaseResult> standings)
            throws IOException {
        Path log = directory.resolve("calls");
        List<String> command = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-b",
                "execve",
                "-o",
                log.toString(),
                java(),
                "-D" + Trace.DIRECTORY + "=" + directory));
        command.addAll(List.of("-Dzerocopy.bench.marked=true", "-XX:-UsePerfData", "-cp", classPath()));
        command.addAll(List.of(CountedRun.class.getName(), directory.toString(), Long.toString(size)));
        command.addAll(List.of(pair.source().name(), pair.target().name(), pair.place()));
        places.forEach((name, path) -> command.add(name + "=" + path));
        Toolchain.run(command);
        Map<String, Double> counts = new HashMap<>(read(log, ""));
        for (CaseResult result : standings) {
            Path own = Trace.log(directory, result.name());
            if (Files.exists(own)) {
                counts.putAll(read(own, result.name()));
                Files.delete(own);
            }
        }
        return counts;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String path = System.getProperty("java.class.path", "");
        return modules.isEmpty() ? path : modules + File.pathSeparator + path;
    }

    /** Returns the calls between the marks of the last window of each name, divided by its transfers. */
    private static Map<String, Double> read(Path log, String only) throws IOException {
        Map<String, Double> counts = new HashMap<>();
        String name = only;
        String thread = null;
        int calls = 0;
        for (String line : Files.readAllLines(log)) {
            int space = line.indexOf(' ');
            String tid = line.substring(0, space);
            int mark = line.indexOf(Meter.MARK);
            if (mark < 0) {
                boolean call = tid.equals(thread) && !line.contains(" resumed>") && !line.contains("--- SIG");
                calls += call ? 1 : 0;
                continue;
            }
            String marked = line.substring(mark + Meter.MARK.length(), line.indexOf('"', mark));
            if (marked.equals("begin")) {
                thread = tid;
                calls = 0;
            } else if (marked.equals("end")) {
                thread = null;
                counts.put(name, (calls - OF_THE_METER) / (double) REPETITIONS);
            } else {
                name = marked;
            }
        }
        return counts;
    }

    /** System calls for reading the clock of a thread twice. */
    private static final int OF_THE_METER = 2;
}
