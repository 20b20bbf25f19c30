package io.zerocopy.nio.internal.strategies;

import java.io.IOException;
import java.util.Set;

/**
 * Recognises the exception of a JDK copying call that the kernel, or a filter in front of it, has refused as such,
 * whatever the bytes. A seccomp filter answers EPERM or ENOSYS. The JDK falls back to other means only after EINVAL,
 * and treats these as failures. A read and a write are still allowed, so the transfer need not fail.
 *
 * <p>The JDK reports only the text of the errno, not its number. If the text is in a language that is not listed here,
 * the call fails.
 */
final class Refusals {
    private static final Set<String> TEXTS = Set.of(
            "Operation not permitted", // EPERM: seccomp, an immutable file, old container runtimes
            "Permission denied", // EACCES: security modules that guard the call
            "Function not implemented", // ENOSYS: filtered, or emulated kernels
            "Operation not supported"); // EOPNOTSUPP: a file system without the operation

    private Refusals() {}

    /** Whether an exception means that the call was refused. A refused call has moved nothing. */
    static boolean isRefusal(IOException e) {
        return e.getClass() == IOException.class && e.getMessage() != null && TEXTS.contains(e.getMessage());
    }
}
