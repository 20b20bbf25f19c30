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
 * Where one transfer of a soak takes place: its files on one of a few file systems, its sockets, its peers on other
 * threads, and all that has to be closed.
 */
final class SoakPlace implements AutoCloseable {
    private static final AtomicLong NAMES = new AtomicLong();

    /** One for each worker: a port for every connection would soon be all ports that there are. */
    private static final ThreadLocal<ServerSocketChannel> TCP_SERVER = new ThreadLocal<>();

    private final ExecutorService peers;
    private final List<Path> directories;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Deque<Path> files = new ArrayDeque<>();
    private final Deque<Future<?>> started = new ArrayDeque<>();

    /** A place; the first of the directories is used most. */
    SoakPlace(ExecutorService peers, List<Path> directories) {
        this.peers = peers;
        this.directories = directories;
    }

    <T extends AutoCloseable> T keep(T closeable) {
        open.push(closeable);
        return closeable;
    }

    /** Runs something beside; closing waits for it. */
    <T> Future<T> peer(Callable<T> work) {
        Future<T> future = peers.submit(work);
        started.push(future);
        return future;
    }

    /** The name of a file that is not there yet, and is gone afterwards. */
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

    /** Closes what this thread has accepted connections with. */
    static void closeServer() throws IOException {
        if (TCP_SERVER.get() != null) {
            TCP_SERVER.get().close();
            TCP_SERVER.remove();
        }
    }

    /**
     * Two connected sockets. The second was accepted, and is who closes first, so that what TCP remembers of the connection
     * holds the server's port and not another one.
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

    /** Waits although it may be interrupted meanwhile, by whom it waits for. */
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
