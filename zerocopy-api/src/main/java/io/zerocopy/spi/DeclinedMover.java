package io.zerocopy.spi;

/** Declines at once, see {@link Mover#declined}. */
final class DeclinedMover implements Mover {
    private final String reason;

    DeclinedMover(String reason) {
        this.reason = reason;
    }

    @Override
    public String refusal() {
        return reason;
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) {
        return Step.DECLINED;
    }

    @Override
    public String declinedBecause() {
        return reason;
    }

    @Override
    public void close() {
        // holds no resources
    }
}
