package io.zerocopy.tests.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;

/**
 * Connects to one address without ever blocking.
 *
 * <p>TCP connects in the background: {@link #start()} answers a channel that is pending, and {@code OP_CONNECT} says when
 * to call {@link SocketChannel#finishConnect()}. A Unix-domain socket never does: it connects at once or its listener's
 * queue is full, which here is {@code null}: try again a little later.
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
     * Begins to connect.
     *
     * @return a non-blocking channel, connected or pending; null when there is no room for one just now
     * @throws IOException if the target refuses at once, or no more channels can be opened
     */
    SocketChannel start() throws IOException {
        boolean unix = target instanceof UnixDomainSocketAddress;
        SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        try {
            channel.configureBlocking(false);
            sendAtOnce(channel);
            channel.connect(target);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (unix && isQueueFull(e)) {
                return null;
            }
            throw e;
        }
    }

    /** EAGAIN has no exception of its own in the JDK; where the C library speaks another language, it is a failure. */
    private static boolean isQueueFull(Exception e) {
        return e instanceof SocketException && String.valueOf(e.getMessage()).contains("temporarily unavailable");
    }

    /** A relay must not hold back a small segment that its sender did not hold back. */
    static void sendAtOnce(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }
}
