package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.jdk.JdkFields;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The channels over one open file description, as a rule one: what their owner wants, as far as a channel of the JDK shows
 * it, and the locks under which the JDK sets the mode. Not thread-safe: its {@link DescriptorMode} guards it. Asked at every
 * call: loops go by index, since iterators are garbage until the last compiler has taken them away.
 */
final class LeaseGroup {
    private final List<ChannelLease> leases = new ArrayList<>(1);

    /** Adds one, and forgets those that are closed. */
    void add(ChannelLease lease) {
        leases.removeIf(each -> each.openChannel() == null);
        leases.add(lease);
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

    /** Whether a channel of the JDK shows what the owner wants. */
    boolean isModeShown() {
        for (int i = 0; i < leases.size(); i++) {
            ChannelLease each = leases.get(i);
            if (each.modeLock() != null && each.openChannel() != null) {
                return true;
            }
        }
        return false;
    }

    /** What the owner wants, as far as it is shown; true where it is not. */
    boolean isBlocking() {
        for (int i = 0; i < leases.size(); i++) {
            ChannelLease each = leases.get(i);
            if (each.openChannel() instanceof SelectableChannel selectable && !selectable.isBlocking()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a virtual thread has used one of them. */
    boolean isForcedNonBlocking() {
        for (int i = 0; i < leases.size(); i++) {
            ChannelLease each = leases.get(i);
            Channel channel = each.modeLock() == null ? null : each.openChannel();
            if (channel != null && JdkFields.isForcedNonBlocking(channel)) {
                return true;
            }
        }
        return false;
    }

    /** How many there are, or have been when this was last asked to forget those that are closed. */
    int size() {
        return leases.size();
    }

    /** Under which the JDK sets the mode of one of them; null where it sets none. */
    Object modeLock(int index) {
        return leases.get(index).modeLock();
    }
}
