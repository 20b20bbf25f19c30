package io.zerocopy.tests.bench;

import io.zerocopy.tests.bench.contestant.Lineup;
import io.zerocopy.tests.bench.measure.Toolchain;
import io.zerocopy.tests.bench.pair.BenchmarkCase;
import io.zerocopy.tests.bench.pair.Lanes;
import io.zerocopy.tests.bench.pair.Peers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The process that {@link Calls} traces: one case, few transfers, with marks. */
final class CountedRun {
    private CountedRun() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        long size = Long.parseLong(args[1]);
        BenchmarkCase pair =
                new BenchmarkCase(BenchmarkCase.End.valueOf(args[2]), BenchmarkCase.End.valueOf(args[3]), args[4]);
        Map<String, Path> places = new LinkedHashMap<>();
        for (int i = 5; i < args.length; i++) {
            int equals = args[i].lastIndexOf('=');
            places.put(args[i].substring(0, equals), Path.of(args[i].substring(equals + 1)));
        }
        Toolchain tools = new Toolchain(directory);
        Peers peers = new Peers(tools.program("limit.c"));
        try (Lanes lanes = new Lanes(peers, places)) {
            new Race(pair, size, 1, size * Calls.REPETITIONS).run(new Lineup(tools, lanes).of(pair, size), lanes);
        } finally {
            peers.close();
        }
        System.exit(0); // event loops are slow to end
    }
}
