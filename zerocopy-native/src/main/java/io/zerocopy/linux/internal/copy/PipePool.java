package io.zerocopy.linux.internal.copy;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.memory.DroppedOwners;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.util.ArrayDeque;

/**
 * Pipes through which splices go. Idle ones are kept, empty, for the next transfer; one that holds bytes is closed, so
 * that nobody ever reads what another transfer left. Thread-safe.
 *
 * <p>A user without privileges has 16384 pages for all pipes: the 64th pipe of 1 MiB is the last, and pipes made beyond
 * the limit shrink to 8 KiB, those of the user's other programs included. So few pipes are made larger, what was granted is
 * read back, and where there is no pipe at all the caller copies instead of failing.
 */
public final class PipePool {
    /** What one step moves. Larger ones need privileges on an unchanged system, smaller ones cost more calls. */
    static final int WANTED = 1 << 20;

    /** Pipes so large, in use or idle: a quarter of a user's pages. All others have the size that new pipes have. */
    public static final int MAX_LARGE = 16;

    /** Pipes at all, in use or idle. Each is two descriptors; who has more transfers than this copies in the rest. */
    static final int MAX_PIPES = 4096;

    /** Idle pipes to keep for the next transfer. */
    static final int MAX_IDLE = 64;

    /** What a pipe holds at least: one page. */
    private static final int SMALLEST = 4096;

    private final Syscalls sys;
    private final ArrayDeque<Pipe> idle = new ArrayDeque<>(MAX_IDLE);
    private int pipes; // in use or idle, guarded by idle
    private int large; // of these, guarded by idle
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

    /** The pipe of one owner, which is closed when the owner was dropped with it. */
    static final class Hold extends DroppedOwners.Hold {
        private final PipePool pool;
        private volatile Pipe pipe;

        private Hold(Object owner, PipePool pool) {
            super(owner);
            this.pool = pool;
        }

        /** Says which pipe the owner has now; null if it has none. */
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

    /** For somebody who will take pipes. */
    Hold hold(Object owner) {
        return new Hold(owner, this);
    }

    /** An empty pipe, or null where no more can be had. */
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
            // Best effort: the kernel answers with what it granted, or refuses, and then the size is as it was.
            int granted = mayBeLarge ? sys.fcntl(write, C.F_SETPIPE_SZ, WANTED) : -1;
            int capacity = granted > 0 ? granted : sys.fcntl(write, C.F_GETPIPE_SZ, 0);
            return new Pipe(read, write, capacity > 0 ? capacity : SMALLEST, granted > 0);
        } finally {
            memory.release();
        }
    }

    /** Takes a pipe back, which is kept only if it is empty; large ones rather than others. */
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

    /** Large ones lie at the end that pipes are taken from. Returns the one there is no room for, or null. */
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

    /** The size that a new pipe gets, for the report; the pipe goes to the pool. */
    public int grantedCapacity() {
        Pipe pipe = take();
        if (pipe == null) {
            return -1;
        }
        give(pipe, true);
        return pipe.capacity();
    }
}
