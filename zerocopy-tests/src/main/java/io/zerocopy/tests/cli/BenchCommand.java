package io.zerocopy.tests.cli;

import io.zerocopy.tests.bench.Bench;
import io.zerocopy.tests.bench.ManyThreads;
import io.zerocopy.tests.cli.terminal.Machine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures every pair and compares it with its rivals. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures transfers beside a C program with the best mechanism, the JDK's own ways, plain loops, and whatever"
                    + " else is installed.",
            "Rivals take turns, window by window. CPU time is that of the mover alone, user and system; peers are"
                    + " processes of their own. A ratio is the median of those of each round, with its quartiles."
        })
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "Few windows of two sizes, without file systems of its own; no verdicts.")
    private boolean quick;

    @Option(
            names = "--threads",
            description = "Instead of all else: what a small transfer costs while 1, 2, 4 or 8 threads make them.")
    private boolean threads;

    @Option(
            names = "--pair",
            paramLabel = "PAIR",
            split = ",",
            description = "Only these, such as file-tcp, tcp-tcp@recv, file-file@tmpfs.")
    private List<String> pairs = List.of();

    @Option(names = "--size", paramLabel = "BYTES", split = ",", description = "Only these, such as 4K, 64K, 1M.")
    private List<String> sizes = List.of();

    @Option(names = "--windows", paramLabel = "N", description = "Windows of each contestant, default 21.")
    private Integer windows;

    @Option(
            names = "--calls",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Count system calls in a second run under strace, if it is installed. On unless negated.")
    private boolean calls;

    @Option(
            names = "--by-mechanism",
            description =
                    "Only this library: what it chooses by itself beside each mechanism that is named. Calls are not"
                            + " counted.")
    private boolean byMechanism;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write every window to this file, too.")
    private Path csv;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw processor time by size into this file.")
    private Path svg;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Put files here; its file system is the first that is measured.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Override
    public Integer call() throws Exception {
        if (windows != null && windows < 1) {
            throw new ParameterException(spec.commandLine(), "--windows must be 1 or more");
        }
        int rounds = windows == null ? quick ? 5 : 21 : windows;
        if (threads) {
            Machine.describe().forEach(System.out::println);
            new ManyThreads(directory, rounds).run(System.out::println);
            return 0;
        }
        List<Long> bytes = new ArrayList<>();
        for (String size : sizes) {
            bytes.add(bytes(size));
        }
        Bench.Settings settings =
                new Bench.Settings(pairs, bytes, rounds, quick, calls, byMechanism, csv, svg, directory);
        try (Bench bench = new Bench(settings)) {
            Machine.describe().forEach(System.out::println);
            return bench.run(System.out::println) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private long bytes(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        int shift = "KMG".indexOf(upper.charAt(upper.length() - 1)) * 10 + 10;
        try {
            long number = Long.parseLong(shift > 0 ? upper.substring(0, upper.length() - 1) : upper);
            if (number < 1) {
                throw new NumberFormatException("not positive");
            }
            return shift > 0 ? number << shift : number;
        } catch (NumberFormatException e) {
            throw new ParameterException(spec.commandLine(), "--size " + text + " is no size");
        }
    }
}
