package io.zerocopy.tests.bench.measure;

import com.sun.management.ThreadMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;

/**
 * Measures a window on the thread that moves the bytes: processor time by
 * {@link ThreadMXBean#getCurrentThreadCpuTime()}, which on Linux is {@code CLOCK_THREAD_CPUTIME_ID}, user and system,
 * in nanoseconds. If system calls are traced, each window lies between two recognisable calls.
 */
public final class Meter {
    /** Part of a path that does not exist; a trace shows by it where windows begin and end. */
    public static final String MARK = "/zerocopy-mark/";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    public static final boolean MARKED = Boolean.getBoolean("zerocopy.bench.marked");

    private final long wall;
    private final long cpu;
    private final long allocated;

    private Meter() {
        mark("begin");
        allocated = THREADS.getCurrentThreadAllocatedBytes();
        wall = System.nanoTime();
        cpu = THREADS.getCurrentThreadCpuTime();
    }

    /** Begins a window on this thread. */
    public static Meter start() {
        return new Meter();
    }

    /** Ends the window, on the same thread. */
    public Measurement stop(long bytes) {
        long cpuNow = THREADS.getCurrentThreadCpuTime();
        long wallNow = System.nanoTime();
        long allocatedNow = THREADS.getCurrentThreadAllocatedBytes();
        mark("end");
        return new Measurement(bytes, cpuNow - cpu, wallNow - wall, allocatedNow - allocated);
    }

    public static void mark(String name) {
        if (MARKED && new File(MARK + name).exists()) {
            throw new IllegalStateException(MARK + " exists");
        }
    }
}
