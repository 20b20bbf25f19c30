package io.zerocopy.linux.internal.sends;

/**
 * Which sends of one socket the kernel still reads from. The kernel numbers them from 0, in 32 bits that wrap around,
 * and reports completed sends as ranges of numbers: several at once, in any order, and usually long after the call.
 * Each send keeps its pin until then. Used under the socket's close lock.
 *
 * <p>Invariant: numbers in {@code [first, first + size)} have been given; those of them that are not complete have their
 * pin at {@code number & mask}, and {@code first} is one of these, unless {@code size} is 0.
 */
public final class Completions {
    /** The memory and objects that a send keeps. */
    public interface Pin {
        /** Called once, when the kernel no longer needs the memory. */
        void release();
    }

    private Pin[] pins = new Pin[16];
    private int first;
    private int size;
    private int outstanding;
    private boolean shared;

    /** Begins at a given number, unlike a new socket, for tests of the wrap-around. */
    Completions(int first) {
        this.first = first;
    }

    /** Makes room for one more send, so that {@link #sent} cannot fail after the kernel has accepted it. */
    void reserve() {
        if (size == pins.length) {
            grow();
        }
    }

    /** Notes a send that the kernel has accepted. */
    void sent(Pin pin) {
        reserve();
        pins[(first + size) & (pins.length - 1)] = pin;
        size++;
        outstanding++;
    }

    private void grow() {
        move(new Pin[pins.length * 2], 0);
    }

    private void renumber(int by) {
        move(new Pin[pins.length], by);
        first += by;
    }

    private void move(Pin[] to, int by) {
        for (int i = 0; i < size; i++) {
            int number = first + i;
            to[(number + by) & (to.length - 1)] = pins[number & (pins.length - 1)];
        }
        pins = to;
    }

    /**
     * Notes that sends are complete, both numbers included. Numbers that were not given here show that other code sends
     * from memory on the same socket: then our sends may have later numbers than was assumed, and only the latest
     * possible numbers are safe.
     */
    void completed(int from, int to) {
        int beyond = to - (first + size - 1);
        if (beyond > 0 && size > 0) {
            shared = true;
            renumber(beyond);
        }
        // Distances from the first number, which stay correct across the wrap-around.
        long begin = Math.max(from - first, 0);
        long end = Math.min(to - first, size - 1);
        for (long i = begin; i <= end; i++) {
            int slot = (int) (first + i) & (pins.length - 1);
            Pin pin = pins[slot];
            if (pin != null) {
                pins[slot] = null;
                outstanding--;
                pin.release();
            }
        }
        while (size > 0 && pins[first & (pins.length - 1)] == null) {
            first++;
            size--;
        }
    }

    /** Whether reports had numbers that were not given here. */
    boolean isShared() {
        return shared;
    }

    /** How many sends are not complete. */
    int outstanding() {
        return outstanding;
    }

    /** Releases everything, when the kernel cannot read it any more. */
    void abandon() {
        completed(first, first + size - 1);
    }
}
