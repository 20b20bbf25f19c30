package io.zerocopy.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is written under a name of its own beside its target, and takes the target's name when it is whole: by
 * rename(2), which replaces what is there, or by link(2), which refuses to. Closing one that was not published removes
 * it; a process that is killed leaves it behind, under a name that begins with {@value #PREFIX}.
 *
 * <p>A file without a name ({@code O_TMPFILE}) would leave nothing behind even then, but it cannot replace a target (no
 * flag makes linkat(2) do that), not every file system has it, and the JDK cannot open it; so it would be one way more,
 * not one way less.
 */
final class StagedFile implements Closeable {
    static final String PREFIX = ".zerocopy-";

    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path target;
    private final SeekableByteChannel channel;
    private Path path; // null once published

    StagedFile(Path target, FileAttribute<?>... attributes) throws IOException {
        this.target = target;
        SeekableByteChannel opened = null;
        while (opened == null) {
            path = target.resolveSibling(
                    PREFIX + Long.toHexString(ThreadLocalRandom.current().nextLong()));
            try {
                opened = Files.newByteChannel(path, NEW, attributes);
            } catch (FileAlreadyExistsException taken) {
                continue; // by another copy: another name
            } catch (NoSuchFileException noDirectory) {
                throw new NoSuchFileException(target.toString());
            }
        }
        this.channel = opened;
    }

    /** What can be replaced in one step is a file or a link. */
    static void requireReplaceable(Path source, Path target, BasicFileAttributes existing)
            throws AtomicMoveNotSupportedException {
        if (existing.isDirectory() || existing.isOther()) {
            throw new AtomicMoveNotSupportedException(
                    source.toString(),
                    target.toString(),
                    existing.isDirectory() ? "a directory is in the way" : "a device or FIFO is never replaced");
        }
    }

    Path path() {
        return path;
    }

    /** To be closed by whoever writes the file, before it is published. */
    SeekableByteChannel channel() {
        return channel;
    }

    /** Gives the file its name. */
    void publish(boolean replace) throws IOException {
        if (replace || !linked()) {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.delete(path);
        }
        path = null;
    }

    /** False where the file system has no links: a file that appears in this very moment is then replaced. */
    private boolean linked() throws IOException {
        try {
            Files.createLink(target, path);
            return true;
        } catch (FileAlreadyExistsException appeared) {
            throw appeared;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (path != null) {
            Files.deleteIfExists(path);
            path = null;
        }
    }
}
