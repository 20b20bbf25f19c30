package io.zerocopy.internal.path;

import io.zerocopy.internal.file.FileNames;
import io.zerocopy.internal.file.SureFolder;
import io.zerocopy.spi.OpenFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;

/**
 * A name whose file is removed to make room for another one. Its folder is opened once. The file that was seen is looked at
 * again in that folder, removed from it, and the new file is made in it. If a folder on the way is replaced meanwhile, this
 * has no effect on another folder.
 *
 * <table>
 * <caption>How the folder is opened</caption>
 * <tr><td>a provider knows descriptors, and there is a /proc</td><td>{@link OpenFiles#folder}</td></tr>
 * <tr><td>else, if the JDK has a {@code SecureDirectoryStream} and the folder may be read</td><td>{@link SureFolder}</td></tr>
 * <tr><td>else</td><td>not at all: the name is looked at again, and removed by its path</td></tr>
 * </table>
 *
 * <p>No system removes a name only if it stands for a certain file. If another file takes the name between the look and the
 * removal, that one is removed. Who can put it there can remove it himself.
 */
final class ReplacedName implements Closeable {
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path told;
    private final OpenFiles.OpenFolder open; // or null
    private final SureFolder stream; // or null

    private ReplacedName(Path told, OpenFiles.OpenFolder open, SureFolder stream) {
        this.told = told;
        this.open = open;
        this.stream = stream;
    }

    /** Opens the folder of a name; the provider is null where none knows descriptors. */
    static ReplacedName of(OpenFiles files, Path target) throws IOException {
        boolean here = target.getFileSystem() == FileSystems.getDefault() && target.getFileName() != null;
        OpenFiles.OpenFolder open = here && files != null ? files.folder(target) : null;
        boolean secure = here && open == null;
        return new ReplacedName(
                target, open, secure ? SureFolder.of(target.toAbsolutePath().getParent()) : null);
    }

    /** A path to the name, through the open folder if that is possible. */
    Path path() {
        return open != null ? open.path().resolve(told.getFileName()) : told;
    }

    /** Removes the file that has the name, if it is the one that was seen. */
    void remove(BasicFileAttributes seen) throws IOException {
        if (stream != null) {
            remove(stream, told, seen);
        } else {
            removeByPath(path(), told, seen);
        }
    }

    static void removeByPath(Path path, Path told, BasicFileAttributes seen) throws IOException {
        requireSeen(seen, Files.readAttributes(path, BasicFileAttributes.class, FileNames.notFollowing(told)), told);
        Files.delete(path);
    }

    /** The same in a folder that is open already. */
    static void remove(SureFolder folder, Path target, BasicFileAttributes seen) throws IOException {
        Path name = target.getFileName();
        try {
            BasicFileAttributes now =
                    folder.view(name, BasicFileAttributeView.class).readAttributes();
            requireSeen(seen, now, target);
            if (now.isDirectory()) {
                folder.stream().deleteDirectory(name);
            } else {
                folder.stream().deleteFile(name);
            }
        } catch (FileSystemException e) {
            throw named(e, target);
        }
    }

    private static void requireSeen(BasicFileAttributes seen, BasicFileAttributes now, Path target)
            throws FileSystemException {
        if (!Objects.equals(seen.fileKey(), now.fileKey())) {
            throw new FileSystemException(target.toString(), null, "another file took its place meanwhile");
        }
    }

    /** Removes it, and makes a file of the name, with the permissions that the JDK gives to new ones. */
    SeekableByteChannel replace(BasicFileAttributes seen) throws IOException {
        try {
            remove(seen);
            return stream != null
                    ? stream.stream().newByteChannel(told.getFileName(), NEW)
                    : Files.newByteChannel(path(), NEW);
        } catch (FileSystemException e) {
            throw told(e);
        }
    }

    /** The same failure, with the path that the caller has given. */
    FileSystemException told(FileSystemException e) {
        String file = e.getFile();
        boolean ours = open != null
                ? path().toString().equals(file)
                : stream != null && told.getFileName().toString().equals(file);
        return ours ? named(e, told) : e;
    }

    private static FileSystemException named(FileSystemException e, Path target) {
        String name = target.toString();
        FileSystemException same;
        if (e instanceof FileAlreadyExistsException) {
            same = new FileAlreadyExistsException(name);
        } else if (e instanceof NoSuchFileException) {
            same = new NoSuchFileException(name);
        } else if (e instanceof AccessDeniedException) {
            same = new AccessDeniedException(name);
        } else if (e instanceof DirectoryNotEmptyException) {
            same = new DirectoryNotEmptyException(name);
        } else {
            same = new FileSystemException(name, null, e.getReason());
        }
        same.initCause(e);
        return same;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
        if (stream != null) {
            stream.close();
        }
    }
}
