package io.zerocopy.tests.cost;

import com.sun.management.ThreadMXBean;
import java.io.EOFException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Counts the bytes that the thread allocates for a step, after the compiler has compiled it. */
final class Allocation {
    static final int WARM_UP = 20_000; // until the compiler has compiled the calls of java.lang.foreign
    static final int MEASURED = 1000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    static void receive(SocketChannel from, ByteBuffer block, int count) throws Exception {
        for (int n = 0; n < count; ) {
            int some = from.read(block.clear());
            if (some < 0) { // an assertion itself would allocate
                throw new EOFException();
            }
            n += some;
        }
    }

    interface Step {
        void run() throws Exception;
    }

    /** Returns the least allocation; repeats the step until the compiler, which may be late, has compiled it. */
    static long leastOf(long enough, Step step) throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 40 && least > enough; i++) {
            least = Math.min(least, bytesOf(step));
        }
        return least;
    }

    static long bytesOf(Step step) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MEASURED; i++) {
            step.run();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
