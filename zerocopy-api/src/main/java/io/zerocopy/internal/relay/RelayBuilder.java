package io.zerocopy.internal.relay;

import io.zerocopy.ProgressListener;
import io.zerocopy.Relay;
import io.zerocopy.RelayResult;
import io.zerocopy.RelaySession;
import io.zerocopy.internal.build.DuplexChannel;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.endpoint.EndpointChecks;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.internal.plan.StepTable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.Objects;

/** Builds a relay: two channels, and the settings for relaying between them. */
public final class RelayBuilder implements Relay.Builder {
    private final ByteChannel left;
    private final ByteChannel right;
    private long idleNanos;
    private ProgressListener listener;
    private long fairChunk = StepTable.FAIR_CHUNK;

    /** The settings from the builder. */
    record Wishes(long idleNanos, ProgressListener listener, long fairChunk) {}

    private RelayBuilder(ByteChannel left, ByteChannel right) {
        this.left = Objects.requireNonNull(left, "left");
        this.right = Objects.requireNonNull(right, "right");
        if (left == right) {
            throw new IllegalArgumentException("a relay needs two channels, this is one: " + left);
        }
        new TransferBuilder(left).to(right); // refuses channels that a transfer would refuse
        new TransferBuilder(right).to(left);
    }

    /**
     * Starts one. Declared as the interface, so that the JVM can verify a caller without this class.
     *
     * @param left one channel
     * @param right the other channel
     * @return the builder
     */
    public static Relay.Builder of(ByteChannel left, ByteChannel right) {
        return new RelayBuilder(left, right);
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
