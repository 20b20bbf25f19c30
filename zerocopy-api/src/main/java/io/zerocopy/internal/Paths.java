package io.zerocopy.internal;

import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Opening the files that a transfer names by path, and what has to be checked before. */
final class Paths {
    private Paths() {}

    static SeekableByteChannel openSource(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new FileSystemException(path.toString(), null, "Is a directory");
        }
        return Files.newByteChannel(path, StandardOpenOption.READ);
    }

    static SeekableByteChannel openTarget(Path path, OpenOption[] options) throws IOException {
        return Files.newByteChannel(path, Set.of(options));
    }

    /** Opening the target would empty the source: refused while the source still has its bytes. */
    static void refuseTruncatedSource(Path path, OpenOption[] options, Facts source, Facts target, Object sourceGiven)
            throws IOException {
        boolean truncates = false;
        for (OpenOption option : options) {
            truncates |= option == StandardOpenOption.TRUNCATE_EXISTING;
        }
        boolean same = source.sameFile(target)
                || (sourceGiven instanceof Path from && Files.exists(path) && Files.isSameFile(from, path));
        if (truncates && same && source.kind() == Kind.FILE) {
            throw new IllegalArgumentException(
                    "opening the target would truncate the source, they are one file: " + path);
        }
    }

    /** Brings the name of a file to disk; a directory cannot be opened on every platform, but on Linux it can. */
    static void forceDirectory(Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null && path.getFileSystem() == FileSystems.getDefault() && isPosix(path)) {
            try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
