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

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY);
    private final WeakReference<Staging> reference = new WeakReference<>(this);

    private Staging() {}

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
