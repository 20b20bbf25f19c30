package io.zerocopy.linux.sys.bind;

import io.zerocopy.linux.sys.Syscalls;

/**
 * Binds the C library. If the application has native access, the frequent functions are called through
 * {@code java.lang.foreign} after some thousand calls, which saves a third of a microsecond per call compared with JNA;
 * otherwise through JNA. {@code -Dzerocopy.foreign=true} has it so from the first call on, {@code false} never.
 * This class does not request access itself, because that would cause an unexpected warning or an exception. On the
 * class path of JDK 24 and newer, JNA is loaded first and has already requested it; elsewhere
 * {@code --enable-native-access} is needed.
 */
public final class Binding {
    private static final String PROPERTY = "zerocopy.foreign";

    private static String how = "not bound";

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
    public static synchronized Syscalls load() {
        JnaSyscalls jna = JnaSyscalls.load();
        String wanted = property();
        if ("false".equals(wanted)) {
            how = "JNA: -D" + PROPERTY + "=false";
            return jna;
        }
        if (!Binding.class.getModule().isNativeAccessEnabled()) {
            how = "JNA: " + Binding.class.getModule() + " has no native access, see --enable-native-access";
            return jna;
        }
        boolean atOnce = "true".equals(wanted);
        how = "java.lang.foreign" + (atOnce ? "" : ", after " + ForeignSyscalls.COLD_CALLS + " calls by JNA");
        return new ForeignSyscalls(jna, atOnce ? 0 : ForeignSyscalls.COLD_CALLS);
    }

    private static String property() {
        try {
            return System.getProperty(PROPERTY);
        } catch (SecurityException notToBeAsked) {
            return null;
        }
    }

    static synchronized void stayWithJna(Throwable cause) {
        how = "JNA: " + cause;
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
