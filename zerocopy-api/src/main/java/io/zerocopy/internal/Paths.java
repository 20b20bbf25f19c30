package io.zerocopy.internal;

import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Opening the files that a transfer names by path, and what has to be checked before. */
final class Paths {
    private Paths() {}

    /** Opens a file to read; what is no regular file by the provider that knows how to wait for it, if there is one. */
    static Channel openSource(
            Providers providers, Path path, Set<? extends OpenOption> options, Provider.Patience patience)
            throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        Channel opened = attributes.isOther() ? providers.open(path, options, patience) : null;
        return opened != null ? opened : Files.newByteChannel(path, options);
    }

    /** Opens a file to write, as {@link #openSource}. */
    static Channel openTarget(
            Providers providers, Path path, OpenOption[] options, Facts before, Provider.Patience patience)
            throws IOException {
        Set<OpenOption> all = Set.of(options);
        boolean fifo = before.kind() == Kind.PIPE && !all.contains(StandardOpenOption.CREATE_NEW); // which is there
        Channel opened = fifo ? providers.open(path, all, patience) : null;
        return opened != null ? opened : Files.newByteChannel(path, all);
    }

    /** Why no transfer between two ends can begin, as far as their names tell; null where they tell nothing. */
    static String refusal(Object source, Object target) {
        if (source instanceof Path path) {
            if (Files.notExists(path)) {
                return "no such file: " + path;
            }
            if (Files.isDirectory(path) || !Files.isReadable(path)) {
                return (Files.isDirectory(path) ? "is a directory: " : "may not be read: ") + path;
            }
        }
        if (target instanceof Path path) {
            Path parent = path.toAbsolutePath().getParent();
            if (Files.isDirectory(path)) {
                return "is a directory: " + path;
            }
            if (Files.exists(path) ? !Files.isWritable(path) : parent != null && Files.notExists(parent)) {
                return (Files.exists(path) ? "may not be written: " : "is in no directory that exists: ") + path;
            }
        }
        return null;
    }

    static OpenOption[] withoutTruncation(OpenOption[] options) {
        return Arrays.stream(options)
                .filter(option -> option != StandardOpenOption.TRUNCATE_EXISTING)
                .toArray(OpenOption[]::new);
    }

    /** Opening the target would empty the source: refused while the source still has its bytes. */
    static void refuseTruncatedSource(Path path, OpenOption[] options, Source port, Facts target, Path from)
            throws IOException {
        boolean truncates = false;
        for (OpenOption option : options) {
            truncates |= option == StandardOpenOption.TRUNCATE_EXISTING;
        }
        Facts source = port.facts();
        if (truncates && source.kind() == Kind.FILE && isSame(path, options, port, target, from)) {
            throw new IllegalArgumentException(
                    "opening the target would truncate the source, they are one file: " + path);
        }
    }

    private static boolean isSame(Path path, OpenOption[] options, Source port, Facts target, Path from)
            throws IOException {
        Facts source = port.facts();
        if (source.sameFile(target)) {
            return true;
        }
        if (from != null) {
            return Files.exists(path) && Files.isSameFile(from, path);
        }
        // Providers write devices in different ways, so that only the number of an inode tells two files apart.
        boolean told = source.inode() != 0 && target.inode() != 0 && source.inode() != target.inode();
        return !told && target.kind() == Kind.FILE && OneFile.is(port.channel(), path, options);
    }

    /**
     * Brings the name of a file to disk, which for a link is the name of what it leads to; a directory cannot be opened on
     * every platform, but on Linux it can.
     */
    static void forceDirectory(Path path) throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault() || !isPosix(path)) {
            return;
        }
        Path file = Files.isSymbolicLink(path) ? path.toRealPath() : path.toAbsolutePath();
        Path directory = file.getParent();
        if (directory != null) {
            try (FileChannel opened = FileChannel.open(directory.resolve("."), StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    /** For a file that is to be the one of that name, and not one that a link leads to. */
    static LinkOption[] notFollowing(Path path) {
        return path.getFileSystem() == FileSystems.getDefault()
                ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS}
                : new LinkOption[0]; // others need not know the option, and have no links as a rule
    }

    /** The same, to open it with. */
    static Set<OpenOption> notFollowing(Path path, OpenOption option) {
        Set<OpenOption> options = new HashSet<>(Arrays.asList(notFollowing(path)));
        options.add(option);
        return options;
    }

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
