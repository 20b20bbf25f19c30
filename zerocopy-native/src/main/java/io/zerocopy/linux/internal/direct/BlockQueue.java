package io.zerocopy.linux.internal.direct;

import java.io.Closeable;
import java.io.IOException;

/** Reads and writes of aligned blocks that may be under way at once. Not thread-safe. */
public interface BlockQueue extends Closeable {
    /** What {@link #next()} answers when nothing is under way. */
    long NONE = Long.MIN_VALUE;

    /** How many slots there are, each with one aligned buffer of {@link #blockSize()} bytes. */
    int depth();

    /** Where a slot's buffer lies. */
    long address(int slot);

    int blockSize();

    /** Starts, or does, a read into the slot's buffer. A slot has one operation at a time. */
    void read(int slot, int fd, long position, int length);

    /** Starts, or does, a write from the slot's buffer. */
    void write(int slot, int fd, long position, int length);

    /**
     * The next completion, waited for, in any order.
     *
     * @return slot and result, for {@link #slot} and {@link #result}; {@link #NONE} when nothing is under way
     * @throws IOException if the queue itself is broken; what is under way is then known to {@link #close()} alone
     */
    long next() throws IOException;

    /** Ends what is under way, by cancelling and waiting, before it gives the memory back. Closing twice does nothing. */
    @Override
    void close();

    static long completion(int slot, int result) {
        return (long) slot << Integer.SIZE | result & 0xffffffffL;
    }

    /** The slot whose operation has completed. */
    static int slot(long completion) {
        return (int) (completion >>> Integer.SIZE);
    }

    /** What it came to: bytes, or {@code -errno}. */
    static int result(long completion) {
        return (int) completion;
    }
}
