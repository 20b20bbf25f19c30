package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * {@code copy(Path, Path)} and {@code copy(channel, Path)} with the rules of {@link Files#copy}: what exists is only
 * replaced when asked for, a file is created with the source's permissions, a failed copy of a file leaves none.
 */
public final class PathCopy {
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private PathCopy() {}

    private record Options(boolean replace, boolean attributes, boolean noFollow) {
        static Options of(CopyOption[] given, boolean fromFile) {
            boolean replace = false;
            boolean attributes = false;
            boolean noFollow = false;
            for (CopyOption option : given) {
                Objects.requireNonNull(option, "option");
                if (option == StandardCopyOption.REPLACE_EXISTING) {
                    replace = true;
                } else if (fromFile && option == StandardCopyOption.COPY_ATTRIBUTES) {
                    attributes = true;
                } else if (fromFile && option == LinkOption.NOFOLLOW_LINKS) {
                    noFollow = true;
                } else {
                    throw new UnsupportedOperationException("Unsupported option: " + option);
                }
            }
            return new Options(replace, attributes, noFollow);
        }

        LinkOption[] links() {
            return noFollow ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
        }
    }

    /**
     * Copies a file.
     *
     * @param source the file
     * @param target its new name
     * @param given as for {@link Files#copy(Path, Path, CopyOption...)}
     * @return what was moved
     * @throws IOException as {@link Files#copy(Path, Path, CopyOption...)} and as {@code Transfer.run()}
     */
    public static TransferResult copy(Path source, Path target, CopyOption... given) throws IOException {
        Objects.requireNonNull(target, "target");
        Options options = Options.of(given, true);
        Failures.refuseInterrupted();
        BasicFileAttributes from = Files.readAttributes(source, BasicFileAttributes.class, options.links());
        BasicFileAttributes existing = existing(target);
        if (existing != null && sameFile(source, from, target, existing)) {
            return nothingMoved();
        }
        if (from.isDirectory() || from.isSymbolicLink()) {
            Files.copy(source, target, given);
            return nothingMoved();
        }
        if (existing != null && !options.replace()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        FileAttribute<?>[] permissions = permissionsOf(source, options.links());
        TransferResult result;
        if (from.isOther()) {
            result = into(source, target, existing, permissions, true); // a FIFO is opened when it can be waited for
        } else {
            try (SeekableByteChannel in = Files.newByteChannel(source)) { // before the target is touched
                result = into(in, target, existing, permissions, true);
            }
        }
        if (options.attributes() && (existing == null || !existing.isOther())) {
            FileAttributes.copy(source, target, options.links());
        }
        return result;
    }

    /**
     * Copies the rest of a channel into a file. What reached the file stays there when the source fails.
     *
     * @param source the channel
     * @param target the file's name
     * @param given as for {@link Files#copy(java.io.InputStream, Path, CopyOption...)}
     * @return what was moved
     * @throws IOException as {@link Files#copy(java.io.InputStream, Path, CopyOption...)} and as {@code Transfer.run()}
     */
    public static TransferResult copy(ReadableByteChannel source, Path target, CopyOption... given) throws IOException {
        Objects.requireNonNull(target, "target");
        Options options = Options.of(given, false);
        Failures.refuseInterrupted();
        Usable.source(source, true);
        BasicFileAttributes existing = existing(target);
        if (existing != null && !options.replace()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        return into(source, target, existing, new FileAttribute<?>[0], false);
    }

    /** A file can be read again, so a target that failed is removed; bytes that came from a channel stay in it. */
    private static TransferResult into(
            Object in,
            Path target,
            BasicFileAttributes existing,
            FileAttribute<?>[] permissions,
            boolean removeOnFailure)
            throws IOException {
        // A device or FIFO is written to: to replace it by a file is what nobody means by "copy to /dev/null".
        if (existing != null && existing.isOther()) {
            return new TransferBuilder(in)
                    .to(target, StandardOpenOption.WRITE)
                    .build()
                    .run();
        }
        if (existing != null) {
            Files.delete(target);
        }
        boolean complete = false;
        try (SeekableByteChannel out = Files.newByteChannel(target, CREATE, permissions)) {
            TransferResult result = new TransferBuilder(in).toNew(out).build().run();
            complete = true;
            return result;
        } finally {
            if (!complete && removeOnFailure) {
                Files.deleteIfExists(target);
            }
        }
    }

    private static BasicFileAttributes existing(Path target) throws IOException {
        try {
            return Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    private static boolean sameFile(Path source, BasicFileAttributes from, Path target, BasicFileAttributes to)
            throws IOException {
        if (from.fileKey() != null && to.fileKey() != null) {
            return from.fileKey().equals(to.fileKey()) && source.getFileSystem().equals(target.getFileSystem());
        }
        return Files.isSameFile(source, target);
    }

    private static FileAttribute<?>[] permissionsOf(Path source, LinkOption[] links) throws IOException {
        if (!Paths.isPosix(source)) {
            return new FileAttribute<?>[0];
        }
        PosixFileAttributes attributes = Files.readAttributes(source, PosixFileAttributes.class, links);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(attributes.permissions())};
    }

    private static TransferResult nothingMoved() {
        return new TransferResult(0, End.SOURCE_ENDED, Mechanism.READ_WRITE, List.of(), List.of(), Duration.ZERO);
    }
}
