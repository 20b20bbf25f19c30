package io.zerocopy.linux.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs several threads one at a time. Wherever one of them calls {@link #next()}, which a test puts before every system
 * call, a seed chooses who goes on: so each seed is one interleaving. A thread that waits for a lock is passed over until
 * it has it; it then goes on to its own next turn.
 */
final class Turns {
    private static final long DEADLINE_NANOS = Ends.DEADLINE_SECONDS * 1_000_000_000;

    /** Something that may fail. */
    interface Work {
        void run() throws Exception;
    }

    private final Random random;
    private final List<Worker> workers = new ArrayList<>();
    private volatile Throwable failure;

    Turns(long seed) {
        random = new Random(seed);
    }

    private final class Worker extends Thread {
        private final Work work;
        private volatile boolean waits;
        private volatile boolean ended;

        Worker(Work work) {
            super("worker " + workers.size());
            this.work = work;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                await();
                work.run();
            } catch (Exception | Error e) {
                failure = failure == null ? e : failure;
            } finally {
                ended = true;
            }
        }

        void await() {
            waits = true;
            while (waits) {
                LockSupport.park(this);
            }
        }

        void go() {
            waits = false;
            LockSupport.unpark(this);
        }

        boolean isStill() {
            return waits || ended || getState() == State.BLOCKED;
        }
    }

    void add(Work work) {
        workers.add(new Worker(work));
    }

    /** Lets another thread go on, or this one; does nothing on threads of others. */
    void next() {
        if (Thread.currentThread() instanceof Worker worker) {
            worker.await();
        }
    }

    /** Runs all to their ends; fails as the first of them that fails. */
    void run() {
        workers.forEach(Thread::start);
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!workers.stream().allMatch(worker -> worker.ended)) {
            while (!workers.stream().allMatch(Worker::isStill)) {
                Thread.onSpinWait();
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("runs without end");
                }
            }
            List<Worker> waiting =
                    workers.stream().filter(worker -> worker.waits).toList();
            if (!waiting.isEmpty()) {
                waiting.get(random.nextInt(waiting.size())).go();
            } else if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("all wait for one another");
            }
        }
        if (failure != null) {
            throw new AssertionError(failure.toString(), failure);
        }
    }
}
