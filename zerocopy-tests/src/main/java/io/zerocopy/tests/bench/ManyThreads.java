package io.zerocopy.tests.bench;

import io.zerocopy.Transfers;
import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Meter;
import io.zerocopy.tests.bench.measure.Spread;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * What one small transfer costs while other threads transfer too: processor time of the moving threads per transfer, with 1,
 * 2, 4 and 8 threads, and its ratio to that of one thread. Each thread has files of its own, 4 KiB of one to the other, so
 * that they share nothing but the library. The numbers of threads take turns, round by round. A lock that every transfer
 * takes would show as a ratio that grows with the threads; so do, a little, more threads than processors.
 */
public final class ManyThreads {
    private static final int[] THREADS = {1, 2, 4, 8};
    private static final int TRANSFERS = 4_000; // of each thread in a window
    private static final int WARM_UP = 20_000;
    private static final int BYTES = 4 << 10;

    private final Path folder;
    private final int rounds;

    /**
     * Prepares the run.
     *
     * @param directory the directory for the files
     * @param rounds windows of each number of threads
     */
    public ManyThreads(Path directory, int rounds) throws IOException {
        this.folder = Files.createTempDirectory(directory, "zerocopy-threads");
        this.rounds = rounds;
    }

    /** Runs all rounds, prints the table, and removes the files. */
    public void run(Consumer<String> out) throws Exception {
        int most = THREADS[THREADS.length - 1];
        ExecutorService pool = Executors.newFixedThreadPool(most);
        try {
            window(pool, 1, WARM_UP);
            double[][] nanos = new double[THREADS.length][rounds];
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < THREADS.length; i++) {
                    int turn = (i + round) % THREADS.length;
                    nanos[turn][round] = window(pool, THREADS[turn], TRANSFERS);
                }
            }
            out.accept(
                    "file → file, 4 KiB, " + TRANSFERS + " transfers of each thread a window, " + rounds + " windows");
            out.accept(String.format("  %-8s %16s   %s", "threads", "CPU ns/transfer", "÷ one thread"));
            for (int i = 0; i < THREADS.length; i++) {
                double[] ratios = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    ratios[round] = nanos[i][round] / nanos[0][round];
                }
                out.accept(String.format(
                        Locale.ROOT,
                        "  %-8d %16.0f   %s",
                        THREADS[i],
                        Spread.of(nanos[i]).median(),
                        Spread.of(ratios)));
            }
        } finally {
            pool.shutdown();
            for (int i = 0; i < most; i++) {
                Files.deleteIfExists(source(i));
                Files.deleteIfExists(target(i));
            }
            Files.delete(folder);
        }
    }

    private Path source(int thread) {
        return folder.resolve("source" + thread);
    }

    private Path target(int thread) {
        return folder.resolve("target" + thread);
    }

    /** Returns the processor time of one transfer, in nanoseconds, over all threads of a window. */
    private double window(ExecutorService pool, int threads, int transfers) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Measurement>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            all.add(pool.submit(() -> move(thread, transfers, start)));
        }
        double nanos = 0;
        for (Future<Measurement> one : all) {
            nanos += one.get().cpuNanos();
        }
        return nanos / threads / transfers;
    }

    private Measurement move(int thread, int transfers, CyclicBarrier start) throws Exception {
        if (!Files.exists(source(thread))) {
            Files.write(source(thread), new byte[BYTES]);
        }
        try (FileChannel from = FileChannel.open(source(thread));
                FileChannel to =
                        FileChannel.open(target(thread), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            start.await();
            Meter meter = Meter.start();
            for (int i = 0; i < transfers; i++) {
                Transfers.from(from)
                        .range(0, BYTES)
                        .to(to)
                        .targetPosition(0)
                        .build()
                        .run();
            }
            return meter.stop((long) BYTES * transfers);
        }
    }
}
