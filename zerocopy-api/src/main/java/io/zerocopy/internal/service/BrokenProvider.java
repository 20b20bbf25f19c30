package io.zerocopy.internal.service;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;

/** Represents a provider that could not be loaded in the report, with the cause. It supports nothing. */
public final class BrokenProvider implements Provider {
    private static final int MAX_CAUSES = 8;

    private final String cause;

    public BrokenProvider(Throwable failure) {
        this.cause = text(failure);
    }

    /** With the causes: that of the service loader only names a class. */
    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder(said(failure));
        Throwable cause = failure.getCause();
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            text.append(": ").append(said(cause));
            cause = cause.getCause();
        }
        return text.toString();
    }

    /** Somebody else's exception may itself fail to say it. */
    private static String said(Throwable failure) {
        try {
            return failure.toString();
        } catch (RuntimeException theirs) {
            return failure.getClass().getName();
        }
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
