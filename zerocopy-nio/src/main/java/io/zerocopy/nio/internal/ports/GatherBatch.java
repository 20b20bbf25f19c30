package io.zerocopy.nio.internal.ports;

import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.internal.memory.BufferSizes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Arrays;

/**
 * Writes any buffers to a JDK channel with one gathered call. Direct buffers are written as they are. Heap buffers are
 * copied into one pooled direct buffer, and slices of it take their places, so that one call still carries everything
 * in order.
 */
final class GatherBatch implements Closeable {
    /** IOV_MAX of Linux; the JDK ignores any buffers beyond it. */
    static final int MAX_BUFFERS = 1024;

    private final TargetPort port;
    private final ByteBuffer[] batch = new ByteBuffer[MAX_BUFFERS];
    private final ByteBuffer[] views = new ByteBuffer[MAX_BUFFERS];
    private final int[] offered = new int[MAX_BUFFERS]; // bytes of each source that are in the batch
    private ByteBuffer staging;
    private int size;
    private int viewCount;

    GatherBatch(TargetPort port) {
        this.port = port;
    }

    /**
     * Writes once; the sources' positions advance by the bytes written. Returns a count; 0 if the channel takes nothing
     * now.
     */
    long write(GatheringByteChannel channel, ByteBuffer[] sources, int from, int to) throws IOException {
        port.tellFailure();
        int end = Math.min(to, from + MAX_BUFFERS);
        if (allDirect(sources, from, end)) {
            return writeTold(channel, sources, from, end - from);
        }
        fill(sources, from, end);
        long written = writeTold(channel, batch, 0, size);
        long left = written;
        for (int i = from; left > 0; i++) {
            int n = (int) Math.min(left, offered[i - from]);
            if (!sources[i].isDirect()) {
                sources[i].position(sources[i].position() + n);
            }
            left -= n;
        }
        return written;
    }

    /** As with one buffer, the positions show how much was written before an interrupt made the JDK throw. */
    private long writeTold(GatheringByteChannel channel, ByteBuffer[] all, int from, int count) throws IOException {
        long before = remaining(all, from, count);
        try {
            return channel.write(all, from, count);
        } catch (IOException e) {
            return port.taken(before - remaining(all, from, count), e);
        }
    }

    private static long remaining(ByteBuffer[] all, int from, int count) {
        long sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += all[i].remaining();
        }
        return sum;
    }

    private static boolean allDirect(ByteBuffer[] sources, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!sources[i].isDirect() && sources[i].hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    /** Invariant: the batch holds the first bytes of the sources in order, without a gap. */
    private void fill(ByteBuffer[] sources, int from, int to) {
        if (staging == null) {
            staging = BufferPool.DIRECT.take(BufferSizes.MEDIUM);
        }
        staging.clear();
        size = 0;
        viewCount = 0;
        boolean afterHeap = false;
        for (int i = from; i < to; i++) {
            ByteBuffer source = sources[i];
            int n = source.isDirect() ? source.remaining() : Math.min(source.remaining(), staging.remaining());
            offered[i - from] = n;
            if (source.isDirect()) {
                batch[size++] = source;
                afterHeap = false;
            } else if (n > 0) {
                stage(source, n, afterHeap);
                afterHeap = true;
            }
            if (n < source.remaining()) {
                return;
            }
        }
    }

    private void stage(ByteBuffer source, int n, boolean extend) {
        int start = staging.position();
        staging.put(start, source, source.position(), n).position(start + n);
        if (extend) {
            batch[size - 1].limit(start + n);
            return;
        }
        if (views[viewCount] == null) {
            views[viewCount] = staging.duplicate();
        }
        batch[size++] = views[viewCount++].clear().limit(start + n).position(start);
    }

    /** Releases the memory; the batch can be used again. */
    @Override
    public void close() {
        BufferPool.DIRECT.give(staging);
        staging = null;
        Arrays.fill(views, null);
        Arrays.fill(batch, null);
    }
}
