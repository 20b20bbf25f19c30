package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.internal.poll.Poller;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The channels over one open file description, usually one: the mode that their owner wants, as far as a channel of the
 * JDK shows it, and the locks under which the JDK sets the mode. Not thread-safe: its {@link DescriptorMode} guards it.
 * Every call uses a group, so loops go by index: iterators are garbage until the JIT's last tier removes them.
 */
final class LeaseGroup {
    private final List<ChannelLease> leases = new ArrayList<>(1);
    private boolean untold; // whether a JDK with virtual threads does not say which channels they have used

    /** Adds a channel, and forgets closed ones. */
    void add(ChannelLease lease) {
        leases.removeIf(each -> each.openChannel() == null);
        leases.add(lease);
        Channel channel = lease.modeLock() == null ? null : lease.openChannel();
        untold |= channel != null && Poller.hasVirtualThreads() && !JdkFields.tellsForcedNonBlocking(channel);
    }

    void remove(ChannelLease lease) {
        leases.remove(lease);
    }

    boolean isAnyOpen() {
        for (int i = 0; i < leases.size(); i++) {
            ChannelLease each = leases.get(i);
            if (each.openChannel() != null) {
                return true;
            }
        }
        return false;
    }

    /** Whether a channel of the JDK shows what the owner and the JDK want. */
    boolean isModeShown() {
        for (int i = 0; !untold && i < leases.size(); i++) {
            ChannelLease each = leases.get(i);
            if (each.modeLock() != null && each.openChannel() != null) {
                return true;
            }
        }
        return false;
    }

    /** Whether the owner wants blocking mode, as far as a channel shows it; true if none does. */
    boolean isBlocking() {
        for (int i = 0; i < leases.size(); i++) {
            ChannelLease each = leases.get(i);
            if (each.openChannel() instanceof SelectableChannel selectable && !selectable.isBlocking()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a virtual thread may have used one of the channels, although nothing shows it. */
    boolean mayBeForcedUntold() {
        return untold;
    }

    /** Whether a virtual thread has surely used one of the channels. */
    boolean isForcedNonBlocking() {
        if (untold) {
            return false;
        }
        for (int i = 0; i < leases.size(); i++) {
            ChannelLease each = leases.get(i);
            Channel channel = each.modeLock() == null ? null : each.openChannel();
            if (channel != null && JdkFields.isForcedNonBlocking(channel)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Goes on with {@link DescriptorMode#underModeLocks} under the locks under which the JDK sets the modes of these
     * channels, also of those that were closed since {@link #add} last forgot closed ones.
     */
    long underModeLocks(int from, DescriptorMode mode, LeaseUse by, ChannelLease.Call call, LeaseUse other)
            throws IOException {
        for (int i = from; i < leases.size(); i++) {
            Object lock = leases.get(i).modeLock();
            if (lock != null) {
                synchronized (lock) {
                    return underModeLocks(i + 1, mode, by, call, other);
                }
            }
        }
        return mode.underModeLocks(by, call, other);
    }
}
