package io.zerocopy.nio.internal.mapped;

import io.zerocopy.spi.OpenedFile;
import io.zerocopy.spi.Provider;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Opens a file by its path, to be mapped. The JDK would wait for the other end of a FIFO, and nothing would end that wait; so
 * what is no regular file is refused by its name, and what becomes a FIFO after that look is opened without waiting by the
 * provider that can.
 */
public final class RegularFile {
    private RegularFile() {}

    /** Opens it; fails at once if it is no regular file. */
    public static FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return FileChannel.open(path, options);
        }
        requireRegular(path);
        Provider.Patience none = () -> {
            throw irregular(path);
        };
        for (Provider provider : Advisers.inUse()) {
            Channel opened = provider.open(path, options, none);
            if (opened instanceof OpenedFile regular) {
                return replaced(regular, path, options);
            }
            if (opened instanceof FileChannel file) {
                return file;
            }
            if (opened != null) {
                opened.close();
                throw irregular(path);
            }
        }
        return FileChannel.open(path, options);
    }

    /** Has the JDK open the file: by its path if there is no other way, or if no descriptor is left for a second one. */
    private static FileChannel replaced(OpenedFile opened, Path path, Set<? extends OpenOption> options)
            throws IOException {
        try (opened) {
            FileChannel file = opened.replaceByJdkChannel();
            if (file != null) {
                return file;
            }
        }
        return FileChannel.open(path, options);
    }

    private static void requireRegular(Path path) throws IOException {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            if (found.isDirectory() || found.isOther()) {
                throw irregular(path);
            }
        } catch (NoSuchFileException absent) {
            return; // it may be created
        }
    }

    private static FileSystemException irregular(Path path) {
        return new FileSystemException(path.toString(), null, "no regular file, and so it cannot be mapped");
    }

    /**
     * A failure that names the file.
     *
     * @param file its path; empty if it is not known
     */
    public static IOException named(String file, IOException failure) {
        if (file.isEmpty() || failure instanceof FileSystemException) {
            return failure;
        }
        FileSystemException named = new FileSystemException(file, null, failure.getMessage());
        named.initCause(failure);
        return named;
    }
}
