package io.zerocopy.linux.internal;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;

/**
 * One user of a {@link ChannelLease}: an end of a transfer, or a hold that a caller owns. It makes the calls and counts
 * once as somebody who wants the descriptor non-blocking. Used by one thread at a time. It refers to the channel, so that
 * nothing that is remembered of a channel may refer to it.
 */
final class LeaseUse {
    private final ChannelLease lease;
    private final Channel channel;
    private final boolean blocking; // the owner's mode when the use began
    private boolean holds; // guarded by the mode, as the next one
    private boolean limits; // whether it has asked for a limit on waits
    private int refused;

    LeaseUse(ChannelLease lease, Channel channel) {
        this.lease = lease;
        this.channel = channel;
        this.blocking = isBlocking();
    }

    ChannelLease lease() {
        return lease;
    }

    Channel channel() {
        return channel;
    }

    /** The mode that the owner sees. A channel without one blocks. */
    private boolean isBlocking() {
        return !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
    }

    /** Whether the owner has changed the mode since this use began. */
    boolean isModeChanged() {
        return blocking != isBlocking();
    }

    boolean holds() {
        return holds;
    }

    void holds(boolean counted) {
        holds = counted;
    }

    /** Keeps the errno for which the mode could not be set. */
    long refused(int errno) {
        refused = errno;
        return DescriptorMode.REFUSED;
    }

    /** The negative errno for which the mode could not be set. */
    int refused() {
        return refused;
    }

    boolean limits() {
        return limits;
    }

    void limits(boolean counted) {
        limits = counted;
    }

    /** Makes a call while the channel is open. */
    long call(ChannelLease.Call call) throws IOException {
        return lease.call(channel, call);
    }

    /**
     * Makes a call that only the descriptor's mode keeps from waiting. Wants the close lock.
     *
     * @return what the call came to; {@link DescriptorMode#REFUSED} where the mode could not be set, and no call was made
     */
    long relying(ChannelLease.Call call) throws IOException {
        DescriptorMode mode = lease.mode();
        return mode == null ? call.make() : mode.call(this, call);
    }

    /** Keeps the descriptor non-blocking until {@link #release()}. Wants the close lock. Answers 0 or a negative errno. */
    int hold() {
        return lease.mode() == null ? 0 : lease.mode().hold(this);
    }

    /** Ends what was held. Never throws, whatever has become of the channel. */
    void release() {
        if (lease.mode() != null) {
            lease.mode().release(this);
        }
    }
}
