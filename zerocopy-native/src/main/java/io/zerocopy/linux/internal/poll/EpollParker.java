package io.zerocopy.linux.internal.poll;

import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.Endpoint;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Lets a virtual thread sleep until a descriptor is ready, without a blocked carrier. Since JDK 24 a virtual thread
 * that selects is parked, and the JDK's own poller wakes it when the selector's epoll instance reports an event. So the
 * descriptor is added to that instance for one event. The selector does not know the descriptor and returns with no
 * key, but the thread is awake.
 *
 * <p>Elsewhere (earlier JDKs, another selector, no descriptors left) there is no parker, and a waiting thread polls
 * from time to time.
 */
final class EpollParker {
    private static final int MAX_IDLE = 256;
    private static final int EVENT = 16; // offset of a struct epoll_event in the memory, after two pollfds
    private static final boolean SELECT_PARKS = selectParks();
    private static final ArrayDeque<EpollParker> IDLE = new ArrayDeque<>(MAX_IDLE);

    private static final Set<EpollParker> SLEEPERS = ConcurrentHashMap.newKeySet();
    private static final AtomicReference<EpollParker> LOOKOUT = new AtomicReference<>();

    private final Selector selector;
    private final int epoll;
    private volatile BooleanSupplier alive; // of the sleeping thread; null if no thread sleeps

    private EpollParker(Selector selector, int epoll) {
        this.selector = selector;
        this.epoll = epoll;
    }

    /** The JDK's method that parks a selecting virtual thread; only its presence is checked, it is not called. */
    private static boolean selectParks() {
        try {
            Class<?> poller = Class.forName("sun.nio.ch.Poller", false, null);
            return poller.getDeclaredMethod("pollSelector", int.class, long.class) != null;
        } catch (ReflectiveOperationException | LinkageError | SecurityException earlier) {
            return false;
        }
    }

    /** A parker for a single thread, or null. */
    private static EpollParker take() {
        if (!SELECT_PARKS) {
            return null;
        }
        synchronized (IDLE) {
            if (!IDLE.isEmpty()) {
                return IDLE.pollLast();
            }
        }
        try {
            Selector selector = Selector.open();
            try {
                return new EpollParker(selector, JdkFields.readInt(selector, "epfd"));
            } catch (LinkageError otherJdk) {
                selector.close();
                return null;
            }
        } catch (IOException noDescriptors) {
            return null;
        }
    }

    private void release() throws IOException {
        synchronized (IDLE) {
            if (IDLE.size() < MAX_IDLE) {
                IDLE.addLast(this);
                return;
            }
        }
        selector.close();
    }

    /**
     * Sleeps until a descriptor of the table that poll(2) reads may be ready, the time is over, the wait has become
     * useless, or the thread is interrupted.
     *
     * @return false, at once, if this cannot be done here
     */
    static boolean sleep(Syscalls sys, Memory table, int count, long nanos, BooleanSupplier alive) throws IOException {
        EpollParker parker = take();
        if (parker == null) {
            return false;
        }
        int added = 0;
        try {
            while (added < count && parker.add(sys, table, added, count)) {
                added++;
            }
            if (added == count) {
                parker.await(sys, table, count, nanos, alive);
            }
            return added == count;
        } finally {
            for (int i = 0; i < added; i++) {
                sys.epoll_ctl(parker.epoll, C.EPOLL_CTL_DEL, Poller.fd(table, i), 0);
            }
            parker.release();
        }
    }

    /**
     * No event tells a sleeper that its channel was closed, and thousands of sleepers that all wake up to look would
     * keep the processor busy. So one of them wakes up regularly and looks for all; when it leaves, another takes over.
     * It calls only code of the JDK: another library's channel could throw here, or wait, and disturb other sleepers.
     */
    private void await(Syscalls sys, Memory table, int count, long nanos, BooleanSupplier stillOfUse)
            throws IOException {
        long deadline = System.nanoTime() + nanos;
        alive = stillOfUse;
        SLEEPERS.add(this);
        try {
            long left = nanos;
            do {
                boolean looks = LOOKOUT.get() == this || LOOKOUT.compareAndSet(null, this);
                selector.select(key -> {}, millis(looks ? Math.min(left, Endpoint.SLICE_NANOS) : left));
                if (looks) {
                    SLEEPERS.forEach(EpollParker::ringIfOver);
                }
                left = deadline - System.nanoTime();
            } while (left > 0
                    && stillOfUse.getAsBoolean()
                    && !Thread.currentThread().isInterrupted()
                    && !Poller.poll(sys, table, count, 0));
        } finally {
            SLEEPERS.remove(this);
            alive = null;
            LOOKOUT.compareAndSet(this, null);
            if (LOOKOUT.get() == null) {
                var next = SLEEPERS.iterator();
                if (next.hasNext()) {
                    next.next().selector.wakeup();
                }
            }
        }
    }

    private static long millis(long nanos) {
        return Math.max(1, (nanos + 999_999) / 1_000_000);
    }

    private void ringIfOver() {
        BooleanSupplier ofSleeper = alive;
        if (ofSleeper != null && !ofSleeper.getAsBoolean()) {
            selector.wakeup();
        }
    }

    /** Adds an entry, unless an earlier entry has the same descriptor: that entry already has the events of both. */
    private boolean add(Syscalls sys, Memory table, int index, int count) {
        int fd = Poller.fd(table, index);
        int events = Poller.events(table, index);
        for (int i = 0; i < count; i++) {
            if (i != index && Poller.fd(table, i) == fd) {
                if (i < index) {
                    return true;
                }
                events |= Poller.events(table, i);
            }
        }
        // struct epoll_event is packed on x86-64 and aligned elsewhere: the number is written where both layouts have
        // it.
        table.putInt(EVENT, events | C.EPOLLONESHOT).putInt(EVENT + 4, fd).putInt(EVENT + 8, fd);
        return sys.epoll_ctl(epoll, C.EPOLL_CTL_ADD, fd, table.address(EVENT)) >= 0;
    }
}
