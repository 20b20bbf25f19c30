package io.zerocopy.tests.servers.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Serves the files of a directory over HTTP/1.1, on the one thread that calls {@link #run()}: GET, HEAD, ranges,
 * conditions, keep-alive and pipelining, and PUT if a directory for uploads is set. Bodies never enter the JVM if the
 * kernel can move them itself.
 *
 * <p>The loop is all that a server needs around sessions. It selects, and gives every ready connection one turn. A turn
 * moves at most one fair chunk and returns what to wait for. Take care with {@code NOTHING}: such a connection gets
 * another turn without waiting for its channel, because the bytes may already be in a pipe of the session, which no
 * selector can see.
 *
 * <p>What this is not: no TLS, no compression, no {@code Transfer-Encoding}, no directory listings.
 */
public final class HttpServer implements Closeable {
    private final Builder options;
    private final Site site;
    private final Selector selector;
    private final Acceptor acceptor;
    private final InetSocketAddress address;
    private final IdleList connections;
    private final Deque<SelectionKey> again = new ArrayDeque<>();
    private volatile boolean closed;
    private boolean running;

    private HttpServer(Builder options) throws IOException {
        this.options = options;
        this.site = new Site(
                new FileStore(options.root),
                options.uploads == null ? null : new FileStore(options.uploads),
                options.longestUpload);
        this.connections = new IdleList(options.idleNanos);
        this.selector = Selector.open();
        try {
            this.acceptor = new Acceptor(selector, options.listen);
            this.address = (InetSocketAddress) acceptor.address();
        } catch (IOException | RuntimeException e) {
            selector.close();
            throw e;
        }
    }

    /**
     * Creates a builder with the defaults.
     *
     * @param root the directory whose files are served
     * @return a builder
     */
    public static Builder of(Path root) {
        return new Builder(root);
    }

    /** Returns the address at which it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Serves until {@link #close()}. Then it closes every connection and removes every incomplete upload.
     *
     * @throws IOException if the selector fails; a failure of a connection ends only that connection
     */
    public void run() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            running = true;
        }
        try {
            while (!closed) {
                select();
                serveReady();
                serveAgain();
                long now = options.clock.getAsLong();
                for (Connection idle : connections.expired(now)) {
                    connections.remove(idle);
                    idle.expire();
                }
                acceptor.review(connections.size() < options.mostConnections, now);
            }
        } finally {
            shutDown();
        }
    }

    private void select() throws IOException {
        if (!again.isEmpty()) {
            selector.selectNow();
            return;
        }
        long now = options.clock.getAsLong();
        long nanos = Math.min(connections.untilFirst(now), acceptor.untilReview(now));
        if (nanos == Long.MAX_VALUE) {
            selector.select();
        } else {
            selector.select(Math.max(1, nanos / 1_000_000 + 1));
        }
    }

    private void serveReady() throws IOException {
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
            SelectionKey key = ready.next();
            ready.remove();
            if (acceptor.owns(key)) {
                accept();
            } else if (key.isValid()) {
                turn(key);
            }
        }
    }

    /**
     * Gives one more turn to connections that wait for nothing. If they still wait for nothing, they get the next turn
     * after all others.
     */
    private void serveAgain() throws IOException {
        for (int left = again.size(); left > 0; left--) {
            SelectionKey key = again.remove();
            if (key.isValid()) {
                turn(key);
            }
        }
    }

    private void turn(SelectionKey key) throws IOException {
        Connection connection = (Connection) key.attachment();
        switch (connection.turn()) {
            case READABLE:
                await(key, SelectionKey.OP_READ);
                break;
            case WRITABLE:
                await(key, SelectionKey.OP_WRITE);
                break;
            case NOTHING:
                await(key, 0); // otherwise it would get two turns
                again.add(key);
                break;
            default:
                connections.remove(connection);
                connection.close();
                return;
        }
        connections.note(connection, options.clock.getAsLong());
    }

    private static void await(SelectionKey key, int operation) {
        if (key.interestOps() != operation) {
            key.interestOps(operation);
        }
    }

    private void accept() throws IOException {
        long now = options.clock.getAsLong();
        while (connections.size() < options.mostConnections) {
            SocketChannel channel = acceptor.accept(now);
            if (channel == null) {
                return;
            }
            try {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, !options.nagle);
                Connection connection = new Connection(channel, site, options.longestHead, options.listener);
                channel.register(selector, SelectionKey.OP_READ, connection);
                connections.note(connection, now);
            } catch (IOException gone) { // before any request
                channel.close();
            }
        }
    }

    private void shutDown() throws IOException {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Connection connection) {
                connection.abort();
            }
        }
        acceptor.close();
        selector.close(); // also releases the descriptors of the channels
    }

    /** Ends {@link #run()}, which closes everything. Thread-safe. */
    @Override
    public void close() throws IOException {
        boolean nobodyRuns;
        synchronized (this) {
            nobodyRuns = !running && !closed;
            closed = true;
        }
        if (nobodyRuns) {
            shutDown();
        } else {
            selector.wakeup();
        }
    }

    /** Collects the settings. */
    public static final class Builder {
        private final Path root;
        private Path uploads;
        private InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        private long idleNanos = Duration.ofSeconds(30).toNanos();
        private int longestHead = 16 << 10;
        private long longestUpload = Long.MAX_VALUE - 1;
        private int mostConnections = 10_000;
        private boolean nagle;
        private Consumer<Exchange> listener = exchange -> {};
        private LongSupplier clock = System::nanoTime;

        private Builder(Path root) {
            this.root = Objects.requireNonNull(root, "root");
        }

        /** Sets where to listen; the default is a free port of loopback. */
        public Builder listen(InetSocketAddress at) {
            listen = at;
            return this;
        }

        /** Accepts uploads into this directory: {@code PUT /a/b} creates {@code a/b} below it, if {@code a} exists. */
        public Builder uploads(Path directory) {
            uploads = directory;
            return this;
        }

        /**
         * Limits how long a connection may stay without a complete request or a byte of a body; the default is 30 s.
         */
        public Builder idleTimeout(Duration timeout) {
            idleNanos = timeout.toNanos();
            return this;
        }

        /** Limits the head of a request, in bytes; the default is 16 KiB. Each connection has a buffer of this size. */
        public Builder longestHead(int bytes) {
            longestHead = bytes;
            return this;
        }

        /** Limits the body of an upload, in bytes. */
        public Builder longestUpload(long bytes) {
            longestUpload = bytes;
            return this;
        }

        /** Limits how many connections are served at a time; others wait to be accepted. */
        public Builder mostConnections(int count) {
            mostConnections = count;
            return this;
        }

        /**
         * Leaves Nagle's algorithm on. By default this server turns it off: with it, if a client sends two requests at
         * once, the end of the second response waits until the client acknowledges the end of the first.
         */
        public Builder nagle() {
            nagle = true;
            return this;
        }

        /** Sets the clock, in nanoseconds since some moment; the default is {@link System#nanoTime()}. For tests. */
        Builder clock(LongSupplier nanos) {
            clock = nanos;
            return this;
        }

        /** Sets a listener for every exchange, called on the thread of the loop. */
        public Builder onExchange(Consumer<Exchange> hears) {
            listener = Objects.requireNonNull(hears, "listener");
            return this;
        }

        /**
         * Binds the server.
         *
         * @return a server that listens, and serves after {@link #run()} is called
         * @throws IOException if it cannot listen there, or a directory does not exist
         */
        public HttpServer open() throws IOException {
            return new HttpServer(this);
        }
    }
}
