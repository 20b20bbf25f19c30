package io.zerocopy.tests.cli;

import io.zerocopy.tests.cli.terminal.Bar;
import io.zerocopy.tests.cli.terminal.Machine;
import io.zerocopy.tests.pairs.Pair;
import io.zerocopy.tests.pairs.TargetEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Moves a real file over every pair that can be built here, verifies each pair, and compares its cost with a plain
 * loop.
 */
@Command(
        name = "tour",
        mixinStandardHelpOptions = true,
        description = {
            "Moves the JDK's lib/modules over every pair that can be built on loopback and in a temporary folder, and"
                    + " verifies the SHA-256 of what arrived.",
            "Then, per pair, measures the transfer and a plain loop with a buffer of 8 KiB in turn, and prints medians;"
                    + " CPU time is that of the moving thread, user and system."
        })
final class TourCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--file", paramLabel = "FILE", description = "Move this file instead.")
    private Path file = Path.of(System.getProperty("java.home"), "lib", "modules");

    @Option(names = "--size", paramLabel = "BYTES", description = "Move no more than its first so many bytes.")
    private long size = Long.MAX_VALUE;

    @Option(names = "--passes", paramLabel = "N", description = "Measured passes of each, default ${DEFAULT-VALUE}.")
    private int passes = 3;

    @Option(
            names = "--progress",
            negatable = true,
            description =
                    "Show a bar after a second even if standard error is not a terminal, or do not even if it is.")
    private Boolean progress;

    private Path directory;

    @Override
    public Integer call() throws Exception {
        if (passes < 1 || size < 1) {
            throw new ParameterException(spec.commandLine(), "--passes and --size must be 1 or more");
        }
        directory = Files.createTempDirectory("zerocopy-tour");
        Thread whenKilled = new Thread(this::removeWhenKilled);
        Runtime.getRuntime().addShutdownHook(whenKilled);
        try (Bar bar = Bar.ofSteps("tour", progress)) {
            size = Math.min(size, Files.size(file));
            Path moved = size < Files.size(file) ? part() : file;
            Machine.describe().forEach(System.out::println);
            System.out.printf("%-8s %s, %d bytes%n%n", "file", file, size);
            System.out.println(TourRow.HEAD);
            PairVisit visit = new PairVisit(moved, size, TargetEnd.digest(moved), directory, passes);
            boolean allWell = true;
            int done = 0;
            for (Pair pair : Pair.ALL) {
                TourRow row = visit.of(pair);
                bar.println(row.toString());
                bar.onProgress(++done, Pair.ALL.size());
                allWell &= row.isWell();
            }
            return allWell ? 0 : 1;
        } finally {
            if (unhook(whenKilled)) {
                remove();
            }
        }
    }

    /** Copies the first bytes of the file to a new file. */
    private Path part() throws IOException {
        Path part = directory.resolve("part");
        try (FileChannel in = FileChannel.open(file);
                FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < size; ) {
                long n = in.transferTo(at, size - at, out);
                if (n == 0) {
                    throw new IOException(file + " has become shorter");
                }
                at += n;
            }
        }
        return part;
    }

    private void remove() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static boolean unhook(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return false; // the hook is removing it
        }
    }

    /**
     * Removes the directory when the JVM is stopped. The tour continues meanwhile, so an emptied directory may get new
     * files.
     */
    private void removeWhenKilled() {
        for (int attempt = 0; Files.exists(directory) && attempt < 100; attempt++) {
            try {
                remove();
            } catch (IOException | UncheckedIOException e) {
                Thread.yield();
            }
        }
    }
}
