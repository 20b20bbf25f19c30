package io.zerocopy.tests.bench.contestant;

import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Meter;
import io.zerocopy.tests.bench.pair.BenchmarkEndpoints;
import java.io.Closeable;
import java.io.IOException;

/**
 * A contestant whose transfer is a method call on the caller's thread.
 *
 * @param hold what was set up for all transfers, or null
 */
public record InJvm(String name, Role role, BenchmarkEndpoints ends, JdkWays.Way way, Closeable hold)
        implements Contestant {
    InJvm(String name, Role role, BenchmarkEndpoints ends, JdkWays.Way way) {
        this(name, role, ends, way, null);
    }

    @Override
    public Measurement run(long size, int repetitions) throws IOException {
        Meter meter = Meter.start();
        for (int i = 0; i < repetitions; i++) {
            way.move(ends, size);
        }
        return meter.stop(size * repetitions);
    }

    @Override
    public void close() throws IOException {
        if (hold != null) {
            hold.close();
        }
        ends.close();
    }
}
