package io.zerocopy.linux.internal.fd;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;

/**
 * One user of a {@link ChannelLease}: an end of a transfer, or a hold that a caller owns. It makes the calls and counts
 * once as somebody who wants the descriptor non-blocking. Used by one thread at a time. It refers to the channel, so that
 * nothing that is remembered of a channel may refer to it.
 */
public class LeaseUse {
    private final ChannelLease lease;
    private final Channel channel;
    private final boolean blocking; // the owner's mode when the use began
    private boolean holds; // guarded by the mode, as the next one
    private boolean limits; // whether it has asked for a limit on waits
    private int refused;

    public LeaseUse(Channel channel, ChannelLease lease) {
        this.lease = lease;
        this.channel = channel;
        this.blocking = isBlocking();
    }

    public final ChannelLease lease() {
        return lease;
    }

    /** The channel that is used. */
    public final Channel channel() {
        return channel;
    }

    /** The mode that the owner sees. A channel without one blocks. */
    private boolean isBlocking() {
        return !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
    }

    /** Whether a call on this socket that relies on its mode would have to switch it, where reads and writes need not. */
    public final boolean switchesMode() {
        return lease.kind().isSocket()
                && lease.isToldPerCall()
                && isBlocking()
                && !lease.mode().isSet();
    }

    /** Whether the owner has changed the mode since this use began. */
    final boolean isModeChanged() {
        return blocking != isBlocking();
    }

    final boolean holds() {
        return holds;
    }

    final void holds(boolean counted) {
        holds = counted;
    }

    /** Keeps the errno for which the mode could not be set. */
    final long refused(int errno) {
        refused = errno;
        return DescriptorMode.REFUSED;
    }

    /** The negative errno for which the mode could not be set. */
    public final int refused() {
        return refused;
    }

    final boolean limits() {
        return limits;
    }

    final void limits(boolean counted) {
        limits = counted;
    }

    /** Makes a call while the channel is open. */
    public final long call(ChannelLease.Call call) throws IOException {
        return lease.call(channel, call);
    }

    /**
     * Makes a call that only the descriptor's mode keeps from waiting, and perhaps another one's. Wants the close locks.
     *
     * @param call the call
     * @param other the other end, if the call relies on its mode too; else null
     * @return what the call came to; {@link DescriptorMode#REFUSED} where a mode could not be set, and no call was made
     */
    public final long relying(ChannelLease.Call call, LeaseUse other) throws IOException {
        DescriptorMode mode = lease.mode();
        if (mode != null) {
            return mode.call(this, call, other);
        }
        return other == null ? call.make() : other.relying(call, null);
    }

    /** Keeps the descriptor non-blocking until {@link #letBlock()}. Wants the close lock. Answers 0 or a negative errno. */
    public final int keepNonBlocking() {
        return lease.mode() == null ? 0 : lease.mode().hold(this, false);
    }

    /** Ends what was held. Never throws, whatever has become of the channel. */
    public final void letBlock() {
        if (holds) {
            lease.mode().release(this);
        }
    }
}
