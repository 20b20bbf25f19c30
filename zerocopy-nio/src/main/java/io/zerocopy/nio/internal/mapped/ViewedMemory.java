package io.zerocopy.nio.internal.mapped;

import java.nio.ByteBuffer;

/** Memory behind a {@link MappedView}, which may go away beneath it. */
interface ViewedMemory {
    /** A buffer for somebody who may keep it. */
    ByteBuffer lend(long offset, int length);

    /** A buffer to be used between entering and {@link #exit()} alone. */
    ByteBuffer slice(long offset, int length);

    /** Keeps the memory from going away, or fails if it has gone. */
    void enter();

    /** Enters for an access to so many bytes, which may be worth a look whether they are there. */
    void enter(long offset, int length);

    /** Leaves what was entered, on the same thread. */
    void exit();

    /** What an access came to that the JVM could not make. */
    RuntimeException failed(InternalError error);
}
