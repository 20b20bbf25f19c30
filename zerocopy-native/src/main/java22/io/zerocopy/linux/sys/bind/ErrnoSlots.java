package io.zerocopy.linux.sys.bind;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Slots to which calls write their {@code errno}, one for each running call. A thread tries the slot for its thread
 * number. If another thread uses that slot, {@link #take} returns -1, and the call can be made by JNA, which has one
 * slot per thread.
 */
final class ErrnoSlots {
    private static final int PLACES = 64;
    private static final int APART = 16; // ints in a cache line

    private final MemorySegment[] segments = new MemorySegment[PLACES];
    private final AtomicIntegerArray taken = new AtomicIntegerArray(PLACES * APART);

    ErrnoSlots() {
        MemorySegment all = Arena.global().allocate((long) PLACES * APART * Integer.BYTES, APART * Integer.BYTES);
        for (int i = 0; i < PLACES; i++) {
            segments[i] = all.asSlice((long) i * APART * Integer.BYTES, APART * Integer.BYTES);
        }
    }

    int take() {
        int place = (int) Thread.currentThread().threadId() & (PLACES - 1);
        return taken.compareAndSet(place * APART, 0, 1) ? place : -1;
    }

    MemorySegment segment(int place) {
        return segments[place];
    }

    void release(int place) {
        taken.setRelease(place * APART, 0);
    }
}
