package io.zerocopy.tests.servers.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Relays TCP and Unix-domain sockets on one thread: it connects each client to the target and moves bytes in both
 * directions. If the kernel allows it, the bytes do not enter the JVM.
 *
 * <p>The thread waits in one place, {@code select}. A connection gets a turn for three reasons: a channel is ready for
 * what the {@link ProxyConnection} waits for; it has moved its fair chunk and could move more; or time has passed,
 * because it is idle for too long or tries to connect again. The selected operations always follow the last status of
 * the transfers, so no wake-up is without effect.
 *
 * <p>A failure ends only its own connection. If the process has no descriptor left, accepting pauses until a connection
 * has ended, or for a short time.
 */
public final class Proxy implements Closeable {
    private static final int BACKLOG = 1024;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final ServerSocketChannel server;
    private final SocketAddress address;
    private final BoundName bound; // null where the address is no name
    private final Connector connector;
    private final Duration idleTimeout;
    private final Selector selector;
    private final SelectionKey accepting;
    private final ProxyCounts counts = new ProxyCounts();

    /** The open connections, the one that has been idle for longest first. */
    private final LinkedHashSet<ProxyConnection> connections = new LinkedHashSet<>();

    /** Connections that could move more at once. */
    private final ArrayDeque<ProxyConnection> eager = new ArrayDeque<>();

    /** Connections for which the target had no room, in the order in which they tried. */
    private final ArrayDeque<ProxyConnection> waiting = new ArrayDeque<>();

    private long retryAt;
    private long acceptAt;
    private volatile boolean closed;
    private final AtomicBoolean started = new AtomicBoolean();

    private Proxy(ServerSocketChannel server, SocketAddress target, Duration idleTimeout) throws IOException {
        this.server = server;
        this.address = server.getLocalAddress();
        this.bound = address instanceof UnixDomainSocketAddress unix ? new BoundName(unix.getPath()) : null;
        this.connector = new Connector(target);
        this.idleTimeout = idleTimeout;
        this.selector = Selector.open();
        server.configureBlocking(false);
        this.accepting = server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Binds a proxy. It accepts connections from then on, and serves them when it runs.
     *
     * @param listen where to listen: an Internet address, port 0 for any, or the path of a Unix-domain socket to create
     * @param target the address to connect to
     * @param idleTimeout ends a connection on which no byte has moved for this long; zero for never
     * @return a proxy to {@link #run()}
     * @throws IOException if it cannot listen there, or the target's host is unknown
     */
    public static Proxy open(SocketAddress listen, SocketAddress target, Duration idleTimeout) throws IOException {
        ServerSocketChannel server = listen instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                : ServerSocketChannel.open();
        try {
            return new Proxy(server.bind(listen, BACKLOG), target, idleTimeout);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Returns the address at which it listens.
     *
     * @return the address, with the chosen port
     */
    public SocketAddress address() {
        return address;
    }

    /**
     * Returns what it has done so far. Any thread may call it.
     *
     * @return its counters, which continue to change
     */
    public ProxyCounts counts() {
        return counts;
    }

    /**
     * Serves on this thread until {@link #close()} or an interrupt, which stays set. Then everything is closed.
     *
     * @throws IOException if it can no longer wait for its channels
     */
    public void run() throws IOException {
        if (!started.compareAndSet(false, true)) {
            return; // closed before it could run
        }
        try {
            while (!closed && !Thread.currentThread().isInterrupted()) {
                await();
                for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    if (key == accepting) {
                        accept();
                    } else if (key.isValid()) {
                        ((ProxyConnection) key.attachment()).ready(key);
                    }
                }
                moveMore();
                retry();
                expire();
            }
        } finally {
            release();
        }
    }

    /** The one place where the thread waits. */
    private void await() throws IOException {
        counts.addSelect();
        if (!eager.isEmpty()) {
            selector.selectNow();
            return;
        }
        long now = System.nanoTime();
        long nanos = Long.MAX_VALUE;
        if (!idleTimeout.isZero() && !connections.isEmpty()) {
            nanos = connections.iterator().next().lastMoved() + idleTimeout.toNanos() - now;
        }
        if (!waiting.isEmpty()) {
            nanos = Math.min(nanos, retryAt - now);
        }
        if (accepting.interestOps() == 0) {
            nanos = Math.min(nanos, acceptAt - now);
        }
        if (nanos == Long.MAX_VALUE) {
            selector.select();
        } else {
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos) + 1));
        }
    }

    private void accept() {
        try {
            for (SocketChannel left = server.accept(); left != null; left = server.accept()) {
                ProxyConnection connection = new ProxyConnection(this, left);
                connections.add(connection);
                counts.addAccepted();
                connection.begin();
            }
        } catch (IOException noDescriptor) {
            acceptAt = System.nanoTime() + REST_NANOS;
            accepting.interestOps(0);
        }
    }

    /**
     * Gives one turn to each connection that could move more. If it still can, its next turn comes after all ready
     * connections.
     */
    private void moveMore() {
        for (int turns = eager.size(); turns > 0; turns--) {
            eager.poll().more();
        }
    }

    private void retry() {
        if (!waiting.isEmpty() && System.nanoTime() - retryAt >= 0) {
            for (int turns = waiting.size(); turns > 0; turns--) {
                waiting.poll().begin();
            }
        }
        if (accepting.interestOps() == 0 && System.nanoTime() - acceptAt >= 0) {
            accepting.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private void expire() {
        if (idleTimeout.isZero()) {
            return;
        }
        long before = System.nanoTime() - idleTimeout.toNanos();
        while (!connections.isEmpty()) {
            ProxyConnection first = connections.iterator().next();
            if (first.lastMoved() - before > 0) {
                return;
            }
            first.expire();
        }
    }

    Duration idleTimeout() {
        return idleTimeout;
    }

    Connector connector() {
        return connector;
    }

    Selector selector() {
        return selector;
    }

    /** Records that a byte has moved, so this connection has now been idle for the shortest time. */
    void moved(ProxyConnection connection) {
        connections.remove(connection);
        connections.add(connection);
    }

    void couldMoveMore(ProxyConnection connection) {
        eager.add(connection);
    }

    void wantsToRetry(ProxyConnection connection) {
        if (waiting.isEmpty()) {
            retryAt = System.nanoTime() + RETRY_NANOS;
        }
        waiting.add(connection);
    }

    /** Records that a connection has closed its channels; another one that waits for a descriptor may now get it. */
    void ended(ProxyConnection connection) {
        connections.remove(connection);
        acceptAt = System.nanoTime();
    }

    /**
     * Ends {@link #run()}, which closes everything. Before {@code run()}, closes everything at once. Any thread may
     * call it.
     */
    @Override
    public void close() throws IOException {
        closed = true;
        if (started.compareAndSet(false, true)) {
            release();
        } else {
            selector.wakeup();
        }
    }

    private void release() throws IOException {
        for (ProxyConnection connection : Set.copyOf(connections)) {
            connection.cut();
        }
        selector.close();
        server.close();
        if (bound != null) {
            bound.remove();
        }
    }
}
