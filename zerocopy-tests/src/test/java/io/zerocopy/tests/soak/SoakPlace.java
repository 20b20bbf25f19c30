package io.zerocopy.tests.soak;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The place of one transfer of a soak: its files on one of a few file systems, its sockets, its peers on other threads,
 * and all that must be closed.
 */
final class SoakPlace implements AutoCloseable {
    private static final AtomicLong NAMES = new AtomicLong();

    /** One server socket for each worker: with one for every connection, no ports would soon be left. */
    private static final ThreadLocal<ServerSocketChannel> TCP_SERVER = new ThreadLocal<>();

    private final ExecutorService peers;
    private final List<Path> directories;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Deque<Path> files = new ArrayDeque<>();
    private final Deque<Future<?>> started = new ArrayDeque<>();

    /** Creates a place; the first of the directories is used most. */
    SoakPlace(ExecutorService peers, List<Path> directories) {
        this.peers = peers;
        this.directories = directories;
    }

    <T extends AutoCloseable> T keep(T closeable) {
        open.push(closeable);
        return closeable;
    }

    /** Runs something in parallel; closing waits for it. */
    <T> Future<T> peer(Callable<T> work) {
        Future<T> future = peers.submit(work);
        started.push(future);
        return future;
    }

    /** Returns the name of a file that does not exist yet, and is deleted at the end. */
    Path file(Random random) {
        Path directory = directories.get(random.nextInt(3) > 0 ? 0 : random.nextInt(directories.size()));
        Path file = directory.resolve("f" + NAMES.incrementAndGet());
        files.push(file);
        return file;
    }

    private static ServerSocketChannel server() throws IOException {
        ServerSocketChannel server = TCP_SERVER.get();
        if (server == null) {
            server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            TCP_SERVER.set(server);
        }
        return server;
    }

    /** Closes the server socket of this thread. */
    static void closeServer() throws IOException {
        if (TCP_SERVER.get() != null) {
            TCP_SERVER.get().close();
            TCP_SERVER.remove();
        }
    }

    /**
     * Returns two connected sockets. The second one was accepted, and is closed first. So TCP keeps the server's port,
     * and no other one, in use after the connection.
     */
    SocketChannel[] tcp() throws IOException {
        return pair(server());
    }

    SocketChannel[] unix() throws IOException {
        Path name = directories.get(0).resolve("s" + NAMES.incrementAndGet());
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(name))) {
            return pair(server);
        } finally {
            Files.deleteIfExists(name);
        }
    }

    private SocketChannel[] pair(ServerSocketChannel server) throws IOException {
        SocketChannel one = keep(SocketChannel.open(server.getLocalAddress()));
        return new SocketChannel[] {one, keep(server.accept())};
    }

    /** Waits, even if the task that it waits for interrupts this thread. */
    static void joined(Future<?> future) throws Exception {
        while (true) {
            try {
                TestFixture.join(future);
                return;
            } catch (InterruptedException e) {
                Thread.interrupted();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            while (!open.isEmpty()) {
                open.pop().close();
            }
            while (!started.isEmpty()) {
                TestFixture.join(started.pop());
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
