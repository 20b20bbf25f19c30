package io.zerocopy.nio.internal.strategies;

import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;

/**
 * Declines at once: for a pair whose facts allowed the mechanism, but which turned out to be unsuitable when it was
 * opened.
 */
public record DeclinedMover(String declinedBecause) implements Mover {
    public static final String NO_CHANNEL = "there is no file channel of the JDK behind this end";

    @Override
    public String refusal() {
        return declinedBecause;
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) {
        return Step.DECLINED;
    }

    @Override
    public void close() {
        // holds no resources
    }
}
