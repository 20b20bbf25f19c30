package io.zerocopy.internal.memory;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Keeps idle buffers of three sizes for reuse. Bounded by bytes: a buffer that is returned when the bound is reached is
 * left to the garbage collector. Nothing is kept per thread, because a thread that copied once would hold its buffer
 * for ever. The last buffer returned is the next one taken, because it is still in the processor's cache.
 *
 * <p>Idle buffers are held by weak references: when direct memory runs out, the JVM collects garbage before it gives
 * up, and that collection then frees the idle buffers. Thread-safe.
 */
public final class BufferPool {
    private static final int[] CAPACITIES = {BufferSizes.SMALL, BufferSizes.MEDIUM, BufferSizes.LARGE};

    /** Weak references of buffers in use, kept for their return. One thread needs two. */
    private static final int REMEMBERED = 16;

    /** Buffers outside the heap. 16 MiB serve 64 transfers to sockets at the same time without a new allocation. */
    public static final BufferPool DIRECT = new BufferPool(new Direct(), 16 << 20);

    /** Buffers with arrays, for streams. Allocating these is cheap, so few are kept. */
    public static final BufferPool HEAP = new BufferPool(new Heap(), 4 << 20);

    private static final long SCARCE_NANOS = 5_000_000_000L;

    private final IntFunction<ByteBuffer> allocator;
    private final long maxIdleBytes;
    private final List<ArrayList<WeakReference<ByteBuffer>>> idle = new ArrayList<>();
    private final List<WeakReference<ByteBuffer>> lent = new ArrayList<>(); // of the buffers taken last, for reuse
    private int nextLent;
    private long idleBytes;
    private volatile boolean scarce; // the last allocation failed for lack of memory
    private volatile long scarceSince;

    /**
     * A class instead of a method reference: a method reference would initialise the JVM's linker in the first
     * transfer.
     */
    private static final class Direct implements IntFunction<ByteBuffer> {
        @Override
        public ByteBuffer apply(int capacity) {
            return ByteBuffer.allocateDirect(capacity);
        }
    }

    private static final class Heap implements IntFunction<ByteBuffer> {
        @Override
        public ByteBuffer apply(int capacity) {
            return ByteBuffer.allocate(capacity);
        }
    }

    BufferPool(IntFunction<ByteBuffer> allocator, long maxIdleBytes) {
        this.allocator = allocator;
        this.maxIdleBytes = maxIdleBytes;
        for (int capacity : CAPACITIES) {
            idle.add(new ArrayList<>((int) (maxIdleBytes / capacity)));
        }
        lent.addAll(Collections.nCopies(REMEMBERED, null));
    }

    /**
     * Takes the smallest buffer that holds {@code wanted} bytes, or the largest size if none does. If there is no
     * memory for it, takes a smaller one. The buffer is cleared.
     *
     * @param wanted bytes that the caller could use, not negative
     * @return a buffer of at least one byte, never null
     */
    public ByteBuffer take(long wanted) {
        int size = 0;
        while (size < CAPACITIES.length - 1 && CAPACITIES[size] < wanted) {
            size++;
        }
        ByteBuffer idleOne = takeIdle(size);
        if (idleOne == null && isScarce()) {
            idleOne = takeAnyIdle(size);
            size = 0;
        }
        return idleOne != null ? idleOne.clear() : allocate(size);
    }

    /**
     * A failed allocation takes the JDK half a second and a garbage collection, so after one failure none is tried for
     * a while.
     */
    private ByteBuffer allocate(int size) {
        try {
            return allocator.apply(CAPACITIES[size]);
        } catch (OutOfMemoryError e) {
            scarceSince = System.nanoTime();
            scarce = true;
            ByteBuffer other = takeAnyIdle(size);
            if (other != null) {
                return other.clear();
            }
            if (size == 0) {
                throw e;
            }
            return allocator.apply(CAPACITIES[0]);
        }
    }

    private boolean isScarce() {
        scarce = scarce && System.nanoTime() - scarceSince < SCARCE_NANOS;
        return scarce;
    }

    /** Prefers a larger buffer to a smaller one. */
    private ByteBuffer takeAnyIdle(int size) {
        ByteBuffer other = null;
        for (int i = size; i < CAPACITIES.length && other == null; i++) {
            other = takeIdle(i);
        }
        for (int i = size - 1; i >= 0 && other == null; i--) {
            other = takeIdle(i);
        }
        return other;
    }

    private synchronized ByteBuffer takeIdle(int size) {
        List<WeakReference<ByteBuffer>> those = idle.get(size);
        while (!those.isEmpty()) {
            WeakReference<ByteBuffer> reference = those.remove(those.size() - 1);
            idleBytes -= CAPACITIES[size];
            ByteBuffer buffer = reference.get();
            if (buffer != null) {
                lent.set(nextLent, reference);
                nextLent = (nextLent + 1) % REMEMBERED;
                return buffer;
            }
        }
        return null;
    }

    /**
     * Returns a buffer to the pool; null is ignored. Returning a buffer twice is refused, because it would get two
     * owners.
     *
     * @param buffer what {@link #take} has returned, or null
     */
    public void give(ByteBuffer buffer) {
        if (buffer == null) {
            return;
        }
        int size = 0;
        while (CAPACITIES[size] != buffer.capacity()) {
            size++;
        }
        synchronized (this) {
            List<WeakReference<ByteBuffer>> those = idle.get(size);
            for (int i = 0; i < those.size(); i++) {
                if (those.get(i).refersTo(buffer)) {
                    throw new IllegalStateException("the buffer is in the pool already");
                }
            }
            if (idleBytes + buffer.capacity() > maxIdleBytes) {
                forgetCollected();
            }
            if (idleBytes + buffer.capacity() <= maxIdleBytes) {
                those.add(reference(buffer));
                idleBytes += buffer.capacity();
            }
        }
    }

    private WeakReference<ByteBuffer> reference(ByteBuffer buffer) {
        for (int i = 0; i < REMEMBERED; i++) {
            WeakReference<ByteBuffer> known = lent.get(i);
            if (known != null && known.refersTo(buffer)) {
                lent.set(i, null);
                return known;
            }
        }
        return new WeakReference<>(buffer);
    }

    private void forgetCollected() {
        for (int size = 0; size < CAPACITIES.length; size++) {
            int before = idle.get(size).size();
            idle.get(size).removeIf(each -> each.refersTo(null));
            idleBytes -= (long) (before - idle.get(size).size()) * CAPACITIES[size];
        }
    }

    synchronized long idleBytes() {
        return idleBytes;
    }
}
