package io.zerocopy.tests.servers.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Connects to one address without ever blocking.
 *
 * <p>TCP connects in the background: {@link #start()} returns a pending channel, and {@code OP_CONNECT} shows when to
 * call {@link SocketChannel#finishConnect()}. A Unix-domain socket connects at once, unless the listener's queue is
 * full. Then {@link #start()} returns {@code null}; try again a little later.
 */
final class Connector {
    private final SocketAddress target;

    Connector(SocketAddress target) throws UnknownHostException {
        if (target instanceof InetSocketAddress internet && internet.isUnresolved()) {
            throw new UnknownHostException(internet.getHostString());
        }
        this.target = target;
    }

    /**
     * Starts to connect.
     *
     * @return a non-blocking channel, connected or pending; null if the listener's queue is full now
     * @throws IOException if the target refuses at once, or no more channels can be opened
     */
    SocketChannel start() throws IOException {
        UnixDomainSocketAddress unix = target instanceof UnixDomainSocketAddress name ? name : null;
        SocketChannel channel = unix != null ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            channel.configureBlocking(false);
            sendAtOnce(channel);
            channel.connect(target);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (unix != null && isQueueFull(unix.getPath(), e)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Returns whether a refusal means EAGAIN, for which the JDK has no exception class. The JDK has one if no process
     * listens. The other refusals of unix(7) can be seen from the file: there is no file of that name, no permission to
     * write to it, or it is no socket. A socket of another type cannot be recognised: it is tried again until its
     * connection has been idle for too long.
     */
    static boolean isQueueFull(Path socket, Exception refused) {
        try {
            return refused.getClass() == SocketException.class
                    && Files.isWritable(socket)
                    && Files.readAttributes(socket, BasicFileAttributes.class).isOther();
        } catch (IOException gone) {
            return false;
        }
    }

    /** Turns Nagle's algorithm off: a relay must not delay a small segment that its sender did not delay. */
    static void sendAtOnce(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }
}
