package io.zerocopy.linux.internal;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/**
 * Direct memory through which buffers on the heap pass on their way to a system call. The JDK would keep one per thread
 * for ever; these come from a bounded pool.
 */
final class Staging {
    private static final int CAPACITY = 256 << 10;
    private static final Idle<Staging> IDLE = new Idle<>(16);

    private static final int SMALL = 8 << 10;

    private final ByteBuffer buffer = allocate();
    private final WeakReference<Staging> reference = new WeakReference<>(this);

    private Staging() {}

    /** Little where there is no memory for more: then it takes more calls. */
    private static ByteBuffer allocate() {
        try {
            return ByteBuffer.allocateDirect(CAPACITY);
        } catch (OutOfMemoryError scarce) {
            return ByteBuffer.allocateDirect(SMALL);
        }
    }

    static Staging take() {
        Staging idle = IDLE.take();
        return idle == null ? new Staging() : idle;
    }

    void release() {
        IDLE.give(reference);
    }

    ByteBuffer buffer() {
        return buffer;
    }
}
