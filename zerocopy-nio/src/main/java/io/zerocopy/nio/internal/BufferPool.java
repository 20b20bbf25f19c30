package io.zerocopy.nio.internal;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * Idle buffers of three sizes, for whoever needs one next. Bounded by bytes: a buffer that comes back when the bound is
 * reached is left to the collector. Nothing is kept per thread, since a thread that copied once would hold its buffer
 * for ever; the last buffer given is the next one taken, since it is still in the processor's cache. Thread-safe.
 */
public final class BufferPool {
    /** One default pipe, and what a small transfer or one write of a heap buffer needs. */
    public static final int SMALL = 64 << 10;

    /** Sockets and streams: about what a socket's buffers take at once, so more would only wait in the JVM. */
    public static final int MEDIUM = 256 << 10;

    /** File to file: here a call costs as much as copying some 10 KiB, so 1 MiB makes it vanish. */
    public static final int LARGE = 1 << 20;

    private static final int[] CAPACITIES = {SMALL, MEDIUM, LARGE};

    /** Buffers outside the heap; 16 MiB serve 64 transfers to sockets at a time without a new allocation. */
    public static final BufferPool DIRECT = new BufferPool(ByteBuffer::allocateDirect, 16 << 20);

    /** Buffers with arrays, for streams; allocating these is cheap, so few are kept. */
    public static final BufferPool HEAP = new BufferPool(ByteBuffer::allocate, 4 << 20);

    private final IntFunction<ByteBuffer> allocator;
    private final long maxIdleBytes;
    private final ByteBuffer[][] idle = new ByteBuffer[CAPACITIES.length][];
    private final int[] counts = new int[CAPACITIES.length];
    private long idleBytes;

    BufferPool(IntFunction<ByteBuffer> allocator, long maxIdleBytes) {
        this.allocator = allocator;
        this.maxIdleBytes = maxIdleBytes;
        for (int i = 0; i < CAPACITIES.length; i++) {
            idle[i] = new ByteBuffer[(int) (maxIdleBytes / CAPACITIES[i])];
        }
    }

    /** Takes the smallest buffer that holds {@code wanted} bytes, or the largest there is; it is cleared. */
    public ByteBuffer take(long wanted) {
        int size = 0;
        while (size < CAPACITIES.length - 1 && CAPACITIES[size] < wanted) {
            size++;
        }
        synchronized (this) {
            if (counts[size] > 0) {
                ByteBuffer buffer = idle[size][--counts[size]];
                idle[size][counts[size]] = null;
                idleBytes -= buffer.capacity();
                return buffer.clear();
            }
        }
        return allocator.apply(CAPACITIES[size]);
    }

    /** Gives a buffer back; null is nothing. Giving one twice would hand it to two owners, so that is refused. */
    public void give(ByteBuffer buffer) {
        if (buffer == null) {
            return;
        }
        int size = 0;
        while (CAPACITIES[size] != buffer.capacity()) {
            size++;
        }
        synchronized (this) {
            for (int i = 0; i < counts[size]; i++) {
                if (idle[size][i] == buffer) {
                    throw new IllegalStateException("the buffer is in the pool already");
                }
            }
            if (idleBytes + buffer.capacity() <= maxIdleBytes) {
                idle[size][counts[size]++] = buffer;
                idleBytes += buffer.capacity();
            }
        }
    }

    synchronized long idleBytes() {
        return idleBytes;
    }
}
