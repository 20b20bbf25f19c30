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
 * Loads classes ahead of their first use where they lie in a folder. Which class a failure needs first is only known when
 * it happens; where it is that no descriptor is left, the class cannot be read from a folder, and the JVM does not try
 * again, ever (JVMS 5.4.3): every transfer that comes that way would fail from then on, and leave undone what it has to
 * put back. A jar is open already, and costs nothing here.
 */
public final class PreloadedClasses {
    private PreloadedClasses() {}

    /** Loads what lies in the package of a class, and in those below it, in the same folder. */
    public static void with(Class<?> one) {
        URL location = location(one);
        if (location != null && location.getPath().endsWith("/")) { // as that of every folder, and of no jar
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

    /** Apart from the rest, so that it is not loaded for a jar. */
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
                return; // then each class is loaded when it is needed
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
                return; // one that builds on what is not there, and that nobody will come to need
            }
        }
    }
}
