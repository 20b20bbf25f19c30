package io.zerocopy.linux.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/** Channels of every kind to have ports over; closed and removed together. */
final class Ends implements Closeable {
    /** So long that a machine which is slow and busy besides does not reach it; only what never comes does. */
    static final long DEADLINE_SECONDS = 300;

    private final Deque<Closeable> open = new ArrayDeque<>();

    <T extends Closeable> T keep(T closeable) {
        open.push(closeable);
        return closeable;
    }

    SocketChannel[] tcp() throws IOException {
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            SocketChannel one = keep(SocketChannel.open(server.getLocalAddress()));
            return new SocketChannel[] {one, keep(server.accept())};
        }
    }

    Pipe pipe() throws IOException {
        Pipe pipe = Pipe.open();
        keep(pipe.source());
        keep(pipe.sink());
        return pipe;
    }

    Path path() throws IOException {
        Path path = Files.createTempFile("zerocopy", null);
        keep(() -> Files.deleteIfExists(path));
        return path;
    }

    /** A file of so many bytes, open for both. */
    FileChannel file(int size) throws IOException {
        Path path = path();
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) i;
        }
        Files.write(path, content);
        return keep(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    static Strategy strategy(Kernel kernel, Mechanism mechanism) {
        return kernel.strategies().stream()
                .filter(strategy -> strategy.mechanism() == mechanism)
                .findFirst()
                .orElseThrow();
    }

    /** A step machine over two channels, which have been acquired. */
    Mover mover(Kernel kernel, Mechanism mechanism, Closeable source, Closeable target) throws IOException {
        Source from = kernel.source(source);
        Target to = kernel.target(target);
        from.acquire();
        keep(from::release);
        to.acquire();
        keep(to::release);
        Request request = new Request(0, 0, Long.MAX_VALUE, true, Preference.REQUIRE);
        return keep(strategy(kernel, mechanism).open(from, to, request));
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
