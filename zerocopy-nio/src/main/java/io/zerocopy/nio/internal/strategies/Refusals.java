package io.zerocopy.nio.internal.strategies;

import java.io.IOException;
import java.util.Set;

/**
 * What the JDK's copying calls throw where the kernel, or a filter in front of it, refuses the call itself and not the
 * bytes: seccomp answers EPERM or ENOSYS, which the JDK takes for failures, because it goes on by other means after EINVAL
 * alone. A read and a write are still allowed then, so this is no reason to fail.
 *
 * <p>The JDK does not pass the number on, only its text; in a language that is not known here the call fails as before.
 */
final class Refusals {
    private static final Set<String> TEXTS = Set.of(
            "Operation not permitted", // EPERM: seccomp, an immutable file, old container runtimes
            "Permission denied", // EACCES: security modules that guard the call
            "Function not implemented", // ENOSYS: filtered, or emulated kernels
            "Operation not supported"); // EOPNOTSUPP: a file system without the operation

    private Refusals() {}

    /** Whether an exception says that a call was refused, in which case it has moved nothing. */
    static boolean isRefusal(IOException e) {
        return e.getClass() == IOException.class && e.getMessage() != null && TEXTS.contains(e.getMessage());
    }
}
