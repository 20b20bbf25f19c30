package io.zerocopy.internal.startup;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * Whether descriptors are left to load classes with. A class loader that cannot open a jar of its path forgets that jar for
 * good, and a class whose initialiser has failed never works again; so nothing is loaded while it cannot succeed.
 */
public final class SpareDescriptors {
    /** As many as the jars of this library or of JNA and its library, and a few for the files that these open meanwhile. */
    private static final int NEEDED = 8;

    /** Opens without waiting and holds nothing; where there is no such file, nothing is known. */
    private static final File ANY = new File("/dev/null");

    private SpareDescriptors() {}

    /** What is said while there are none to load something with. */
    public static String missingFor(String what) {
        return "no descriptors are left to load " + what
                + " with (EMFILE: Too many open files); the next transfer tries again";
    }

    public static boolean areLeft() {
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
