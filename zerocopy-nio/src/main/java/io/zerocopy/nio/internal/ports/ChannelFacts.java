package io.zerocopy.nio.internal.ports;

import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
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

    static EndpointFacts of(Channel channel) {
        boolean blocking = !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
        return EndpointFacts.of(kind(channel), -1, blocking);
    }

    /** Only the JDK's own channels are known to pass bytes on unchanged. */
    private static EndpointKind kind(Channel channel) {
        if (!JdkChannels.isOfJdk(channel)) {
            return EndpointKind.OPAQUE;
        }
        if (channel instanceof SocketChannel socket) {
            return isUnix(socket) ? EndpointKind.UNIX : EndpointKind.TCP;
        }
        boolean pipe = channel instanceof Pipe.SourceChannel || channel instanceof Pipe.SinkChannel;
        return pipe ? EndpointKind.PIPE : EndpointKind.OPAQUE;
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
