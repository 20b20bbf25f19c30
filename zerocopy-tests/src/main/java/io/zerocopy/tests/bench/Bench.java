package io.zerocopy.tests.bench;

import io.zerocopy.tests.bench.contestant.Lineup;
import io.zerocopy.tests.bench.measure.Pin;
import io.zerocopy.tests.bench.measure.Toolchain;
import io.zerocopy.tests.bench.pair.BenchmarkCase;
import io.zerocopy.tests.bench.pair.Lanes;
import io.zerocopy.tests.bench.pair.Peers;
import io.zerocopy.tests.bench.pair.Places;
import io.zerocopy.tests.bench.result.CaseResult;
import io.zerocopy.tests.bench.result.Csv;
import io.zerocopy.tests.bench.result.Plot;
import io.zerocopy.tests.bench.result.Table;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the requested cases one after the other, and reports them. */
public final class Bench implements Closeable {
    private static final List<Long> SIZES = List.of(4L << 10, 16L << 10, 64L << 10, 1L << 20, 64L << 20, 1L << 30);
    private static final List<Long> QUICK_SIZES = List.of(4L << 10, 1L << 20);
    private static final long WINDOW_BYTES = 32 << 20;
    private static final long MOST_COUNTED = 64 << 20;

    private final Settings settings;
    private final Places places;
    private final Toolchain tools;
    private final Peers peers;

    /**
     * The settings of a run.
     *
     * @param pairs keys of cases; empty for all
     * @param sizes sizes in bytes; empty for all
     * @param windows windows of each contestant
     * @param quick whether to make a short run
     * @param calls whether system calls are counted
     * @param byMechanism whether only this library's mechanisms are compared
     * @param csv file to which every window is written, or null
     * @param svg file for the plot, or null
     * @param directory directory for files
     */
    public record Settings(
            List<String> pairs,
            List<Long> sizes,
            int windows,
            boolean quick,
            boolean calls,
            boolean byMechanism,
            Path csv,
            Path svg,
            Path directory) {}

    /** Prepares the run; throws {@link IllegalArgumentException} if a pair is unknown. */
    public Bench(Settings settings) throws IOException {
        this.settings = settings;
        places = new Places(settings.directory(), !settings.quick());
        tools = new Toolchain(places.first());
        Path limit = tools.program("limit.c");
        if (limit == null) {
            places.close();
            throw new IOException("without a C compiler there is no limit to compare with: " + tools.missing());
        }
        peers = new Peers(limit);
    }

    /** Runs all cases; returns false if this library did not finish one of them. */
    public boolean run(Consumer<String> out) throws IOException {
        List<CaseResult> all = new ArrayList<>();
        boolean well = true;
        Pin.MOVER.here();
        out.accept("pinned   " + Pin.describe());
        out.accept("");
        out.accept(Table.head());
        for (BenchmarkCase one : cases()) {
            for (long size : sizes()) {
                List<CaseResult> standings = race(one, size);
                Table.block(standings).forEach(out);
                all.addAll(standings);
                well &= standings.get(0).finished();
            }
        }
        tools.missing().forEach(out);
        places.missing().forEach(out);
        if (settings.csv() != null) {
            Csv.write(settings.csv(), all);
        }
        if (settings.svg() != null) {
            Plot.draw(settings.svg(), all);
        }
        return well;
    }

    private List<CaseResult> race(BenchmarkCase one, long size) throws IOException {
        try (Lanes lanes = new Lanes(peers, places.directories())) {
            Race race = new Race(one, size, settings.windows(), WINDOW_BYTES);
            List<CaseResult> standings = race.run(entries(one, size, lanes), lanes);
            if (!settings.calls() || settings.byMechanism() || !Calls.possible() || size > MOST_COUNTED) {
                return standings;
            }
            Map<String, Double> calls = Calls.count(places.first(), places.directories(), one, size, standings);
            return standings.stream()
                    .map(s -> s.withCalls(calls.getOrDefault(s.name(), -1.0)))
                    .toList();
        }
    }

    private List<Lineup.Entry> entries(BenchmarkCase one, long size, Lanes lanes) throws IOException {
        return settings.byMechanism() ? Lineup.byMechanism(one) : new Lineup(tools, lanes).of(one, size);
    }

    private List<BenchmarkCase> cases() {
        List<BenchmarkCase> all =
                BenchmarkCase.all(List.copyOf(places.directories().keySet()));
        List<String> wanted = settings.pairs();
        for (String pair : wanted) {
            if (all.stream().noneMatch(one -> one.matches(pair))) {
                throw new IllegalArgumentException("there is no pair " + pair + ", only "
                        + all.stream().map(BenchmarkCase::key).distinct().toList() + " at "
                        + places.directories().keySet()
                        + " and, to a socket, at recv and trunc");
            }
        }
        return all.stream()
                .filter(one -> wanted.isEmpty() || wanted.stream().anyMatch(one::matches))
                .toList();
    }

    private List<Long> sizes() {
        return !settings.sizes().isEmpty() ? settings.sizes() : settings.quick() ? QUICK_SIZES : SIZES;
    }

    @Override
    public void close() throws IOException {
        peers.close();
        places.close();
    }
}
