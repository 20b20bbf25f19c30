package io.zerocopy.linux.internal.direct.queue;

import java.io.Closeable;
import java.nio.ByteBuffer;

/**
 * Reads and writes of aligned blocks, of which several may be under way at once: one in each slot, which has memory of
 * its own. For one thread at a time.
 */
public interface BlockQueue extends Closeable {
    /** How many slots there are. */
    int depth();

    /** The bytes of a slot's memory between two offsets. */
    ByteBuffer part(int slot, int from, int to);

    /** Begins a read into a slot's memory. */
    void read(int slot, int fd, long position, int length);

    /** Begins a write from a slot's memory. */
    void write(int slot, int fd, long position, int length);

    /** Waits until an operation is done; returns its slot, or -1 if none is under way. */
    int next();

    /** The result of a slot's last read or write: bytes, or a negative errno. */
    long result(int slot);

    /** Whether the queue itself has failed, so that operations with an error may still have been done. */
    boolean hasFailed();

    /** Waits for all operations under way, and gives back the memory. */
    @Override
    void close();
}
