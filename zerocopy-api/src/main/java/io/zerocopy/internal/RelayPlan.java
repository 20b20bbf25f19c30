package io.zerocopy.internal;

import io.zerocopy.ProgressListener;
import io.zerocopy.Relay;
import io.zerocopy.RelayResult;
import io.zerocopy.RelaySession;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.Objects;

/** Two channels and how to relay between them; also the builder that collects it. */
public final class RelayPlan implements Relay.Builder {
    private final ByteChannel left;
    private final ByteChannel right;
    private long idleNanos;
    private ProgressListener listener;
    private long fairChunk = OrderTable.FAIR_CHUNK;

    /** What the builder collected. */
    record Wishes(long idleNanos, ProgressListener listener, long fairChunk) {}

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
    public Relay.Builder fairChunk(long bytes) {
        fairChunk = TransferBuilder.chunk(bytes);
        return this;
    }

    @Override
    public Relay build() {
        Wishes wishes = new Wishes(idleNanos, listener, fairChunk);
        return new Relay() {
            @Override
            public RelayResult run() throws IOException {
                Failures.refuseInterrupted();
                for (Object end : ends()) {
                    EndpointChecks.requireOpen((Channel) end, true);
                }
                try (RelaySelector modes = allHaveDescriptors() ? null : RelaySelector.over(left, right);
                        RelayRun run = new RelayRun(left, right, wishes)) {
                    return run.drive(modes);
                }
            }

            @Override
            public RelaySession open() throws IOException {
                return new RelayRun(left, right, wishes);
            }
        };
    }

    private Object[] ends() {
        return new Object[] {Duplex.input(left), Duplex.output(left), Duplex.input(right), Duplex.output(right)};
    }

    private boolean allHaveDescriptors() {
        Providers providers = Providers.installed();
        return providers.source((Closeable) Duplex.input(left)).facts().descriptor()
                && providers.source((Closeable) Duplex.input(right)).facts().descriptor()
                && providers.target((Closeable) Duplex.output(left)).facts().descriptor()
                && providers.target((Closeable) Duplex.output(right)).facts().descriptor();
    }
}
