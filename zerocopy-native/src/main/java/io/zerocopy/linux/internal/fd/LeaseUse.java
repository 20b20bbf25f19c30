package io.zerocopy.linux.internal.fd;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;

/**
 * One user of a {@link ChannelLease}: an end of a transfer, or a hold that a caller owns. It makes the calls, and
 * counts once among those who want the descriptor non-blocking. One thread at a time uses it. It refers to the channel,
 * so objects that are remembered per channel must not refer to it.
 */
public class LeaseUse {
    private final ChannelLease lease;
    private final Channel channel;
    private final boolean blocking; // the owner's mode when the use began
    private boolean holds; // guarded by the mode, like the next field
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

    /** The channel of this use. */
    public final Channel channel() {
        return channel;
    }

    /** The mode that the owner sees. A channel without a mode blocks. */
    private boolean isBlocking() {
        return !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
    }

    /** Whether a call that relies on this socket's mode would have to switch it, although reads and writes need not. */
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

    /** Keeps the errno with which the kernel refused to set the mode. */
    final long refused(int errno) {
        refused = errno;
        return DescriptorMode.REFUSED;
    }

    /** The negative errno with which the kernel refused to set the mode. */
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
     * Makes a call that only this descriptor's mode, and perhaps the other end's, keeps from waiting. The caller holds
     * the close locks.
     *
     * @param call the call
     * @param other the other end, if the call relies on its mode too; else null
     * @return the call's answer; {@link DescriptorMode#REFUSED} if a mode could not be set, and no call was made
     */
    public final long relying(ChannelLease.Call call, LeaseUse other) throws IOException {
        DescriptorMode mode = lease.mode();
        if (mode != null) {
            return mode.call(this, call, other);
        }
        return other == null ? call.make() : other.relying(call, null);
    }

    /**
     * Keeps the descriptor non-blocking until {@link #letBlock()}. The caller holds the close lock. Answers 0 or a
     * negative errno.
     */
    public final int keepNonBlocking() {
        return lease.mode() == null ? 0 : lease.mode().hold(this, false);
    }

    /** Ends the hold. Never throws, even if the channel is closed. */
    public final void letBlock() {
        if (holds) {
            lease.mode().release(this);
        }
    }
}
