package io.zerocopy.linux.sys.bind;

import io.zerocopy.linux.sys.Syscalls;

/**
 * Binds the C library. If the application has native access, the frequent functions are called through
 * {@code java.lang.foreign}, which saves a third of a microsecond per call compared with JNA; otherwise through JNA.
 * This class does not request access itself, because that would cause an unexpected warning or an exception. On the
 * class path of JDK 24 and newer, JNA is loaded first and has already requested it; elsewhere
 * {@code --enable-native-access} is needed.
 */
public final class Binding {
    private static final String PROPERTY = "zerocopy.foreign";

    private static String how = "not bound";

    private Binding() {}

    /**
     * Binds the C library.
     *
     * @return the binding
     * @throws UnsupportedOperationException if this is not Linux, or if the processor is not in the table of
     *     {@code Abi}
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
        } catch (LinkageError | RuntimeException e) { // a missing function or a missing linker
            how = "JNA: " + e;
            return jna;
        }
    }

    /**
     * Returns how the frequent functions are called, and why not in another way.
     *
     * @return a text for people
     */
    public static synchronized String how() {
        return how;
    }
}
