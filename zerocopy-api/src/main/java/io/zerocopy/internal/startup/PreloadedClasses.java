package io.zerocopy.internal.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.stream.Stream;

/**
 * Loads classes before their first use if they are in a folder. A failure may be the first use of a class. If the
 * failure is that no descriptors are left, the class cannot be read from a folder, and the JVM never tries again (JVMS
 * 5.4.3). Every later transfer that needs the class would then fail, and would not restore what it has to restore. A
 * jar is already open, so nothing is loaded from it here.
 */
public final class PreloadedClasses {
    private PreloadedClasses() {}

    /**
     * Loads the classes in the package of a class, and in the packages below it, from the same folder.
     *
     * @param one the class
     */
    public static void with(Class<?> one) {
        URL location = location(one);
        if (location != null && location.getPath().endsWith("/")) { // true for folders, false for jars
            Folder.load(location, one);
        }
    }

    private static URL location(Class<?> one) {
        try {
            CodeSource from = one.getProtectionDomain().getCodeSource();
            return from == null ? null : from.getLocation();
        } catch (SecurityException notToBeAsked) {
            return null;
        }
    }

    /** A class of its own, so that it is not loaded if the classes are in a jar. */
    private static final class Folder {
        private static final String CLASS = ".class";

        private Folder() {}

        static void load(URL location, Class<?> one) {
            try {
                Path root = Path.of(location.toURI());
                if (root.getFileSystem() == FileSystems.getDefault() && Files.isDirectory(root)) {
                    String within = one.getPackageName().replace('.', '/');
                    load(root, root.resolve(within), one.getClassLoader());
                }
            } catch (IOException
                    | UncheckedIOException
                    | URISyntaxException
                    | IllegalArgumentException
                    | FileSystemNotFoundException
                    | SecurityException notHere) {
                return; // then each class is loaded when it is first used, as usual
            }
        }

        private static void load(Path root, Path folder, ClassLoader loader) throws IOException {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : (Iterable<Path>) all::iterator) {
                    String name = root.relativize(path).toString();
                    if (name.endsWith(CLASS)) {
                        load(name.substring(0, name.length() - CLASS.length()), loader);
                    }
                }
            }
        }

        private static void load(String path, ClassLoader loader) {
            try {
                Class.forName(path.replace('/', '.').replace('\\', '.'), false, loader);
            } catch (ClassNotFoundException | LinkageError unusable) {
                return; // it depends on a class that is not there, so no code can use it
            }
        }
    }
}
