package io.zerocopy.tests.degraded;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Cannot be made at first, and brings a mechanism that always declines. */
public final class FlakyProvider implements Provider {
    static final String CAUSE = "Too many open files";

    private static final AtomicInteger MADE = new AtomicInteger();

    public FlakyProvider() {
        if (MADE.incrementAndGet() == 1) {
            throw new UncheckedIOException("flaky", new IOException(CAUSE));
        }
    }

    @Override
    public String name() {
        return "flaky";
    }

    @Override
    public int rank() {
        return 50;
    }

    @Override
    public List<Strategy> strategies() {
        return List.of(new Declining());
    }

    @Override
    public EndpointFacts describe(Path path, boolean target) {
        return null;
    }

    @Override
    public Source source(Closeable source) {
        return null;
    }

    @Override
    public Target target(Closeable target) {
        return null;
    }

    private static final class Declining implements Strategy {
        @Override
        public Mechanism mechanism() {
            return Mechanism.READ_WRITE;
        }

        @Override
        public String name() {
            return "DECLINING";
        }

        @Override
        public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
            return null;
        }

        @Override
        public Mover open(Source source, Target target, TransferRequest request) {
            return Mover.declined("as always");
        }
    }
}
