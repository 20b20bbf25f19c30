package io.zerocopy.nio.internal.strategies.transfer;

import io.zerocopy.spi.EndpointFacts;
import java.lang.reflect.Method;

/**
 * Finds out whether {@code transferFrom} makes the kernel copy from file to file. If it does, its count is always
 * exact.
 *
 * <p>If the kernel does not copy, the JDK maps the source, writes from the mapping, and then sets the source's
 * position. If another thread has closed the source by then, setting the position throws: bytes have arrived, but their
 * number is unknown. JDK 17 always does this. Newer JDKs do it if {@code copy_file_range(2)} refuses, for example
 * between two file systems.
 */
final class KernelCopy {
    private static final boolean PRESENT = isDeclared();

    private KernelCopy() {}

    /** Whether the JDK asks the kernel, and no fact about the two files is known for which the kernel would refuse. */
    static boolean serves(EndpointFacts source, EndpointFacts target) {
        return PRESENT && source.device() == target.device();
    }

    /** Looks for the JDK's method that asks the kernel, by its name, because a trial would have to move a file. */
    private static boolean isDeclared() {
        try {
            for (Method method :
                    Class.forName("sun.nio.ch.FileChannelImpl", false, null).getDeclaredMethods()) {
                if (method.getName().startsWith("transferFromDirect")) { // "Directly" before 22
                    return true;
                }
            }
            return false;
        } catch (ReflectiveOperationException | LinkageError | SecurityException unseen) {
            return false;
        }
    }
}
