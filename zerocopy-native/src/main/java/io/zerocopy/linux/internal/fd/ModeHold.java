package io.zerocopy.linux.internal.fd;

import io.zerocopy.ChannelHold;
import java.nio.channels.Channel;
import java.util.concurrent.atomic.AtomicReference;

/** A channel whose descriptor stays non-blocking until this is closed. Thread-safe. */
public final class ModeHold implements ChannelHold {
    private final AtomicReference<LeaseUse> use;

    private ModeHold(LeaseUse use) {
        this.use = new AtomicReference<>(use);
    }

    /** Holds an open channel; null if no hold is needed or possible. */
    public static ChannelHold of(Channel channel, ChannelLease lease) {
        if (lease.mode() == null) {
            return null;
        }
        LeaseUse use = new LeaseUse(channel, lease);
        boolean open = lease.callIfOpen(channel, () -> lease.mode().hold(use, true));
        return open && use.holds() ? new ModeHold(use) : null;
    }

    @Override
    public void close() {
        LeaseUse held = use.getAndSet(null);
        if (held != null) {
            held.letBlock();
        }
    }
}
