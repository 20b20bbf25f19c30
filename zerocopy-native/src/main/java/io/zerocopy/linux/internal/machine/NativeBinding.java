package io.zerocopy.linux.internal.machine;

import io.zerocopy.internal.startup.SpareDescriptors;
import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.bind.Binding;

/**
 * The binding of this process, or the cause why there is none. Asking never throws. What is remembered of a failure:
 *
 * <table>
 * <caption>Failures</caption>
 * <tr><th>cause</th><th>remembered</th></tr>
 * <tr><td>not Linux, another processor, {@code jna.protected}</td><td>for good; JNA is not loaded</td></tr>
 * <tr><td>no descriptors are left</td><td>no: JNA is not loaded until there are some</td></tr>
 * <tr><td>JNA is missing, or its own initialiser has failed (no execution in the temporary folder, another C library,
 * native access or a permission denied)</td><td>for good: the JVM does not run an initialiser again</td></tr>
 * <tr><td>anything else</td><td>for a second</td></tr>
 * </table>
 *
 * @param syscalls the binding; null where there is a cause
 * @param cause why there is no binding; null where there is one
 */
public record NativeBinding(Syscalls syscalls, String cause) {
    private static final long RETRY_NANOS = 1_000_000_000L;

    private static volatile NativeBinding lasting; // set once there is a binding, or never will be
    private static NativeBinding failed; // the last failure that may pass
    private static long failedAt;

    public static NativeBinding bound() {
        NativeBinding known = lasting;
        return known != null ? known : attempt();
    }

    private static synchronized NativeBinding attempt() {
        if (lasting != null) {
            return lasting;
        }
        String refused = refusal();
        if (refused != null) {
            return remember(new NativeBinding(null, refused));
        }
        if (failed != null && System.nanoTime() - failedAt < RETRY_NANOS) {
            return failed;
        }
        if (!SpareDescriptors.areLeft()) { // quickly found out, so that it need not be remembered
            return new NativeBinding(null, SpareDescriptors.missingFor("JNA"));
        }
        return bind();
    }

    private static NativeBinding remember(NativeBinding found) {
        lasting = found;
        return found;
    }

    /** Why JNA is not even loaded; null where it may be. */
    private static String refusal() {
        String unsupported = Abi.unsupportedBecause();
        if (unsupported != null) {
            return unsupported;
        }
        try {
            return Boolean.getBoolean("jna.protected") ? Binding.PROTECTED : null;
        } catch (SecurityException notToBeAsked) {
            return "the property jna.protected may not be read: " + notToBeAsked.getMessage();
        }
    }

    private static NativeBinding bind() {
        try {
            Syscalls syscalls = Binding.load();
            JdkFields.load();
            return remember(new NativeBinding(syscalls, null));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error | RuntimeException e) { // JNA throws a plain Error when it finds a library of another version
            return failed(e);
        }
    }

    private static NativeBinding failed(Throwable failure) {
        boolean dead = failure instanceof NoClassDefFoundError || failure instanceof ExceptionInInitializerError;
        String cause = oneLine(rootOf(failure).toString());
        // After an initialiser that has failed, JNA only says that it has; the first failure said why.
        NativeBinding found = dead && failed != null ? failed : new NativeBinding(null, cause);
        if (dead || failure instanceof UnsupportedOperationException) {
            return remember(found);
        }
        failed = found;
        failedAt = System.nanoTime();
        return found;
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = Character.isWhitespace(text.charAt(i)) ? ' ' : text.charAt(i);
            if (c != ' ' || (line.length() > 0 && line.charAt(line.length() - 1) != ' ')) {
                line.append(c);
            }
        }
        return line.toString().strip();
    }

    /** A failed initialiser hides what it failed of. */
    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
