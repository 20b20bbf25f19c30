package io.zerocopy.linux.internal.machine;

import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.bind.Binding;

/**
 * The binding of this process, or the cause why there is none: JNA missing, its library not to be loaded (no execution
 * in the temporary folder, another C library, native access denied), not Linux. Found once; asking never throws.
 *
 * @param syscalls the binding; null where there is a cause
 * @param cause why there is no binding; null where there is one
 */
public record NativeBinding(Syscalls syscalls, String cause) {
    private static final class Holder {
        static final NativeBinding BOUND = bind();
    }

    public static NativeBinding bound() {
        return Holder.BOUND;
    }

    private static NativeBinding bind() {
        try {
            Syscalls syscalls = Binding.load();
            JdkFields.load();
            return new NativeBinding(syscalls, null);
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error | RuntimeException e) { // JNA throws a plain Error when it finds a library of another version
            return new NativeBinding(null, rootOf(e).toString().strip().replaceAll("\\s+", " "));
        }
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
