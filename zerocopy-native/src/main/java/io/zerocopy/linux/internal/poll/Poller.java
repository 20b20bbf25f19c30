package io.zerocopy.linux.internal.poll;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.Endpoint;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits until descriptors are ready: in poll(2) on a platform thread; on a virtual thread, which would hold its carrier
 * inside a native call, by an {@link EpollParker}, or else by a loop that polls and parks. No lock is held: if a
 * descriptor's number is reused meanwhile, the waiter may wake without need, and the next step checks the channel
 * first.
 */
public final class Poller {
    private static final int POLLFD = 8; // int fd, short events, short revents
    private static final long FIRST_PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 10_000_000;
    private static final MethodHandle IS_VIRTUAL = isVirtualMethod();

    private Poller() {}

    private static MethodHandle isVirtualMethod() {
        try {
            return MethodHandles.lookup().findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException before21) {
            return null;
        }
    }

    /**
     * Waits for at most {@code nanos}, or for a slice of that if nobody checks whether the wait is still useful; true
     * if a descriptor may be ready. Ends early if the thread is interrupted.
     */
    public static boolean await(Syscalls sys, Memory memory, int count, long nanos, BooleanSupplier alive)
            throws IOException {
        if (!isVirtual()) {
            // An interrupt does not end poll(2), so the loop checks for it between short slices.
            long slice = Thread.currentThread().isInterrupted() ? 0 : Math.min(nanos, Endpoint.SLICE_NANOS);
            return poll(sys, memory, count, (int) ((slice + 999_999) / 1_000_000));
        }
        if (poll(sys, memory, count, 0)) {
            return true;
        }
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        return EpollParker.sleep(sys, memory, count, nanos, alive)
                ? poll(sys, memory, count, 0)
                : lookNowAndThen(sys, memory, count, Math.min(nanos, Endpoint.SLICE_NANOS));
    }

    private static boolean lookNowAndThen(Syscalls sys, Memory memory, int count, long nanos) throws IOException {
        long deadline = System.nanoTime() + nanos;
        long pause = FIRST_PAUSE;
        while (!poll(sys, memory, count, 0)) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(Math.min(left, pause));
            pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
        return true;
    }

    /** Puts a descriptor into the table that poll(2) reads. */
    public static void watch(Memory memory, int index, int fd, int events) {
        memory.putInt(index * POLLFD, fd).putShort(index * POLLFD + 4, events).putShort(index * POLLFD + 6, 0);
    }

    static int fd(Memory memory, int index) {
        return memory.getInt(index * POLLFD);
    }

    /** The events that poll(2) found for an entry. */
    public static int found(Memory memory, int index) {
        return memory.getUnsignedShort(index * POLLFD + 6);
    }

    static int events(Memory memory, int index) {
        return memory.getUnsignedShort(index * POLLFD + 4);
    }

    /** One check, or one wait in the kernel. An error or hang-up counts as ready: the next step tells which it was. */
    public static boolean poll(Syscalls sys, Memory memory, int count, int millis) throws IOException {
        int ready = sys.poll(memory.address(), count, millis);
        if (ready < 0 && ErrnoTable.of(Call.POLL, ready, false) != Outcome.RETRY) {
            throw new IOException(Errno.message("poll", ready));
        }
        return ready > 0; // else the caller looks again
    }

    public static boolean hasVirtualThreads() {
        return IS_VIRTUAL != null;
    }

    private static boolean isVirtual() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
