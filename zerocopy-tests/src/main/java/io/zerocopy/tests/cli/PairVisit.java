package io.zerocopy.tests.cli;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import io.zerocopy.tests.cli.TourRow.Cost;
import io.zerocopy.tests.cli.TourRow.Verdict;
import io.zerocopy.tests.cli.terminal.ErrorLine;
import io.zerocopy.tests.pairs.Lane;
import io.zerocopy.tests.pairs.Pair;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Verifies one pair, then measures it. The calling thread moves the bytes. */
final class PairVisit {
    private static final int LOOP_BYTES = 8 << 10;
    private static final long DEADLINE_SECONDS = 300;

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "watch");
        thread.setDaemon(true);
        return thread;
    });

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Path file;
    private final long size;
    private final byte[] digest;
    private final Path directory;
    private final int passes;

    /**
     * A lane that is closed during a pass that takes too long. This also ends feeder and drainer, so no thread waits
     * for a peer that has failed.
     */
    private static final class Watched implements Closeable {
        private final Lane lane;
        private final Future<?> end;
        private boolean late;

        Watched(Lane lane) {
            this.lane = lane;
            this.end = WATCH.schedule(this::closeLate, DEADLINE_SECONDS, TimeUnit.SECONDS);
        }

        private synchronized void closeLate() {
            late = true;
            try {
                lane.close();
            } catch (IOException e) {
                // the mover fails and reports it
            }
        }

        /** Returns the mover's exception, or the exception that it took too long. */
        synchronized Exception why(Exception failure) {
            return late ? new IOException("took longer than " + DEADLINE_SECONDS + " s", failure) : failure;
        }

        @Override
        public synchronized void close() throws IOException {
            end.cancel(false);
            lane.close();
        }
    }

    /** Work on a lane. */
    private interface Work<T> {
        T on(Lane lane) throws Exception;
    }

    PairVisit(Path file, long size, byte[] digest, Path directory, int passes) {
        this.file = file;
        this.size = size;
        this.digest = digest.clone();
        this.directory = directory;
        this.passes = passes;
    }

    TourRow of(Pair pair) {
        try {
            Mechanism[] mechanism = new Mechanism[1];
            Verdict verdict = within(pair, true, this::verify);
            if (verdict == Verdict.DIFFERS) {
                return TourRow.failed(pair, verdict, "what arrived is not what was sent");
            }
            List<Cost> ours = new ArrayList<>();
            List<Cost> loops = new ArrayList<>();
            for (int i = 0; i < passes; i++) {
                ours.add(within(
                        pair,
                        false,
                        lane -> measure(lane, () -> {
                            TransferResult result = lane.transfer().run();
                            mechanism[0] = result.mechanism();
                            return result.bytes();
                        })));
                loops.add(within(pair, false, lane -> measure(lane, () -> lane.loop(LOOP_BYTES))));
            }
            return new TourRow(pair, mechanism[0], ours, loops, verdict, "");
        } catch (UnsupportedOperationException e) {
            return TourRow.failed(pair, Verdict.ABSENT, e.getMessage());
        } catch (Exception e) {
            return TourRow.failed(pair, Verdict.FAILED, ErrorLine.of(e));
        }
    }

    private <T> T within(Pair pair, boolean verify, Work<T> work) throws Exception {
        try (Watched watched = new Watched(pair.open(file, size, directory, verify))) {
            try {
                return work.on(watched.lane);
            } catch (Exception e) {
                throw watched.why(e);
            }
        }
    }

    private Verdict verify(Lane lane) throws Exception {
        TransferResult result = lane.transfer().run();
        byte[] arrived = lane.arrived();
        if (result.bytes() != size || (arrived != null && !Arrays.equals(arrived, digest))) {
            return Verdict.DIFFERS;
        }
        return arrived == null ? Verdict.COUNTED : Verdict.VERIFIED;
    }

    /** Moves bytes and returns how many. */
    private interface Mover {
        long move() throws IOException;
    }

    private Cost measure(Lane lane, Mover mover) throws Exception {
        long wall = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        long bytes = mover.move();
        cpu = threads.getCurrentThreadCpuTime() - cpu;
        wall = System.nanoTime() - wall;
        lane.arrived();
        if (bytes != size) {
            throw new IOException(bytes + " bytes moved, not " + size);
        }
        return new Cost(bytes, wall / 1e9, cpu / 1e9);
    }
}
