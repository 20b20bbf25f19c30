package io.zerocopy.linux.internal;

import io.zerocopy.spi.Facts;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/** What planners are told of a {@link ChannelLease}'s descriptor; made once for each mode of the channel. Thread-safe. */
final class LeaseFacts {
    private final ChannelLease lease;
    private volatile boolean unconnected; // when it was last looked at; its facts are not final then
    private volatile Facts blocking;
    private volatile Facts nonBlocking; // null before they were asked for

    LeaseFacts(ChannelLease lease, Channel channel) {
        this.lease = lease;
        this.unconnected = channel instanceof SocketChannel socket && !socket.isConnected();
        this.blocking = facts(true, "", "");
    }

    /** Says where it lies: the file system's type, or that the peer is on this machine. */
    void in(String fileSystem) {
        blocking = facts(true, fileSystem, blocking.copiesBecause());
    }

    /** Remembers that there is no use in sending from memory in place here. */
    void copies(String because) {
        blocking = facts(true, blocking.fileSystem(), because);
    }

    /** Facts as of now: a socket may have been connected since it was first seen. */
    Facts now(Channel channel) {
        if (unconnected && channel instanceof SocketChannel socket && socket.isConnected()) {
            in(DescriptorInspection.isLoopback(channel) ? ChannelLease.LOOPBACK : "");
            unconnected = false;
        }
        Facts known = blocking;
        return !(channel instanceof SelectableChannel selectable) || selectable.isBlocking()
                ? known
                : nonBlocking(known.fileSystem(), known.copiesBecause());
    }

    private Facts nonBlocking(String fileSystem, String copiesBecause) {
        Facts known = nonBlocking;
        if (known == null
                || !known.copiesBecause().equals(copiesBecause)
                || !known.fileSystem().equals(fileSystem)) {
            known = facts(false, fileSystem, copiesBecause);
            nonBlocking = known;
        }
        return known;
    }

    private Facts facts(boolean blocks, String fileSystem, String copiesBecause) {
        Inode inode = lease.inode();
        return new Facts(
                lease.kind(),
                -1,
                lease.append(),
                blocks,
                true,
                inode.device(),
                inode.number(),
                fileSystem,
                copiesBecause,
                lease.isDirect());
    }
}
