package io.zerocopy.internal.startup;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * Finds out whether enough descriptors are left for loading classes. A class loader that cannot open a jar of its path
 * ignores that jar for ever, and a class whose initialiser has failed never works again. So no class is loaded while
 * loading cannot succeed.
 */
public final class SpareDescriptors {
    /** One for each jar of this library and of its dependencies, and a few for the files that these open meanwhile. */
    private static final int NEEDED = 8;

    /** A file that opens without waiting and has no content. Without it, descriptors count as left. */
    private static final File ANY = new File("/dev/null");

    private SpareDescriptors() {}

    /**
     * The message if no descriptors are left to load something.
     *
     * @param what the thing to load, as it stands behind "to load"
     * @return the message
     */
    public static String missingFor(String what) {
        return "no descriptors are left to load " + what
                + " with (EMFILE: Too many open files); the next transfer tries again";
    }

    /**
     * Opens and closes as many descriptors as loading may need.
     *
     * @return whether all of them could be opened
     */
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
