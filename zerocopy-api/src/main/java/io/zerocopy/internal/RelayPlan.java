package io.zerocopy.internal;

import io.zerocopy.ProgressListener;
import io.zerocopy.Relay;
import io.zerocopy.RelayResult;
import io.zerocopy.RelaySession;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Objects;

/** Two channels and how to relay between them; also the builder that collects it. */
public final class RelayPlan implements Relay.Builder {
    private final ByteChannel left;
    private final ByteChannel right;
    private long idleNanos;
    private ProgressListener listener;

    /**
     * Starts one.
     *
     * @param left one channel
     * @param right the other channel
     */
    public RelayPlan(ByteChannel left, ByteChannel right) {
        this.left = Objects.requireNonNull(left, "left");
        this.right = Objects.requireNonNull(right, "right");
        if (left == right) {
            throw new IllegalArgumentException("a relay needs two channels, this is one: " + left);
        }
        new TransferBuilder(left).to(right); // refuses what no transfer takes
        new TransferBuilder(right).to(left);
    }

    @Override
    public Relay.Builder idleTimeout(Duration timeout) {
        idleNanos = TransferBuilder.nanos(timeout);
        return this;
    }

    @Override
    public Relay.Builder onProgress(ProgressListener hears) {
        listener = Objects.requireNonNull(hears, "listener");
        return this;
    }

    @Override
    public Relay build() {
        long idle = idleNanos;
        ProgressListener hears = listener;
        return new Relay() {
            @Override
            public RelayResult run() throws IOException {
                Failures.refuseInterrupted();
                requireBlocking(left);
                requireBlocking(right);
                try (RelayRun run = new RelayRun(left, right, idle, hears)) {
                    return run.drive();
                }
            }

            @Override
            public RelaySession open() throws IOException {
                return new RelayRun(left, right, idle, hears);
            }
        };
    }

    private static void requireBlocking(ByteChannel channel) {
        if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }
}
