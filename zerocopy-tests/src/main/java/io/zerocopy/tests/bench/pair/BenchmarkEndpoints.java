package io.zerocopy.tests.bench.pair;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;

/**
 * Both ends of a contestant inside this JVM. Every transfer reads and writes files from their start; streams continue.
 *
 * @param source a channel, a buffer or a path
 * @param target a channel or a path
 */
public record BenchmarkEndpoints(Object source, Object target) implements Closeable {
    /** Opens both ends of a case. */
    public static BenchmarkEndpoints open(BenchmarkCase pair, Lanes.Lane lane) throws IOException {
        Object source = source(pair, lane);
        try {
            return new BenchmarkEndpoints(source, target(pair, lane));
        } catch (IOException | RuntimeException e) {
            close(source);
            throw e;
        }
    }

    /** Opens both files for direct I/O through the JDK. */
    public static BenchmarkEndpoints direct(Lanes.Lane lane) throws IOException {
        FileChannel source = FileChannel.open(lane.source(), StandardOpenOption.READ, directOption());
        try {
            return new BenchmarkEndpoints(
                    source,
                    FileChannel.open(
                            lane.target(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, directOption()));
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** Finds the option by its name, because newer compilers warn that it is internal, and warnings are errors here. */
    private static OpenOption directOption() throws IOException {
        try {
            return (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption")
                    .getField("DIRECT")
                    .get(null);
        } catch (ReflectiveOperationException elsewhere) {
            throw new IOException("this JDK has no ExtendedOpenOption.DIRECT", elsewhere);
        }
    }

    private static Object source(BenchmarkCase pair, Lanes.Lane lane) throws IOException {
        switch (pair.source()) {
            case TCP:
                return connect(lane.sourcePort());
            case MEMORY:
                try (FileChannel file = FileChannel.open(lane.source())) {
                    ByteBuffer memory = ByteBuffer.allocateDirect((int) file.size());
                    while (memory.hasRemaining()) {
                        file.read(memory);
                    }
                    return memory.flip();
                }
            case PATH:
                return lane.source();
            default:
                return FileChannel.open(lane.source());
        }
    }

    private static Object target(BenchmarkCase pair, Lanes.Lane lane) throws IOException {
        switch (pair.target()) {
            case TCP:
                return connect(lane.targetPort());
            case PATH:
                return lane.target();
            case PIPE:
                return FileChannel.open(lane.target(), StandardOpenOption.WRITE);
            default:
                return FileChannel.open(lane.target(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
    }

    private static SocketChannel connect(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public ReadableByteChannel in() {
        return (ReadableByteChannel) source;
    }

    public WritableByteChannel out() {
        return (WritableByteChannel) target;
    }

    public FileChannel fileIn() {
        return (FileChannel) source;
    }

    public FileChannel fileOut() {
        return (FileChannel) target;
    }

    private static void close(Object end) throws IOException {
        if (end instanceof Closeable closeable) {
            closeable.close();
        }
    }

    @Override
    public void close() throws IOException {
        close(source);
        close(target);
    }
}
