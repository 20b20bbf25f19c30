package io.zerocopy.internal.path;

import io.zerocopy.internal.failure.Account;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.file.FileNames;
import io.zerocopy.internal.file.OwnDescriptor;
import io.zerocopy.internal.file.SureFolder;
import io.zerocopy.internal.plan.Providers;
import io.zerocopy.spi.OpenFiles;
import io.zerocopy.spi.Provider;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The file that a copy reads. It is opened once. Its attributes are read from the open file, if a provider can do this;
 * otherwise by its name in a {@link SureFolder}, if it is in one; otherwise by {@link OwnDescriptor}, which is as safe.
 * In all other cases they are read by name, before and after the file is opened: a file that was replaced between the
 * two is refused.
 */
final class CopySource implements Closeable {
    private static final Set<OpenOption> IN_FOLDER = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Channel channel;
    private final OpenFiles files; // null if no provider knows the descriptor
    private final int mode;
    private final Named named; // null if it is not needed

    /**
     * The attributes that were read by name.
     *
     * @param path the path of the file itself, not of a link to it, if links are followed
     * @param basic times
     * @param posix owner, group and permissions; null if the file has none
     * @param isSure whether these surely are attributes of the opened file, even if another user tried to replace it
     * @param links the link options for reading attributes by the path
     */
    record Named(
            Path path, BasicFileAttributes basic, PosixFileAttributes posix, boolean isSure, LinkOption... links) {}

    private CopySource(Channel channel, OpenFiles files, int mode, Named named) {
        this.channel = channel;
        this.files = files;
        this.mode = mode;
        this.named = named;
    }

    static CopySource open(Providers providers, Path source, BasicFileAttributes seen, CopyOptions options, Path target)
            throws IOException {
        Set<OpenOption> how = options.reading(source);
        Channel channel = opened(providers, source, how);
        boolean keep = false;
        try {
            boolean here = target.getFileSystem() == FileSystems.getDefault();
            OpenFiles files = here ? providers.openFiles(channel) : null;
            if (files != null) {
                if (files.isRegular(channel) != seen.isRegularFile()) {
                    throw replaced(source);
                }
                CopySource byDescriptor = new CopySource(channel, files, files.mode(channel), null);
                keep = true;
                return byDescriptor;
            }
            CopySource inFolder = seen.isRegularFile() ? inSureFolder(source, options) : null;
            if (inFolder != null) {
                return inFolder;
            }
            CopySource known = byDescriptor(channel, source, seen);
            known = known != null ? known : byName(channel, source, seen, options);
            keep = true;
            return known;
        } finally {
            if (!keep) {
                channel.close();
            }
        }
    }

    /** Opens a file, if possible by a provider whose wait can be interrupted if a FIFO has replaced the file. */
    static Channel opened(Providers providers, Path path, Set<OpenOption> how) throws IOException {
        Channel waited = providers.open(path, how, new Uninterrupted());
        return waited != null ? waited : Files.newByteChannel(path, how);
    }

    /** Called while the other end of a FIFO is not open. No lambda: the first one of a process costs more than a class. */
    private static final class Uninterrupted implements Provider.Patience {
        @Override
        public void check() throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw Failures.describe(Failures.Interrupted.now(), true, Account.NONE);
            }
        }
    }

    private static CopySource inSureFolder(Path source, CopyOptions options) throws IOException {
        if (source.getFileSystem() != FileSystems.getDefault()) {
            return null;
        }
        Path real = options.noFollow() ? source.toAbsolutePath() : source.toRealPath();
        Path name = real.getFileName();
        try (SureFolder folder = name == null ? null : SureFolder.of(real.getParent())) {
            if (folder == null || !folder.isSure()) {
                return null;
            }
            Channel channel = folder.stream().newByteChannel(name, IN_FOLDER);
            try {
                PosixFileAttributes posix =
                        folder.view(name, PosixFileAttributeView.class).readAttributes();
                int mode = FileMode.of(posix.permissions());
                if (FileMode.isTold(real)) { // read by path, so it counts only if it is the same file
                    Map<String, Object> told =
                            Files.readAttributes(real, "unix:mode,fileKey", LinkOption.NOFOLLOW_LINKS);
                    boolean same = Objects.equals(told.get("fileKey"), posix.fileKey());
                    mode |= same ? (int) told.get("mode") & FileMode.SPECIAL : 0;
                }
                return new CopySource(
                        channel, null, mode, new Named(real, posix, posix, true, FileNames.notFollowing(real)));
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        }
    }

    /** Reads attributes by a name of the open file itself; null if there is none. */
    private static CopySource byDescriptor(Channel channel, Path source, BasicFileAttributes seen) throws IOException {
        boolean known = channel instanceof SeekableByteChannel && source.getFileSystem() == FileSystems.getDefault();
        Path own = known && FileMode.isTold(source) ? OwnDescriptor.of((SeekableByteChannel) channel) : null;
        if (own == null) {
            return null;
        }
        PosixFileAttributes posix = Files.readAttributes(own, PosixFileAttributes.class);
        if (posix.isRegularFile() != seen.isRegularFile()) {
            throw replaced(source);
        }
        int special = (int) Files.getAttribute(own, "unix:mode") & FileMode.SPECIAL;
        int mode = FileMode.of(posix.permissions()) | special;
        return new CopySource(channel, null, mode, new Named(own, posix, posix, true));
    }

    /**
     * Reads attributes by name. If another user can replace the file and put it back, only the owner of the copy may
     * read the copy.
     */
    private static CopySource byName(Channel channel, Path source, BasicFileAttributes seen, CopyOptions options)
            throws IOException {
        BasicFileAttributes after = attributes(source, options);
        if (!Objects.equals(seen.fileKey(), after.fileKey())) {
            throw replaced(source);
        }
        PosixFileAttributes posix = after instanceof PosixFileAttributes told ? told : null;
        int mode = posix == null ? FileMode.NONE : FileMode.of(posix.permissions());
        if (posix != null && SureFolder.canBeSure() && !SureFolder.isNameKept(source)) {
            mode &= FileMode.OWNER;
        }
        return new CopySource(channel, null, mode, new Named(source, after, posix, false));
    }

    private static FileSystemException replaced(Path source) {
        return new FileSystemException(source.toString(), null, "another file took its place meanwhile");
    }

    private static BasicFileAttributes attributes(Path source, CopyOptions options) throws IOException {
        Class<? extends BasicFileAttributes> known =
                FileNames.isPosix(source) ? PosixFileAttributes.class : BasicFileAttributes.class;
        return Files.readAttributes(source, known, options.links());
    }

    Channel channel() {
        return channel;
    }

    /** Operations of a provider on the descriptor; null if no provider knows it. */
    OpenFiles files() {
        return files;
    }

    /** The mode when the file was opened; {@link FileMode#NONE} if it has none. */
    int mode() {
        return mode;
    }

    /** The attributes that were read by name; null if the descriptor is enough. */
    Named named() {
        return named;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
