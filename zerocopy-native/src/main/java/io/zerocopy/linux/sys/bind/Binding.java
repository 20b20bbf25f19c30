package io.zerocopy.linux.sys.bind;

import io.zerocopy.linux.sys.Syscalls;

/**
 * Binds the C library: here, all functions through JNA. The jar has a second class of this name for
 * JDK 22 and newer, which calls the frequent functions through {@code java.lang.foreign}; a jar that was built where no
 * such JDK was found lacks it.
 */
public final class Binding {
    /**
     * Why JNA is not used in its protected mode: each call puts handlers for SIGSEGV and SIGBUS in the place of the JVM's
     * own, for all threads, and the JVM needs its own for safepoints and mapped files.
     */
    public static final String PROTECTED =
            "JNA's protected mode (jna.protected) takes the JVM's own signals away," + " which crashes or hangs it";

    private Binding() {}

    /**
     * Binds the C library.
     *
     * @return the binding
     * @throws UnsupportedOperationException if this is not Linux, or if the processor is not in the table of
     *     {@code Abi}
     * @throws LinkageError if JNA, or a function, cannot be loaded
     */
    public static Syscalls load() {
        return JnaSyscalls.load();
    }

    /**
     * Returns how the frequent functions are called, and why not in another way.
     *
     * @return a text for people
     */
    public static String how() {
        return "JNA: this is Java " + Runtime.version().feature() + ", or the jar was built where no JDK 22 was found";
    }
}
