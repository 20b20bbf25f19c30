package io.zerocopy.internal.relay;

import io.zerocopy.ProgressListener;
import io.zerocopy.Relay;
import io.zerocopy.RelayResult;
import io.zerocopy.RelaySession;
import io.zerocopy.internal.build.DuplexChannel;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.endpoint.EndpointChecks;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.plan.OrderTable;
import io.zerocopy.internal.plan.Providers;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.Objects;

/** Two channels and how to relay between them; also the builder that collects it. */
public final class RelayBuilder implements Relay.Builder {
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
    public RelayBuilder(ByteChannel left, ByteChannel right) {
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
                Object[] ends = ends();
                for (int i = 0; i < ends.length; i++) {
                    String role = i < ends.length / 2 ? "the left channel" : "the right channel";
                    EndpointChecks.requireOpen(role, (Channel) ends[i], true);
                }
                try (RelaySelector modes = allHaveDescriptors() ? null : RelaySelector.over(left, right);
                        RelayLoop run = new RelayLoop(left, right, wishes)) {
                    return run.drive(modes);
                }
            }

            @Override
            public RelaySession open() throws IOException {
                return new RelayLoop(left, right, wishes);
            }
        };
    }

    private Object[] ends() {
        return new Object[] {
            DuplexChannel.input(left),
            DuplexChannel.output(left),
            DuplexChannel.input(right),
            DuplexChannel.output(right)
        };
    }

    private boolean allHaveDescriptors() {
        Providers providers = Providers.installed();
        return providers.source((Closeable) DuplexChannel.input(left)).descriptor() != null
                && providers.source((Closeable) DuplexChannel.input(right)).descriptor() != null
                && providers.target((Closeable) DuplexChannel.output(left)).descriptor() != null
                && providers.target((Closeable) DuplexChannel.output(right)).descriptor() != null;
    }
}
