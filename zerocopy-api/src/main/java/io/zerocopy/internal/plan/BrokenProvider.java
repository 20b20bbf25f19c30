package io.zerocopy.internal.plan;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/** Represents a provider that could not be loaded in the report, with the cause. It supports nothing. */
final class BrokenProvider implements Provider {
    private final String cause;

    BrokenProvider(Throwable cause) {
        this.cause = cause.toString();
    }

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public int rank() {
        return Integer.MAX_VALUE;
    }

    @Override
    public String unavailableBecause() {
        return cause;
    }

    @Override
    public List<Strategy> strategies() {
        return List.of();
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
}
