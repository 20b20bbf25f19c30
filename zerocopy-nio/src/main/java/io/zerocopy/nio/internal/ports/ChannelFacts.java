package io.zerocopy.nio.internal.ports;

import io.zerocopy.nio.internal.Channels;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;

/** Describes a channel that is not a file. */
final class ChannelFacts {
    private ChannelFacts() {}

    static Facts of(Channel channel) {
        boolean blocking = !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
        return Facts.of(kind(channel), -1, blocking);
    }

    /** Only the JDK's own channels are known to pass bytes on unchanged. */
    private static Kind kind(Channel channel) {
        if (!Channels.isOfJdk(channel)) {
            return Kind.OPAQUE;
        }
        if (channel instanceof SocketChannel socket) {
            return isUnix(socket) ? Kind.UNIX : Kind.TCP;
        }
        boolean pipe = channel instanceof Pipe.SourceChannel || channel instanceof Pipe.SinkChannel;
        return pipe ? Kind.PIPE : Kind.OPAQUE;
    }

    private static boolean isUnix(SocketChannel socket) {
        try {
            SocketAddress remote = socket.getRemoteAddress();
            return remote instanceof UnixDomainSocketAddress
                    || (remote == null && socket.getLocalAddress() instanceof UnixDomainSocketAddress);
        } catch (IOException closed) {
            return false;
        }
    }
}
