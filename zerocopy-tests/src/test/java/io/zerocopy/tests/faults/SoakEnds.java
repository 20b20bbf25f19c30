package io.zerocopy.tests.faults;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.contract.Content;
import io.zerocopy.tests.contract.Rig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The two ends of one transfer of a soak: a source that holds bytes of a content from some offset on, a target whose other
 * side counts and checks what arrives, and all that has to be closed.
 */
final class SoakEnds implements AutoCloseable {
    /** What an end can be. */
    enum End {
        FILE,
        PIPE,
        TCP,
        UNIX,
        MEMORY
    }

    private static final AtomicLong NAMES = new AtomicLong();

    private final ExecutorService peers;
    private final Path directory;
    private final long base;
    private final int size;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Deque<Path> files = new ArrayDeque<>();
    private ReadableByteChannel source;
    private WritableByteChannel target;
    private SocketChannel targetPeer;
    private Path targetFile;
    private Future<Integer> arrived;
    private Future<?> fed;
    private ByteBuffer memory;
    private volatile int resetAfter = Integer.MAX_VALUE;

    /** Makes no end yet; {@code base} is where in the content the source begins. */
    SoakEnds(ExecutorService peers, Path directory, long base, int size) {
        this.peers = peers;
        this.directory = directory;
        this.base = base;
        this.size = size;
    }

    byte[] expected(int from, int count) {
        return Content.PATTERN.bytes(base + from, count);
    }

    Transfer.Builder from(End kind) throws IOException {
        switch (kind) {
            case MEMORY -> {
                memory = ByteBuffer.allocateDirect(size).put(expected(0, size)).flip();
                return Transfers.from(memory);
            }
            case FILE -> {
                Path file = Files.write(file(), expected(0, size));
                source = keep(FileChannel.open(file));
            }
            case PIPE -> {
                Pipe pipe = Pipe.open();
                source = keep(pipe.source());
                feed(keep(pipe.sink()));
            }
            default -> {
                SocketChannel[] pair = pair(kind);
                source = pair[0];
                feed(pair[1]);
            }
        }
        return Transfers.from(source);
    }

    Transfer.Builder to(End kind, Transfer.Builder builder) throws IOException {
        switch (kind) {
            case FILE -> {
                targetFile = file();
                target = keep(FileChannel.open(targetFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            }
            case PIPE -> {
                Pipe pipe = Pipe.open();
                target = keep(pipe.sink());
                drain(keep(pipe.source()));
            }
            default -> {
                SocketChannel[] pair = pair(kind);
                target = pair[1];
                targetPeer = pair[0];
                drain(pair[0]);
            }
        }
        return builder.to(target);
    }

    private Path file() throws IOException {
        Path file = Files.createTempFile(directory, "soak", null);
        files.add(file);
        return file;
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        open.push(closeable);
        return closeable;
    }

    /** One for each worker: a port for every connection would soon be all ports that there are. */
    private static final ThreadLocal<ServerSocketChannel> TCP_SERVER = new ThreadLocal<>();

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
    private SocketChannel[] pair(End kind) throws IOException {
        if (kind == End.TCP) {
            return pair(server());
        }
        Path name = directory.resolve("s" + NAMES.incrementAndGet());
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

    /** What cannot be written any more was not to be read: the transfer has ended early, and its test looks at the rest. */
    private void feed(WritableByteChannel out) {
        fed = peers.submit((Callable<Void>) () -> {
            try (out) {
                ByteBuffer all = ByteBuffer.wrap(expected(0, size));
                while (all.hasRemaining()) {
                    out.write(all);
                }
            } catch (IOException gone) {
                return null;
            }
            return null;
        });
    }

    private void drain(ReadableByteChannel in) {
        arrived = peers.submit(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            int count = 0;
            try {
                while (count < resetAfter && in.read(buffer.clear()) >= 0) {
                    check(buffer.flip(), count);
                    count += buffer.limit();
                }
                if (count >= resetAfter) {
                    targetPeer.setOption(StandardSocketOptions.SO_LINGER, 0);
                    targetPeer.close();
                }
            } catch (IOException reset) {
                return count;
            }
            return count;
        });
    }

    private void check(ByteBuffer got, int at) {
        byte[] bytes = new byte[got.remaining()];
        got.get(bytes);
        int wrong = java.util.Arrays.mismatch(bytes, expected(at, bytes.length));
        if (wrong >= 0) {
            throw new AssertionError("byte " + (at + wrong) + " of " + size + " is not the source's");
        }
    }

    Channel source() {
        return source;
    }

    Channel target() {
        return target;
    }

    void nonBlocking() throws IOException {
        for (Channel channel : new Channel[] {source, target}) {
            if (channel instanceof SelectableChannel selectable) {
                selectable.configureBlocking(false);
            }
        }
    }

    /** Has the target's peer reset the connection once it has read so much. */
    void resetAfter(int count) {
        resetAfter = count;
    }

    /** How much was taken from memory; -1 where the source is none. */
    int takenFromMemory() {
        return memory == null ? -1 : memory.position();
    }

    /** Closes the target and tells what came out at its other side, every byte checked. */
    int arrived() throws Exception {
        target.close();
        if (targetFile != null) {
            byte[] bytes = Files.readAllBytes(targetFile);
            check(ByteBuffer.wrap(bytes), 0);
            return bytes.length;
        }
        return Rig.join(arrived);
    }

    /** Reads what is left in an open source that is a stream, and checks it: it continues behind what was taken. */
    int rest(int taken) throws IOException {
        if (source instanceof SelectableChannel selectable) {
            selectable.configureBlocking(true);
        }
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        int count = taken;
        while (source.read(buffer.clear()) >= 0) {
            check(buffer.flip(), count);
            count += buffer.limit();
        }
        return count - taken;
    }

    @Override
    public void close() throws IOException {
        try {
            while (!open.isEmpty()) {
                open.pop().close();
            }
            if (fed != null) {
                Rig.join(fed);
            }
            if (arrived != null) {
                Rig.join(arrived);
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
