package io.zerocopy.linux.sys;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Which way the C library is called: everywhere by JNA. A jar that was built on JDK 22 or newer has another class of this
 * name for those, which calls the frequent functions through {@code java.lang.foreign}.
 */
public final class Binding {
    private Binding() {}

    /**
     * Binds the C library.
     *
     * @return the binding
     * @throws UnsupportedOperationException if this is not Linux, or a processor whose constants or calls differ
     * @throws LinkageError if JNA, or a function, cannot be loaded
     */
    public static Syscalls load() {
        return JnaSyscalls.load();
    }

    /**
     * Finds the memory of a direct buffer.
     *
     * @param direct the buffer, of which neither position nor limit counts
     * @return the address of its first byte
     */
    public static long addressOf(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /**
     * Finds the memory of a direct buffer, if nobody can take it away.
     *
     * @param direct the buffer, of which neither position nor limit counts
     * @return the address of its first byte; 0 if it is of an arena that can be closed, or is for one thread
     */
    public static long stableAddressOf(ByteBuffer direct) {
        return Sessions.canBeClosed(direct) ? 0 : addressOf(direct);
    }

    /**
     * Tells how the frequent functions are called, and why not otherwise.
     *
     * @return for people to read
     */
    public static String how() {
        return "JNA: this is Java " + Runtime.version().feature() + ", or the jar was built before 22";
    }
}
