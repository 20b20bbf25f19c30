package io.zerocopy.linux.internal.machine;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * Whether descriptors are left to load JNA with. A class loader that cannot open a jar of its path forgets that jar for
 * good, and a class whose initialiser has failed never works again; so JNA is not loaded while it cannot succeed.
 */
final class SpareDescriptors {
    /** What is said while there are none. */
    static final String NONE = "no descriptors are left to load JNA with (EMFILE: Too many open files); the next"
            + " transfer tries again";

    /** For the jar of JNA, its library, that of the JDK, and the files that these read meanwhile. */
    private static final int NEEDED = 8;

    /** Opens without waiting and holds nothing; where there is no such file, nothing is known. */
    private static final File ANY = new File("/dev/null");

    private SpareDescriptors() {}

    static boolean areLeft() {
        FileInputStream[] opened = new FileInputStream[NEEDED];
        try {
            if (ANY.canRead()) {
                for (int i = 0; i < NEEDED; i++) {
                    opened[i] = new FileInputStream(ANY);
                }
            }
            return true;
        } catch (SecurityException notToBeAsked) {
            return true;
        } catch (IOException none) {
            return false;
        } finally {
            for (FileInputStream one : opened) {
                close(one);
            }
        }
    }

    private static void close(FileInputStream one) {
        try {
            if (one != null) {
                one.close();
            }
        } catch (IOException gone) {
            return; // nothing was written to it
        }
    }
}
