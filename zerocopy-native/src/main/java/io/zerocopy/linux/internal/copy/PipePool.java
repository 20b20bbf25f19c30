package io.zerocopy.linux.internal.copy;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.memory.DroppedOwners;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.util.ArrayDeque;

/**
 * Pipes for splices. Idle pipes are kept, empty, for the next transfer. A pipe that holds bytes is closed, so that no
 * transfer ever reads another transfer's bytes. Thread-safe.
 *
 * <p>A user without privileges has 16384 pages for all pipes: the 64th pipe of 1 MiB is the last, and pipes made beyond
 * the limit shrink to 8 KiB, also pipes of the user's other programs. So few pipes are made larger, the granted size is
 * read back, and if there is no pipe at all, the caller copies instead of failing.
 */
public final class PipePool {
    /** The most large pipes, in use or idle: a quarter of a user's pages. All other pipes have the default size. */
    public static final int MAX_LARGE = 16;

    /** The most pipes, in use or idle. Each needs two descriptors; transfers beyond this number copy instead. */
    static final int MAX_PIPES = 4096;

    /** The most idle pipes that are kept for the next transfer. */
    static final int MAX_IDLE = 64;

    /** The smallest capacity of a pipe: one page. */
    private static final int SMALLEST = 4096;

    private final Syscalls sys;
    private final ArrayDeque<Pipe> idle = new ArrayDeque<>(MAX_IDLE);
    private int pipes; // in use or idle, guarded by idle
    private int large; // large pipes among these, guarded by idle
    private volatile String exhausted = "";

    /**
     * Both ends of a pipe.
     *
     * @param readEnd descriptor
     * @param writeEnd descriptor
     * @param capacity bytes it holds if its slots are full pages
     * @param isLarge whether it counts as large
     */
    public record Pipe(int readEnd, int writeEnd, int capacity, boolean isLarge) {}

    public PipePool(Syscalls sys) {
        this.sys = sys;
    }

    /** The pipe of one owner; it is closed if the owner is dropped while it has the pipe. */
    static final class Hold extends DroppedOwners.Hold {
        private final PipePool pool;
        private volatile Pipe pipe;

        private Hold(Object owner, PipePool pool) {
            super(owner);
            this.pool = pool;
        }

        /** Sets the pipe that the owner has now; null for none. */
        void has(Pipe taken) {
            pipe = taken;
        }

        @Override
        protected String letGo() {
            Pipe left = pipe;
            if (left == null) {
                return null;
            }
            pool.close(left);
            return "its pipe is closed, with the bytes that are in it";
        }
    }

    /** A hold for an owner that will take pipes. */
    Hold hold(Object owner) {
        return new Hold(owner, this);
    }

    /** An empty pipe; null if no more are available. */
    public Pipe take() {
        DroppedOwners.sweep();
        boolean mayBeLarge;
        synchronized (idle) {
            Pipe pipe = idle.pollLast();
            if (pipe != null) {
                return pipe;
            }
            if (pipes == MAX_PIPES) {
                exhausted = MAX_PIPES + " pipes are in use";
                return null;
            }
            pipes++;
            mayBeLarge = large < MAX_LARGE;
            large += mayBeLarge ? 1 : 0;
        }
        Pipe made = make(mayBeLarge);
        if (made == null || made.isLarge() != mayBeLarge) {
            forget(made == null, mayBeLarge);
        }
        return made;
    }

    public String exhaustedBecause() {
        return exhausted;
    }

    private void forget(boolean isGone, boolean wasLarge) {
        synchronized (idle) {
            pipes -= isGone ? 1 : 0;
            large -= wasLarge ? 1 : 0;
        }
    }

    private Pipe make(boolean mayBeLarge) {
        Memory memory = Memory.take();
        try {
            int made = sys.pipe2(memory.address(), C.O_CLOEXEC | C.O_NONBLOCK);
            if (made < 0) {
                exhausted = Errno.message(Call.PIPE2.text(), made);
                return null;
            }
            int read = memory.getInt(0);
            int write = memory.getInt(Integer.BYTES);
            // Best effort: the kernel answers with the granted size, or refuses and leaves the size unchanged.
            int granted = mayBeLarge ? sys.fcntl(write, C.F_SETPIPE_SZ, CallSizes.PIPE) : -1;
            int capacity = granted > 0 ? granted : sys.fcntl(write, C.F_GETPIPE_SZ, 0);
            return new Pipe(read, write, capacity > 0 ? capacity : SMALLEST, granted > 0);
        } finally {
            memory.release();
        }
    }

    /** Takes a pipe back and keeps it only if it is empty; large pipes are preferred. */
    public void give(Pipe pipe, boolean empty) {
        Pipe surplus = pipe;
        if (empty) {
            synchronized (idle) {
                surplus = keep(pipe);
            }
        }
        if (surplus != null) {
            close(surplus);
        }
        DroppedOwners.sweep();
    }

    private void close(Pipe pipe) {
        sys.close(pipe.readEnd());
        sys.close(pipe.writeEnd());
        forget(true, pipe.isLarge());
    }

    /** Large pipes are kept at the end from which pipes are taken. Returns the pipe that has no room, or null. */
    private Pipe keep(Pipe pipe) {
        Pipe surplus = null;
        if (idle.size() == MAX_IDLE) {
            if (!pipe.isLarge() || idle.peekFirst().isLarge()) {
                return pipe;
            }
            surplus = idle.pollFirst();
        }
        if (pipe.isLarge()) {
            idle.addLast(pipe);
        } else {
            idle.addFirst(pipe);
        }
        return surplus;
    }

    /** The size that a new pipe gets, for the report; the pipe then goes to the pool. */
    public int grantedCapacity() {
        Pipe pipe = take();
        if (pipe == null) {
            return -1;
        }
        give(pipe, true);
        return pipe.capacity();
    }
}
