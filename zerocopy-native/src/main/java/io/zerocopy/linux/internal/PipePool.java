package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import java.util.ArrayDeque;

/**
 * Pipes through which splices go. Idle ones are kept, empty, for the next transfer; one that holds bytes is closed, so
 * that nobody ever reads what another transfer left. Thread-safe.
 *
 * <p>A user without privileges has 16384 pages for all pipes: the 64th pipe of 1 MiB is the last, and pipes made beyond
 * the limit shrink to 8 KiB. So a larger pipe is asked for and its size read back, and where there is no pipe at all the
 * caller copies instead of failing.
 */
final class PipePool {
    /** What one step moves. Larger ones need privileges on an unchanged system, smaller ones cost more calls. */
    private static final int WANTED = 1 << 20;

    /** Idle pipes to keep: descriptors, and at most a quarter of a user's pages. */
    private static final int MAX_IDLE = 16;

    private final Syscalls sys;
    private final ArrayDeque<Pipe> idle = new ArrayDeque<>(MAX_IDLE);
    private volatile String exhausted = "";

    /**
     * Both ends of a pipe.
     *
     * @param readEnd descriptor
     * @param writeEnd descriptor
     * @param capacity bytes it holds if its slots are full pages
     */
    record Pipe(int readEnd, int writeEnd, int capacity) {}

    PipePool(Syscalls sys) {
        this.sys = sys;
    }

    /** An empty pipe, or null where no more can be had. */
    Pipe take() {
        synchronized (idle) {
            Pipe pipe = idle.pollLast();
            if (pipe != null) {
                return pipe;
            }
        }
        return make();
    }

    String exhaustedBecause() {
        return exhausted;
    }

    private Pipe make() {
        Memory memory = Memory.take();
        try {
            int made = sys.pipe2(memory.address(), C.O_CLOEXEC | C.O_NONBLOCK);
            if (made < 0) {
                exhausted = Errno.message("pipe2", made);
                return null;
            }
            int read = memory.getInt(0);
            int write = memory.getInt(Integer.BYTES);
            sys.fcntl(write, C.F_SETPIPE_SZ, WANTED); // best effort: what was granted is read back
            int capacity = sys.fcntl(write, C.F_GETPIPE_SZ, 0);
            return new Pipe(read, write, capacity > 0 ? capacity : 4096);
        } finally {
            memory.release();
        }
    }

    /** Takes a pipe back, which is kept only if it is empty. */
    void give(Pipe pipe, boolean empty) {
        if (empty) {
            synchronized (idle) {
                if (idle.size() < MAX_IDLE) {
                    idle.addLast(pipe);
                    return;
                }
            }
        }
        sys.close(pipe.readEnd());
        sys.close(pipe.writeEnd());
    }

    /** The size that a new pipe gets, for the report; the pipe goes to the pool. */
    int grantedCapacity() {
        Pipe pipe = take();
        if (pipe == null) {
            return -1;
        }
        give(pipe, true);
        return pipe.capacity();
    }
}
