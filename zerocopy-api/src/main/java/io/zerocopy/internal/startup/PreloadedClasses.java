package io.zerocopy.internal.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
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
    private static final String CLASS = ".class";

    private PreloadedClasses() {}

    /** Loads the classes in the package of a class, and in the packages below it, from the same folder. */
    public static void with(Class<?> one) {
        try {
            CodeSource from = one.getProtectionDomain().getCodeSource();
            boolean known = from != null && from.getLocation() != null;
            Path root = known ? Path.of(from.getLocation().toURI()) : null;
            boolean folder = known && root.getFileSystem() == FileSystems.getDefault() && Files.isDirectory(root);
            if (folder) { // of the default file system, not inside a jlink image, which is already open like a jar
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
