package io.zerocopy.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * {@code copy(Path, Path)} and {@code copy(channel, Path)} with the rules of {@link Files#copy}: what exists is only
 * replaced when asked for, a file is created with the source's permissions, a failed copy of a file leaves none. With
 * {@code ATOMIC_MOVE} the target appears whole or not at all, see {@link StagedFile}.
 */
public final class PathCopy {
    private static final Set<OpenOption> CREATE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private PathCopy() {}

    private record Options(boolean replace, boolean attributes, boolean noFollow, boolean atomic) {
        static Options of(CopyOption[] given, boolean fromFile) {
            boolean replace = false;
            boolean attributes = false;
            boolean noFollow = false;
            boolean atomic = false;
            for (CopyOption option : given) {
                Objects.requireNonNull(option, "option");
                if (option == StandardCopyOption.REPLACE_EXISTING) {
                    replace = true;
                } else if (fromFile && option == StandardCopyOption.COPY_ATTRIBUTES) {
                    attributes = true;
                } else if (fromFile && option == LinkOption.NOFOLLOW_LINKS) {
                    noFollow = true;
                } else if (fromFile && option == StandardCopyOption.ATOMIC_MOVE) {
                    atomic = true;
                } else {
                    throw new UnsupportedOperationException("Unsupported option: " + option);
                }
            }
            return new Options(replace, attributes, noFollow, atomic);
        }

        LinkOption[] links() {
            return noFollow ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
        }

        /** How the source is opened: a link that takes its place meanwhile must not be followed then either. */
        Set<OpenOption> reading(Path source) {
            return noFollow ? Paths.notFollowing(source, StandardOpenOption.READ) : Set.of(StandardOpenOption.READ);
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
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Options options = Options.of(given, true);
        Failures.refuseInterrupted();
        BasicFileAttributes from = Files.readAttributes(source, BasicFileAttributes.class, options.links());
        BasicFileAttributes existing = existing(target);
        if (existing != null && sameFile(source, from, target, existing)) {
            return nothingMoved();
        }
        if (from.isDirectory() || from.isSymbolicLink()) {
            copySpecial(source, target, existing, options, given);
            return nothingMoved();
        }
        if (existing != null && !options.replace()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (existing != null && options.atomic()) {
            StagedFile.requireReplaceable(source, target, existing);
        }
        if (from.isOther()) {
            return copy(source, source, target, existing, options); // a FIFO is opened when it can be waited for
        }
        try (SeekableByteChannel in =
                Files.newByteChannel(source, options.reading(source))) { // before the target is touched
            return copy(in, source, target, existing, options);
        }
    }

    private static TransferResult copy(
            Object in, Path source, Path target, BasicFileAttributes existing, Options options) throws IOException {
        FileMode mode = FileMode.of(source, options.links());
        if (options.atomic()) {
            return staged(in, source, target, mode, options);
        }
        TransferResult result = into(from(in, source, options), mode, target, existing);
        if (options.attributes() && (existing == null || !existing.isOther())) {
            boolean complete = false;
            try {
                FileAttributes.copy(source, target, options.links());
                complete = true;
            } finally {
                if (!complete) {
                    Files.deleteIfExists(target);
                }
            }
        }
        return result;
    }

    private static TransferBuilder from(Object in, Path source, Options options) {
        return new TransferBuilder(in).openedWith(options.reading(source));
    }

    /** Under another name first, all of it on disk before it gets its own. */
    private static TransferResult staged(Object in, Path source, Path target, FileMode mode, Options options)
            throws IOException {
        try (StagedFile staged = new StagedFile(target, mode.permissions())) {
            TransferResult result;
            try (SeekableByteChannel out = staged.channel()) {
                mode.giveSpecialBits(staged.path());
                result = from(in, source, options)
                        .ownSource()
                        .toNew(out)
                        .durable()
                        .build()
                        .run();
            }
            if (options.attributes()) {
                FileAttributes.copy(source, staged.path(), options.links());
            }
            staged.publish(options.replace());
            return result;
        }
    }

    /** A directory or a link comes into being by one call anyway; to replace something by it takes two. */
    private static void copySpecial(
            Path source, Path target, BasicFileAttributes existing, Options options, CopyOption[] given)
            throws IOException {
        if (options.atomic() && existing != null && options.replace()) {
            throw new AtomicMoveNotSupportedException(
                    source.toString(), target.toString(), "only a file can replace something at once");
        }
        CopyOption[] known = Arrays.stream(given)
                .filter(option -> option != StandardCopyOption.ATOMIC_MOVE)
                .toArray(CopyOption[]::new);
        Files.copy(source, target, known);
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
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        Options options = Options.of(given, false);
        Failures.refuseInterrupted();
        EndpointChecks.requireOpen(source, true);
        EndpointChecks.requireReadable(source);
        BasicFileAttributes existing = existing(target);
        if (existing != null && !options.replace()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        return into(new TransferBuilder(source), null, target, existing);
    }

    /**
     * A file can be read again, so a target that failed is removed; bytes that came from a channel, which has no mode to
     * give, stay in it.
     */
    private static TransferResult into(TransferBuilder from, FileMode mode, Path target, BasicFileAttributes existing)
            throws IOException {
        // A device or FIFO is written to: to replace it by a file is what nobody means by "copy to /dev/null".
        if (existing != null && existing.isOther()) {
            OpenOption[] options =
                    Paths.notFollowing(target, StandardOpenOption.WRITE).toArray(OpenOption[]::new);
            return from.to(target, options).build().run();
        }
        if (existing != null) {
            Files.delete(target);
        }
        boolean complete = false;
        SeekableByteChannel out =
                Files.newByteChannel(target, CREATE, mode == null ? new FileAttribute<?>[0] : mode.permissions());
        try {
            TransferResult result;
            try (out) {
                if (mode != null) {
                    mode.giveSpecialBits(target);
                    from.ownSource();
                }
                result = from.toNew(out).build().run();
            }
            complete = true; // and closed without an error
            return result;
        } finally {
            if (!complete && mode != null) {
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

    private static TransferResult nothingMoved() {
        return new TransferResult(0, End.SOURCE_ENDED, Mechanism.READ_WRITE, List.of(), List.of(), Duration.ZERO);
    }
}
