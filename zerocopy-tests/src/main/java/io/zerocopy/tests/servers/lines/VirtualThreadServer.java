package io.zerocopy.tests.servers.lines;

import io.zerocopy.Transfers;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Serves each connection on its own thread with blocking calls; use it if threads are cheap. A transfer that waits on a
 * virtual thread does not hold its carrier, so thousands of them share a few carriers.
 *
 * <p><b>Closing</b> closes the channels of all connections. This wakes every thread that waits in a transfer or in the
 * JDK, so no thread needs to be interrupted.
 */
public final class VirtualThreadServer implements Closeable {
    /** Serves a connection. The connection is closed afterwards; a failure does not affect others. */
    @FunctionalInterface
    public interface Service {
        /**
         * Serves a client to the end.
         *
         * @param client a channel in blocking mode
         * @throws IOException if the connection fails
         */
        void serve(SocketChannel client) throws IOException;
    }

    /** Sends back every byte, until the client ends its output. */
    public static final Service ECHO = client -> {
        Transfers.copy(client, client);
        client.shutdownOutput();
    };

    private final ServerSocketChannel server;
    private final Service service;
    private final ExecutorService threads;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private VirtualThreadServer(ServerSocketChannel server, Service service, ExecutorService threads) {
        this.server = server;
        this.service = service;
        this.threads = threads;
    }

    /**
     * Binds the server.
     *
     * @param listen the address to listen at
     * @param service serves each connection
     * @param threads provides a thread for each connection: {@link #virtualThreads()}, or a pool if there are none. The
     *     caller closes it
     * @return a server that listens, and serves after {@link #run()} is called
     * @throws IOException if it cannot listen there
     */
    public static VirtualThreadServer open(SocketAddress listen, Service service, ExecutorService threads)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.bind(listen);
            return new VirtualThreadServer(server, service, threads);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Calls {@code Executors.newVirtualThreadPerTaskExecutor()} by reflection, because code for Java 17 cannot name it.
     *
     * @return a new executor
     * @throws UnsupportedOperationException before JDK 21
     */
    public static ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException("there are no virtual threads before JDK 21", e);
        }
    }

    /** Returns the address at which it listens. */
    public SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    /**
     * Accepts connections until {@link #close()}.
     *
     * @throws IOException if no more connections can be accepted
     */
    public void run() throws IOException {
        while (server.isOpen()) {
            SocketChannel client;
            try {
                client = server.accept();
            } catch (ClosedChannelException closed) {
                return;
            }
            clients.add(client);
            try {
                threads.execute(() -> serve(client));
            } catch (RejectedExecutionException ending) {
                end(client);
            }
            if (!server.isOpen()) {
                end(client); // close() may have run before this client was registered
            }
        }
    }

    private void serve(SocketChannel client) {
        try {
            service.serve(client);
        } catch (IOException gone) {
            // caused by the client or by close()
        } finally {
            end(client);
        }
    }

    private void end(SocketChannel client) {
        clients.remove(client);
        try {
            client.close();
        } catch (IOException gone) {
            // it is closed anyway
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        clients.forEach(this::end);
    }
}
