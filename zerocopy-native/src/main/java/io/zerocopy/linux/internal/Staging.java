package io.zerocopy.linux.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct memory through which buffers on the heap pass on their way to a system call. The JDK would keep one per thread
 * for ever; these come from a bounded pool.
 */
final class Staging {
    private static final int CAPACITY = 256 << 10;
    private static final int MAX_IDLE = 16;
    private static final ArrayDeque<Staging> IDLE = new ArrayDeque<>(MAX_IDLE);

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY);

    private Staging() {}

    static Staging take() {
        synchronized (IDLE) {
            Staging idle = IDLE.pollLast();
            if (idle != null) {
                return idle;
            }
        }
        return new Staging();
    }

    void release() {
        synchronized (IDLE) {
            if (IDLE.size() < MAX_IDLE) {
                IDLE.addLast(this);
            }
        }
    }

    ByteBuffer buffer() {
        return buffer;
    }
}
