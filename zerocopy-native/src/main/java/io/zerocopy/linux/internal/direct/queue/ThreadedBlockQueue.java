package io.zerocopy.linux.internal.direct.queue;

import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.sys.Syscalls;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Reads on a thread of its own, in order, and writes on the thread that calls {@link #next()}, so that a read and a
 * write overlap. The thread lives as long as the queue, and there is none at depth 1.
 */
public final class ThreadedBlockQueue implements BlockQueue {
    private static final int END = -1;

    private final Syscalls sys;
    private final AlignedBlock[] blocks;
    private final int[] fds;
    private final long[] positions;
    private final int[] lengths;
    private final long[] results;
    private final ArrayDeque<Integer> writes = new ArrayDeque<>();
    private final BlockingQueue<Integer> wanted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> done = new LinkedBlockingQueue<>();
    private Thread reader;
    private int reads; // reads under way
    private boolean alone; // no reader thread is possible
    private boolean closed;

    /** Makes a queue with that depth, or less if there is too little direct memory. */
    public ThreadedBlockQueue(Syscalls sys, int depth) {
        this.sys = sys;
        this.blocks = AlignedBlock.take(depth);
        this.fds = new int[blocks.length];
        this.positions = new long[blocks.length];
        this.lengths = new int[blocks.length];
        this.results = new long[blocks.length];
    }

    @Override
    public int depth() {
        return blocks.length;
    }

    @Override
    public ByteBuffer part(int slot, int from, int to) {
        return blocks[slot].part(from, to);
    }

    private void ask(int slot, int fd, long position, int length) {
        fds[slot] = fd;
        positions[slot] = position;
        lengths[slot] = length;
    }

    @Override
    public void read(int slot, int fd, long position, int length) {
        ask(slot, fd, position, length);
        if (blocks.length == 1 || !hasReader()) {
            reads++;
            readNow(slot);
            return;
        }
        reads++;
        wanted.add(slot); // happens before the take of the other thread, which hands over what was written above
    }

    /** If no more threads are possible, the caller's thread also reads. */
    private boolean hasReader() {
        if (reader == null && !alone) {
            Thread thread = new Thread(this::serve, "zerocopy direct reads");
            thread.setDaemon(true);
            try {
                thread.start();
                reader = thread;
            } catch (OutOfMemoryError none) {
                alone = true;
            }
        }
        return reader != null;
    }

    private void serve() {
        for (int slot = takeFrom(wanted); slot != END; slot = takeFrom(wanted)) {
            readNow(slot);
        }
    }

    private void readNow(int slot) {
        results[slot] = sys.pread(fds[slot], blocks[slot].address(), lengths[slot], positions[slot]);
        done.add(slot);
    }

    @Override
    public void write(int slot, int fd, long position, int length) {
        ask(slot, fd, position, length);
        writes.addLast(slot);
    }

    @Override
    public int next() {
        Integer slot = writes.pollFirst();
        if (slot != null) {
            results[slot] = sys.pwrite(fds[slot], blocks[slot].address(), lengths[slot], positions[slot]);
            return slot;
        }
        if (reads == 0) {
            return -1;
        }
        slot = takeFrom(done);
        reads--;
        return slot;
    }

    /** Waits until the disk answers; keeps an interrupt until then, since memory is in use. */
    private static int takeFrom(BlockingQueue<Integer> queue) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return queue.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The thread has no work left and ends. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public long result(int slot) {
        return results[slot];
    }

    @Override
    public boolean hasFailed() {
        return false;
    }

    @Override
    public void close() {
        writes.clear();
        while (next() >= 0) {
            writes.clear();
        }
        if (reader != null) {
            wanted.add(END);
            join(reader);
            reader = null;
        }
        for (int i = 0; i < blocks.length && !closed; i++) {
            blocks[i].release();
        }
        closed = true;
    }
}
