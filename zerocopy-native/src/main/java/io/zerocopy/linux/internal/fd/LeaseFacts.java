package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.spi.EndpointFacts;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/**
 * The facts about a {@link ChannelLease}'s descriptor for planners; made once for each mode of the channel.
 * Thread-safe.
 */
final class LeaseFacts {
    private final ChannelLease lease;
    private volatile boolean unconnected; // at the last look; the facts are not final then
    private volatile EndpointFacts blocking;
    private volatile EndpointFacts nonBlocking; // null until they are asked for

    LeaseFacts(ChannelLease lease, Channel channel) {
        this.lease = lease;
        this.unconnected = channel instanceof SocketChannel socket && !socket.isConnected();
        this.blocking = facts(true, "", "");
    }

    /** Sets where the descriptor's file lies: the file system's type, or that the peer is on this machine. */
    void in(String fileSystem) {
        blocking = facts(true, fileSystem, blocking.zerocopyRefusal());
    }

    String fileSystem() {
        return blocking.fileSystem();
    }

    /** Remembers that sends from memory in place have no advantage here. */
    void copies(String because) {
        blocking = facts(true, blocking.fileSystem(), because);
    }

    /** The current facts: a socket may have been connected since it was first seen. */
    EndpointFacts now(Channel channel) {
        if (unconnected && channel instanceof SocketChannel socket && socket.isConnected()) {
            in(DescriptorInspection.isLoopback(channel) ? ChannelLease.LOOPBACK : "");
            unconnected = false;
        }
        EndpointFacts known = blocking;
        return !(channel instanceof SelectableChannel selectable) || selectable.isBlocking()
                ? known
                : nonBlocking(known.fileSystem(), known.zerocopyRefusal());
    }

    private EndpointFacts nonBlocking(String fileSystem, String zerocopyRefusal) {
        EndpointFacts known = nonBlocking;
        if (known == null
                || !known.zerocopyRefusal().equals(zerocopyRefusal)
                || !known.fileSystem().equals(fileSystem)) {
            known = facts(false, fileSystem, zerocopyRefusal);
            nonBlocking = known;
        }
        return known;
    }

    private EndpointFacts facts(boolean blocks, String fileSystem, String zerocopyRefusal) {
        FileStatus status = lease.inode();
        return new EndpointFacts(
                        lease.kind(), -1, lease.append(), blocks, true, status.device(), status.number(), fileSystem)
                .withZerocopyRefusal(zerocopyRefusal)
                .withDirect(lease.isDirect());
    }
}
