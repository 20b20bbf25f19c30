package io.zerocopy.internal.path;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.endpoint.EndpointChecks;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.file.FileNames;
import io.zerocopy.internal.file.SureFolder;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.spi.OpenFiles;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * {@code copy(Path, Path)} and {@code copy(channel, Path)} with the rules of {@link Files#copy}: an existing target is
 * replaced only if the options say so, a file is created with the source's permissions, and a failed copy of a file
 * leaves no file. With {@code ATOMIC_MOVE} the target appears only when it is complete. The new file is changed by its
 * descriptor if possible, see {@link MadeFile}.
 */
public final class PathCopy {
    private PathCopy() {}

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
        CopyOptions options = CopyOptions.of(given, true);
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
            requireReplaceable(source, target, existing);
        }
        Providers providers = Providers.forTransfer();
        try (CopySource in =
                CopySource.open(providers, source, from, options, target)) { // before the target is touched
            if (existing != null && isWrittenTo(target, existing)) {
                return onto(providers, target, new TransferBuilder(in.channel()).ownSource());
            }
            if (existing != null && !options.atomic()) {
                Files.delete(target);
            }
            return into(target, in, options);
        }
    }

    private static TransferResult into(Path target, CopySource in, CopyOptions options) throws IOException {
        try (MadeFile made = make(target, in, options)) {
            Transfer.Builder bytes =
                    new TransferBuilder(in.channel()).ownSource().toNew(made.channel());
            if (options.atomic()) {
                bytes.durable(); // all bytes are on disk before the file gets its name
            }
            TransferResult result = bytes.build().run();
            made.copyAttributes(in, options.attributes());
            made.complete(options.replace());
            return result;
        }
    }

    /**
     * Creates the file. One that will get all attributes and has set-id bits has no name until they are set: otherwise
     * its new owner could write to it after the owner is set and before the bits are, and so make a program that runs
     * as the group.
     */
    private static MadeFile make(Path target, CopySource in, CopyOptions options) throws IOException {
        if (in.files() == null) {
            return NamedFile.make(target, in.mode(), options);
        }
        return options.atomic() || (options.attributes() && (in.mode() & FileMode.SET_ID) != 0)
                ? DescriptorFile.staged(in.files(), target, in.mode())
                : DescriptorFile.named(in.files(), target, in.mode(), options.attributes());
    }

    /**
     * Whether bytes are written to an existing device or FIFO. If another user may have created it, it is replaced, as
     * {@code Files.copy} does, because that user could read the bytes. If its owner cannot be found out, it is written
     * to.
     */
    private static boolean isWrittenTo(Path target, BasicFileAttributes existing) throws IOException {
        return existing.isOther()
                && (target.getFileSystem() != FileSystems.getDefault()
                        || !FileNames.isPosix(target)
                        || !SureFolder.canBeSure()
                        || SureFolder.isNameKept(target));
    }

    /**
     * Writes to a device or FIFO, because a user who copies to {@code /dev/null} does not want to replace it by a file.
     * Fails if a file has replaced it meanwhile.
     */
    private static TransferResult onto(Providers providers, Path target, TransferBuilder from) throws IOException {
        try (Channel out =
                CopySource.opened(providers, target, FileNames.notFollowing(target, StandardOpenOption.WRITE))) {
            OpenFiles files = providers.openFiles(out);
            BasicFileAttributes now = files == null ? existing(target) : null;
            if (files != null ? files.isRegular(out) : now == null || !now.isOther()) {
                throw new FileSystemException(target.toString(), null, "another file took its place meanwhile");
            }
            return from.toOpened(out).build().run();
        }
    }

    /** Refuses a target that is not a file or a link, because only these can be replaced in one step. */
    private static void requireReplaceable(Path source, Path target, BasicFileAttributes existing)
            throws AtomicMoveNotSupportedException {
        if (existing.isDirectory() || existing.isOther()) {
            throw new AtomicMoveNotSupportedException(
                    source.toString(),
                    target.toString(),
                    existing.isDirectory() ? "the target is a directory" : "a device or FIFO is never replaced");
        }
    }

    /**
     * Copies a directory or a link. One call creates it; replacing an existing target by it takes two calls, so this is
     * not atomic.
     */
    private static void copySpecial(
            Path source, Path target, BasicFileAttributes existing, CopyOptions options, CopyOption[] given)
            throws IOException {
        if (options.atomic() && existing != null && options.replace()) {
            throw new AtomicMoveNotSupportedException(
                    source.toString(), target.toString(), "only a file can replace a target in one step");
        }
        CopyOption[] known = Arrays.stream(given)
                .filter(option -> option != StandardCopyOption.ATOMIC_MOVE)
                .toArray(CopyOption[]::new);
        Files.copy(source, target, known);
    }

    /**
     * Copies the rest of a channel into a file. If the source fails, bytes that reached the file stay there.
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
        CopyOptions options = CopyOptions.of(given, false);
        Failures.refuseInterrupted();
        EndpointChecks.requireOpen(source, true);
        Providers providers = Providers.forTransfer(); // before the target is touched
        EndpointChecks.requireReadable(source, providers.source(source));
        BasicFileAttributes existing = existing(target);
        if (existing != null && !options.replace()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        TransferBuilder from = new TransferBuilder(source);
        if (existing != null && isWrittenTo(target, existing)) {
            return onto(providers, target, from);
        }
        if (existing != null) {
            Files.delete(target);
        }
        try (SeekableByteChannel out =
                Files.newByteChannel(target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            return from.toNew(out).build().run();
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
