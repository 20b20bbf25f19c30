package io.zerocopy.internal.endpoint;

import io.zerocopy.spi.Endpoint;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Names an end for messages: the path that the caller gave, the peer's address, or the name from the port. Looks up no
 * host name, calls no foreign code, and calls no closed channel.
 */
final class EndName {
    private EndName() {}

    /** The name of an end; {@code port} is null if it does not exist yet. */
    static String of(Object named, Endpoint port) {
        if (named instanceof Path path) {
            return path.toString();
        }
        Object end = port == null ? named : port.channel();
        String peer = end instanceof Channel channel ? peer(channel) : null;
        if (peer != null) {
            return peer;
        }
        return port == null ? named.getClass().getName() : port.name();
    }

    /**
     * The address of a socket's peer, or its own address if the peer has none; null if it is not a socket, or is
     * closed.
     */
    private static String peer(Channel channel) {
        boolean ofJdk = channel.getClass().getModule() == Object.class.getModule();
        if (!ofJdk || !(channel instanceof SocketChannel socket) || !socket.isOpen()) {
            return null;
        }
        try {
            SocketAddress remote = socket.getRemoteAddress();
            String text = text(remote);
            return text == null && remote instanceof UnixDomainSocketAddress ? text(socket.getLocalAddress()) : text;
        } catch (IOException | SecurityException closed) {
            return null;
        }
    }

    /** An internet address contains a host name only if the caller gave one; the name is never looked up. */
    private static String text(SocketAddress address) {
        String text = address == null ? "" : address.toString();
        return text.isEmpty() ? null : text;
    }
}
