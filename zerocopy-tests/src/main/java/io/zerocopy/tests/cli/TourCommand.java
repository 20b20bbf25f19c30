package io.zerocopy.tests.cli;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import io.zerocopy.tests.pairs.Lane;
import io.zerocopy.tests.pairs.Pair;
import io.zerocopy.tests.pairs.TargetEnd;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Moves a real file over every pair that can be built here, verifies each, and measures each beside a plain loop. */
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
    private static final int LOOP_BYTES = 8 << 10;
    private static final double GIB = 1 << 30;

    @Option(names = "--file", paramLabel = "FILE", description = "Move this file instead.")
    private Path file = Path.of(System.getProperty("java.home"), "lib", "modules");

    @Option(names = "--size", paramLabel = "BYTES", description = "Move no more than its first so many bytes.")
    private long size = Long.MAX_VALUE;

    @Option(names = "--passes", paramLabel = "N", description = "Measured passes of each, default ${DEFAULT-VALUE}.")
    private int passes = 3;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private Path directory;
    private Path moved;
    private byte[] digest;

    /** What one pass cost. */
    private record Cost(long bytes, double seconds, double cpuSeconds, Mechanism mechanism) {
        double gibPerSecond() {
            return bytes / GIB / seconds;
        }

        double cpuMillisPerGib() {
            return cpuSeconds * 1000 / (bytes / GIB);
        }
    }

    @Override
    public Integer call() throws Exception {
        directory = Files.createTempDirectory("zerocopy-tour");
        try (Bar bar = new Bar("tour", false)) {
            prepare();
            System.out.printf(
                    "%s, %d bytes; %s %s, %d processors; Java %s%n",
                    file,
                    size,
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.version());
            System.out.printf(
                    "%-26s %-16s %9s %11s | %9s %11s | %9s  %s%n",
                    "pair", "mechanism", "GiB/s", "CPU ms/GiB", "8K loop", "CPU ms/GiB", "CPU ratio", "SHA-256");
            boolean allWell = true;
            int done = 0;
            for (Pair pair : Pair.ALL) {
                allWell &= show(pair);
                bar.onProgress(++done * size, Pair.ALL.size() * size);
            }
            return allWell ? 0 : 1;
        } finally {
            remove();
        }
    }

    /** The file itself, or its first bytes as a file of their own. */
    private void prepare() throws IOException {
        size = Math.min(size, Files.size(file));
        moved = file;
        if (size < Files.size(file)) {
            moved = directory.resolve("part");
            try (FileChannel in = FileChannel.open(file);
                    FileChannel out = FileChannel.open(moved, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                for (long at = 0; at < size; ) {
                    at += in.transferTo(at, size - at, out);
                }
            }
        }
        digest = TargetEnd.digest(moved);
    }

    private boolean show(Pair pair) {
        try {
            String verdict = verify(pair);
            Cost[] ours = new Cost[passes];
            Cost[] loops = new Cost[passes];
            for (int i = 0; i < passes; i++) {
                ours[i] = measure(pair, true);
                loops[i] = measure(pair, false);
            }
            Cost our = median(ours);
            Cost loop = median(loops);
            System.out.printf(
                    "%-26s %-16s %9.2f %11.0f | %9.2f %11.0f | %9.2f  %s%n",
                    pair,
                    our.mechanism(),
                    our.gibPerSecond(),
                    our.cpuMillisPerGib(),
                    loop.gibPerSecond(),
                    loop.cpuMillisPerGib(),
                    our.cpuMillisPerGib() / loop.cpuMillisPerGib(),
                    verdict);
            return !verdict.startsWith("DIFFERS");
        } catch (Exception e) {
            System.out.printf("%-26s FAILED: %s%n", pair, e);
            return false;
        }
    }

    private String verify(Pair pair) throws Exception {
        try (Lane lane = pair.open(moved, size, directory, true)) {
            TransferResult result = lane.transfer().run();
            byte[] arrived = lane.arrived();
            if (arrived == null) {
                return result.bytes() == size ? "count only" : "DIFFERS: " + result.bytes() + " bytes";
            }
            return Arrays.equals(arrived, digest) ? "verified" : "DIFFERS";
        }
    }

    private Cost measure(Pair pair, boolean ours) throws Exception {
        try (Lane lane = pair.open(moved, size, directory, false)) {
            long wall = System.nanoTime();
            long cpu = threads.getCurrentThreadCpuTime();
            Mechanism mechanism = null;
            long bytes;
            if (ours) {
                TransferResult result = lane.transfer().run();
                mechanism = result.mechanism();
                bytes = result.bytes();
            } else {
                bytes = lane.loop(LOOP_BYTES);
            }
            cpu = threads.getCurrentThreadCpuTime() - cpu;
            wall = System.nanoTime() - wall;
            lane.arrived();
            if (bytes != size) {
                throw new IOException(bytes + " bytes moved, not " + size);
            }
            return new Cost(bytes, wall / 1e9, cpu / 1e9, mechanism);
        }
    }

    private static Cost median(Cost[] costs) {
        Cost[] sorted = costs.clone();
        Arrays.sort(sorted, Comparator.comparingDouble(Cost::cpuSeconds));
        return sorted[sorted.length / 2];
    }

    private void remove() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
