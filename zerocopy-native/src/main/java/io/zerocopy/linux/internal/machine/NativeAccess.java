package io.zerocopy.linux.internal.machine;

/**
 * Whether the caller may use native code. A security manager (up to JDK 23) sees nothing of what the C library is asked,
 * so that only code that may load libraries gets that far: it can ask the C library itself. Everybody else is served by the
 * JDK, whose checks then count. Asked each time, because the answer depends on all callers of the thread.
 */
public final class NativeAccess {
    private NativeAccess() {}

    /** Null if it may. */
    @SuppressWarnings("removal") // of what there is on 17
    public static String deniedBecause() {
        try {
            SecurityManager manager = System.getSecurityManager();
            if (manager != null) {
                manager.checkLink("c");
            }
            return null;
        } catch (SecurityException denied) {
            return "a security manager denies native code: " + denied.getMessage();
        } catch (LinkageError later) { // a JDK that has none any more
            return null;
        }
    }
}
