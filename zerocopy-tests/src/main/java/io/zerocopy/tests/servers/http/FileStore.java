package io.zerocopy.tests.servers.http;

import io.zerocopy.tests.servers.message.Refusal;
import io.zerocopy.tests.servers.message.StoredFile;
import io.zerocopy.tests.servers.message.UriPath;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;

/**
 * A directory, and the files below it that requests may use. A name is resolved to the real path. If that is not below
 * the real directory, the file counts as missing, so neither {@code ..} nor a symbolic link leads out. Only regular
 * files are opened, because opening a FIFO would wait.
 *
 * <p>What this is not: safe against someone who can change directories below the root during a request.
 */
public final class FileStore {
    private final Path root;

    /**
     * Creates a store over a directory.
     *
     * @param root the directory
     * @throws IOException if it does not exist, or is not a directory
     */
    public FileStore(Path root) throws IOException {
        this.root = root.toRealPath();
        if (!Files.isDirectory(this.root)) {
            throw new NotDirectoryException(root.toString());
        }
    }

    /**
     * Opens the file that a target names; for a directory, the {@code index.html} in it.
     *
     * @param target of a request
     * @return the open file
     * @throws Refusal if there is no file that may be read
     * @throws IOException if it cannot be read
     */
    public StoredFile open(String target) throws Refusal, IOException {
        UriPath path = UriPath.of(target);
        try {
            Path file = real(named(path));
            BasicFileAttributes attributes = attributes(file);
            if (attributes.isDirectory()) {
                if (!path.directory()) {
                    String with = UriPath.rawPath(target).replaceFirst("^/+", "/") + "/";
                    throw new Refusal(301, "this is a directory", "Location", with);
                }
                file = real(file.resolve("index.html"));
                attributes = attributes(file);
            } else if (path.directory()) {
                throw notFound();
            }
            if (!attributes.isRegularFile()) {
                throw notFound();
            }
            return StoredFile.open(file, attributes);
        } catch (AccessDeniedException e) {
            throw new Refusal(403, "this may not be read");
        } catch (InvalidPathException | NoSuchFileException e) {
            throw notFound();
        }
    }

    /**
     * Returns where a file of this name would be stored.
     *
     * @param target of a request
     * @return its path, in an existing directory; the path does not exist or is a regular file
     * @throws Refusal if there can be no such file, or other users may write to its directory
     * @throws IOException if the directories cannot be read
     */
    Path place(String target) throws Refusal, IOException {
        UriPath path = UriPath.of(target);
        if (path.directory() || path.relative().isEmpty()) {
            throw new Refusal(409, "this names a directory");
        }
        try {
            Path named = named(path);
            Path directory = real(named.getParent());
            if (!Files.isDirectory(directory)) {
                throw new Refusal(409, "there is no such directory");
            }
            requireUnshared(directory);
            Path place = directory.resolve(named.getFileName());
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new Refusal(409, "there is something else of this name");
            }
            return place;
        } catch (AccessDeniedException e) {
            throw new Refusal(403, "this may not be written");
        } catch (InvalidPathException | NoSuchFileException e) {
            throw new Refusal(409, "there is no such directory");
        }
    }

    /**
     * Refuses folders in which another user could replace a name by a file or link between two calls: all folders from
     * the root on must belong to the root's owner, and no other user may write to them.
     */
    private void requireUnshared(Path directory) throws Refusal, IOException {
        if (!root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        UserPrincipal owner = Files.getOwner(root);
        for (Path at = directory; at.startsWith(root); at = at.getParent()) {
            PosixFileAttributes found = Files.readAttributes(at, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean others = found.permissions().contains(PosixFilePermission.GROUP_WRITE)
                    || found.permissions().contains(PosixFilePermission.OTHERS_WRITE);
            if (others || !found.owner().equals(owner) || !found.isDirectory()) {
                throw new Refusal(403, "others may write to this directory");
            }
            if (at.equals(root)) {
                return;
            }
        }
    }

    private Path named(UriPath path) throws Refusal {
        for (String name : path.relative().split("/")) {
            if (name.startsWith(Upload.PARTIAL)) {
                throw notFound();
            }
        }
        return root.resolve(path.relative());
    }

    private Path real(Path path) throws Refusal, IOException {
        Path real;
        try {
            real = path.toRealPath();
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) { // a file instead of a directory, a loop of links, a name that is too long
            throw new NoSuchFileException(path.toString());
        }
        if (!real.startsWith(root)) {
            throw notFound();
        }
        return real;
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static Refusal notFound() {
        return new Refusal(404, "there is no such file");
    }
}
