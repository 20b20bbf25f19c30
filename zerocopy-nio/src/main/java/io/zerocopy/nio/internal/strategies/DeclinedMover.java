package io.zerocopy.nio.internal.strategies;

import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;

/** Stands for a pair that looked right by its facts and turned out wrong when it was opened: declines at once. */
record DeclinedMover(String declinedBecause) implements Mover {
    static final String NO_CHANNEL = "there is no file channel of the JDK behind this end";

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
        // holds nothing
    }
}
