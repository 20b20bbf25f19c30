package io.zerocopy.internal.endpoint;

import io.zerocopy.spi.Endpoint;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Names an end for messages: the path that the caller gave, the peer's address, or what the port knows. No host name is
 * looked up, no code of others is called, and no closed channel is asked.
 */
final class EndName {
    private EndName() {}

    /** The name of an end; {@code port} may be null before it is there. */
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

    /** The address of a socket's peer, or its own where the peer has none; null if it is no socket, or closed. */
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

    /** An internet address has a host name in it only if the caller has given one: it is never looked up. */
    private static String text(SocketAddress address) {
        String text = address == null ? "" : address.toString();
        return text.isEmpty() ? null : text;
    }
}
