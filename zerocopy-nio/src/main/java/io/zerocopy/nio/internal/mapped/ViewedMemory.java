package io.zerocopy.nio.internal.mapped;

import java.nio.ByteBuffer;

/** The memory of a {@link MappedView}, which may be unmapped while the view exists. */
public interface ViewedMemory {
    /** Returns a buffer that the caller may keep. */
    ByteBuffer lend(long offset, int length);

    /** Returns a buffer to be used only between entering and {@link #exit()}. */
    ByteBuffer slice(long offset, int length);

    /** Keeps the memory from being unmapped until {@link #exit()}; fails if it has been unmapped. */
    void enter();

    /** Enters for an access to {@code length} bytes; may first check that they are there. */
    void enter(long offset, int length);

    /** Ends what entering began; must be called on the same thread. */
    void exit();

    /** Returns the exception for an access that the JVM could not make. */
    RuntimeException failed(InternalError error);
}
