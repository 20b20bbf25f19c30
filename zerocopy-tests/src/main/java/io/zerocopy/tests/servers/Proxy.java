package io.zerocopy.tests.servers;

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
 * A relay for TCP and Unix-domain sockets on one thread: whoever connects to it is connected to the target, and what
 * either sends, the other gets, without the bytes entering the JVM where the kernel allows that.
 *
 * <p>The thread waits in one place, {@code select}. Three things are worth a turn: a channel that is ready for what a
 * {@link ProxyConnection} waits for; a connection that has moved its fair chunk and could move more; and time, for those
 * that are idle too long or try to connect again. All that is known of a connection's wishes is what its transfers said
 * last, so a wake-up that nothing came of does not happen.
 *
 * <p>A connection that fails, ends that one. When the process has no descriptor left, accepting rests until a connection
 * has ended, or for a moment.
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

    /** The open ones, the one that has been idle for longest first. */
    private final LinkedHashSet<ProxyConnection> connections = new LinkedHashSet<>();

    /** Those that could move more at once. */
    private final ArrayDeque<ProxyConnection> eager = new ArrayDeque<>();

    /** Those for which the target had no room, in the order in which they asked. */
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
     * Binds a proxy, which accepts connections from then on and serves them once it runs.
     *
     * @param listen where to listen: an Internet address, port 0 for any, or the name of a Unix-domain socket to make
     * @param target where to connect to
     * @param idleTimeout ends a connection on which no byte has moved for so long; zero for never
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
     * Tells where it listens.
     *
     * @return the address, with the port that was picked
     */
    public SocketAddress address() {
        return address;
    }

    /**
     * Tells what it has done so far, on any thread.
     *
     * @return its counters, which go on counting
     */
    public ProxyCounts counts() {
        return counts;
    }

    /**
     * Serves on this thread until {@link #close()} or an interrupt, which stays set. Then everything is closed.
     *
     * @throws IOException if it cannot wait for its channels any more
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

    /** One turn for each of those that had more to move; who still has, comes after everybody who is ready. */
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

    /** A byte has moved: of all, this one has been idle for the shortest time. */
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

    /** It has closed its channels; whoever waits for a descriptor may have one now. */
    void ended(ProxyConnection connection) {
        connections.remove(connection);
        acceptAt = System.nanoTime();
    }

    /** Ends {@link #run()}, which closes everything; before it runs, closes everything at once. Any thread may call it. */
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
