package io.zerocopy.linux.sys;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Which way the C library is called: the frequent functions through {@code java.lang.foreign}, which costs a third of a
 * microsecond less a call than JNA, where the application has native access; by JNA where it has not. To ask for access
 * would be a warning that nobody expects, or an exception. On the class path of JDK 24 and newer JNA, which comes first,
 * has asked already; elsewhere it takes {@code --enable-native-access}.
 */
public final class Binding {
    private static final String PROPERTY = "zerocopy.foreign";

    /** The kind of scope that nobody can close. */
    private static final Class<?> FOR_EVER =
            MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1)).scope().getClass();

    private static String how = "not bound";

    private Binding() {}

    /**
     * Binds the C library.
     *
     * @return the binding
     * @throws UnsupportedOperationException if this is not Linux, or a processor whose constants or calls differ
     * @throws LinkageError if JNA, or a function, cannot be loaded
     */
    public static synchronized Syscalls load() {
        JnaSyscalls jna = JnaSyscalls.load();
        if (System.getProperty(PROPERTY, "true").equals("false")) {
            how = "JNA: -D" + PROPERTY + "=false";
            return jna;
        }
        if (!Binding.class.getModule().isNativeAccessEnabled()) {
            how = "JNA: " + Binding.class.getModule() + " has no native access, see --enable-native-access";
            return jna;
        }
        try {
            Syscalls foreign = new ForeignSyscalls(jna);
            how = "java.lang.foreign";
            return foreign;
        } catch (LinkageError | RuntimeException e) { // a function that is missing, a linker that is not there
            how = "JNA: " + e;
            return jna;
        }
    }

    /**
     * Finds the memory of a direct buffer.
     *
     * @param direct the buffer, of which neither position nor limit counts
     * @return the address of its first byte
     */
    public static long addressOf(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address() - direct.position();
    }

    /**
     * Finds the memory of a direct buffer, if nobody can take it away.
     *
     * @param direct the buffer, of which neither position nor limit counts
     * @return the address of its first byte; 0 if it is of an arena that can be closed, or is for one thread
     */
    public static long stableAddressOf(ByteBuffer direct) {
        MemorySegment segment = MemorySegment.ofBuffer(direct);
        return segment.scope().getClass() == FOR_EVER ? segment.address() - direct.position() : 0;
    }

    /**
     * Tells how the frequent functions are called, and why not otherwise.
     *
     * @return for people to read
     */
    public static synchronized String how() {
        return how;
    }
}
