package io.zerocopy.tests.servers.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Accepts connections. If the process has no descriptor left, a client still waits and the listening channel stays
 * ready, so a loop that keeps selecting for it would spin. The acceptor therefore stops selecting for a while. It does
 * the same while the maximum number of connections is open.
 */
final class Acceptor implements Closeable {
    private static final long PAUSE_NANOS = 100_000_000;

    private final ServerSocketChannel server;
    private final SelectionKey key;
    private boolean paused;
    private long pausedUntil;

    Acceptor(Selector selector, SocketAddress listen) throws IOException {
        server = ServerSocketChannel.open();
        try {
            server.bind(listen, 1024);
            server.configureBlocking(false);
            key = server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    boolean owns(SelectionKey ready) {
        return ready == key;
    }

    /** Returns the next client; null if there is none, or if there is no room for one. */
    SocketChannel accept(long now) throws IOException {
        try {
            return server.accept();
        } catch (IOException e) {
            if (!server.isOpen()) {
                throw e;
            }
            paused = true;
            pausedUntil = now + PAUSE_NANOS;
            key.interestOps(0);
            return null;
        }
    }

    /** Starts or stops accepting, depending on whether there is room for one more, and on the time. */
    void review(boolean room, long now) {
        paused = paused && now - pausedUntil < 0;
        int wanted = room && !paused ? SelectionKey.OP_ACCEPT : 0;
        if (key.isValid() && key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    /** Returns the nanoseconds until a pause ends; MAX_VALUE if there is no pause. */
    long untilReview(long now) {
        return paused ? pausedUntil - now : Long.MAX_VALUE;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
