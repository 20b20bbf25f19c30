package io.zerocopy.linux.internal.memory;

import io.zerocopy.linux.internal.sizes.CallSizes;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/**
 * Direct memory through which buffers on the heap pass on their way to a system call. The JDK would keep one buffer per
 * thread for ever; these come from a bounded pool.
 */
public final class HeapStaging {
    private static final WeakPool<HeapStaging> IDLE = new WeakPool<>(16);

    private final ByteBuffer buffer = allocate();
    private final WeakReference<HeapStaging> reference = new WeakReference<>(this);

    private HeapStaging() {}

    /** A small buffer if there is no memory for more: then more calls are needed. */
    private static ByteBuffer allocate() {
        try {
            return ByteBuffer.allocateDirect(CallSizes.HEAP);
        } catch (OutOfMemoryError scarce) {
            return ByteBuffer.allocateDirect(CallSizes.HEAP_IF_SCARCE);
        }
    }

    public static HeapStaging take() {
        HeapStaging idle = IDLE.take();
        return idle == null ? new HeapStaging() : idle;
    }

    public void release() {
        IDLE.give(reference);
    }

    public ByteBuffer buffer() {
        return buffer;
    }
}
