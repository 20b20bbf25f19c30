package io.zerocopy.tests.pairs;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * An open source and an open target, with peers that feed the source and drain the target on their own threads.
 * {@link Pair#open} creates it for one pass. The bytes are moved on the caller's thread, so the CPU time of that thread
 * is that of the mover alone.
 */
public final class Lane implements Closeable {
    private final Deque<Closeable> open = new ArrayDeque<>();
    private final long size;
    private Object source;
    private Object target;
    private boolean stable;
    private Callable<byte[]> arrived = () -> null;

    Lane(long size) {
        this.size = size;
    }

    long size() {
        return size;
    }

    <T extends Closeable> T keep(T closeable) {
        open.push(closeable);
        return closeable;
    }

    void source(Object end) {
        source = end;
    }

    /** Promises that the source does not change until the receiver has every byte. */
    void promiseStability() {
        stable = true;
    }

    void target(Object end, Callable<byte[]> digest) {
        target = end;
        arrived = digest;
    }

    /** Runs a task in parallel to the mover. */
    static <T> FutureTask<T> beside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "peer");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    static <T> T join(FutureTask<T> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IOException("the peer failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Returns the transfer over this lane. */
    public Transfer transfer() {
        Transfer.Builder builder;
        if (source instanceof ByteBuffer[] memory) {
            builder = Transfers.from(duplicates(memory));
        } else if (source instanceof InputStream stream) {
            builder = Transfers.from(stream);
        } else if (source instanceof Path path) {
            builder = Transfers.from(path);
        } else {
            builder = Transfers.from((ReadableByteChannel) source);
        }
        if (stable) {
            builder.stableSource();
        }
        if (target instanceof OutputStream stream) {
            return builder.to(stream).build();
        }
        return target instanceof Path path
                ? builder.to(path, StandardOpenOption.WRITE).build()
                : builder.to((WritableByteChannel) target).build();
    }

    private static ByteBuffer[] duplicates(ByteBuffer[] memory) {
        return Arrays.stream(memory).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
    }

    /** Reads and writes with one buffer, as most programs do. Returns how many bytes it moved. */
    public long loop(int bufferSize) throws IOException {
        try (WritableByteChannel opened =
                        target instanceof Path path ? FileChannel.open(path, StandardOpenOption.WRITE) : null;
                ReadableByteChannel openedSource = source instanceof Path path ? FileChannel.open(path) : null) {
            WritableByteChannel out = opened != null
                    ? opened
                    : target instanceof OutputStream stream
                            ? Channels.newChannel(stream)
                            : (WritableByteChannel) target;
            if (source instanceof ByteBuffer[] memory) {
                return loop(memory, out, bufferSize);
            }
            ReadableByteChannel in = openedSource != null
                    ? openedSource
                    : source instanceof InputStream stream ? Channels.newChannel(stream) : (ReadableByteChannel) source;
            ByteBuffer buffer = ByteBuffer.allocateDirect(bufferSize);
            long moved = 0;
            while (in.read(buffer.clear()) >= 0) {
                moved += writeFully(out, buffer.flip());
            }
            return moved;
        }
    }

    private static long loop(ByteBuffer[] memory, WritableByteChannel out, int bufferSize) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bufferSize);
        long moved = 0;
        for (ByteBuffer rest : duplicates(memory)) {
            while (rest.hasRemaining()) {
                int n = Math.min(bufferSize, rest.remaining());
                buffer.clear().put(0, rest, rest.position(), n).limit(n);
                rest.position(rest.position() + n);
                moved += writeFully(out, buffer);
            }
        }
        return moved;
    }

    private static int writeFully(WritableByteChannel out, ByteBuffer buffer) throws IOException {
        int n = buffer.remaining();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        return n;
    }

    /**
     * Ends the target's stream and waits for its drain. Returns the SHA-256 of the bytes that arrived, or null if they
     * cannot be known.
     */
    public byte[] arrived() throws Exception {
        return arrived.call();
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
