package io.zerocopy.tests.servers;

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
 * A thread for each connection, and blocking calls in it: the server to write where threads cost nothing. A transfer
 * that waits on a virtual thread does not hold the thread that carries it, so thousands share a few.
 *
 * <p><b>Closing</b> closes the channels of all connections. That wakes whoever waits in a transfer or in the JDK, so no
 * thread needs to be interrupted.
 */
public final class VirtualThreadServer implements Closeable {
    /** What is done with a connection; it is closed afterwards, and a failure ends nothing else. */
    @FunctionalInterface
    public interface Service {
        /**
         * Serves a client to the end.
         *
         * @param client a channel in blocking mode
         * @throws IOException if the client is gone
         */
        void serve(SocketChannel client) throws IOException;
    }

    /** Sends back what comes, until the client ends its output. */
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
     * Binds.
     *
     * @param listen where
     * @param service what to do with a connection
     * @param threads gives each connection a thread; {@link #virtualThreads()}, or a pool where there are none. Stays the
     *     caller's
     * @return a server that listens, and serves once it is run
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
     * Finds {@code Executors.newVirtualThreadPerTaskExecutor()}, which code for Java 17 cannot name.
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

    /** Where it listens. */
    public SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    /**
     * Accepts until {@link #close()}.
     *
     * @throws IOException if no more can be accepted
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
                end(client); // close() may have looked before this one was there
            }
        }
    }

    private void serve(SocketChannel client) {
        try {
            service.serve(client);
        } catch (IOException gone) {
            // the client's own doing, or that of close()
        } finally {
            end(client);
        }
    }

    private void end(SocketChannel client) {
        clients.remove(client);
        try {
            client.close();
        } catch (IOException gone) {
            // it is closed all the same
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        clients.forEach(this::end);
    }
}
