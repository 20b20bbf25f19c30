package io.zerocopy.tests.bench;

import io.zerocopy.tests.bench.contestant.Contestant;
import io.zerocopy.tests.bench.contestant.InJvm;
import io.zerocopy.tests.bench.contestant.Lineup.Entry;
import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Meter;
import io.zerocopy.tests.bench.pair.BenchmarkCase;
import io.zerocopy.tests.bench.pair.Lanes;
import io.zerocopy.tests.bench.result.CaseResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One case with one size. Contestants are warmed up and then take turns: each has one window per round, and every
 * round begins with another contestant, so that other load on the machine affects all of them equally.
 */
final class Race {
    private static final long DEADLINE_SECONDS = 120;
    private static final int WARM_UP_TRANSFERS = 6000;
    private static final long WARM_UP_BYTES = 64 << 20;

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "watch");
        thread.setDaemon(true);
        return thread;
    });

    private final BenchmarkCase pair;
    private final long size;
    private final int rounds;
    private final int repetitions;
    private final List<Runner> runners = new ArrayList<>();

    /** A contestant, its results so far, and why it has dropped out. */
    private static final class Runner {
        private final Entry entry;
        private final List<Measurement> samples = new ArrayList<>();
        private Contestant contestant;
        private String failure;

        Runner(Entry entry) {
            this.entry = entry;
        }
    }

    private interface Step {
        Measurement run(Contestant contestant) throws Exception;
    }

    Race(BenchmarkCase pair, long size, int rounds, long windowBytes) {
        this.pair = pair;
        this.size = size;
        this.rounds = rounds;
        this.repetitions = (int) Math.max(1, windowBytes / size);
    }

    List<CaseResult> run(List<Entry> entries, Lanes lanes) throws IOException {
        try {
            for (Entry entry : entries) {
                Runner runner = new Runner(entry);
                runners.add(runner);
                attempt(runner, none -> {
                    runner.contestant = entry.opener().open(lanes.open(pair, size));
                    return null;
                });
                warmUp(runner);
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < runners.size(); i++) {
                    Runner runner = runners.get((i + round) % runners.size());
                    Meter.mark(runner.entry.name());
                    attempt(runner, contestant -> contestant.run(size, repetitions));
                }
            }
            return runners.stream().map(this::standing).toList();
        } finally {
            for (Runner runner : runners) {
                close(runner);
            }
        }
    }

    private void warmUp(Runner runner) {
        long small = Math.min(size, 4096);
        int transfers = (int) Math.min(WARM_UP_TRANSFERS, WARM_UP_BYTES / small);
        boolean whole = pair.source() == BenchmarkCase.End.PATH;
        if (runner.contestant instanceof InJvm && !whole && !Meter.MARKED) {
            attempt(runner, contestant -> contestant.run(small, transfers));
            attempt(runner, contestant -> contestant.run(small, transfers));
        }
        attempt(runner, contestant -> contestant.run(size, repetitions));
        runner.samples.clear();
    }

    private void attempt(Runner runner, Step step) {
        if (runner.failure != null) {
            return;
        }
        Future<?> end = WATCH.schedule(() -> close(runner), DEADLINE_SECONDS, TimeUnit.SECONDS);
        try {
            Measurement sample = step.run(runner.contestant);
            if (sample != null) {
                runner.samples.add(sample);
            }
        } catch (Exception e) {
            runner.failure = e.toString();
        } finally {
            end.cancel(false);
        }
    }

    private static void close(Runner runner) {
        try {
            if (runner.contestant != null) {
                runner.contestant.close();
            }
        } catch (IOException e) {
            runner.failure = runner.failure == null ? e.toString() : runner.failure;
        }
    }

    private CaseResult standing(Runner runner) {
        return new CaseResult(
                pair,
                size,
                repetitions,
                runner.entry.name(),
                runner.entry.role(),
                List.copyOf(runner.samples),
                runner.failure,
                -1);
    }
}
