package io.zerocopy.nio.internal.strategies;

import io.zerocopy.spi.Facts;
import java.lang.reflect.Method;

/**
 * Whether {@code transferFrom} has the kernel copy from file to file, in which case it always tells how much has moved.
 *
 * <p>Where the kernel does not, the JDK maps the source, writes from the mapping, and then sets the source's position. If
 * another thread has closed the source by then, that throws: the bytes have arrived, and nobody knows how many. 17 has no
 * other way; newer JDKs go that way where {@code copy_file_range(2)} refuses, as it does between two file systems.
 */
final class KernelCopy {
    private static final boolean PRESENT = isDeclared();

    private KernelCopy() {}

    /** Whether the kernel is asked, and nothing is known of the two files for which it would refuse. */
    static boolean serves(Facts source, Facts target) {
        return PRESENT && source.device() == target.device();
    }

    /** By the name of the method that asks the kernel: a file is too much to move for finding out. */
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
