package io.zerocopy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Set;

/**
 * {@code COPY_ATTRIBUTES}: times always; owner, permissions and user attributes where both sides have them. The target has
 * just been made: a link in its place is somebody else's, and none of its own attributes is given to what it leads to.
 */
final class FileAttributes {
    private FileAttributes() {}

    static void copy(Path source, Path target, LinkOption[] links) throws IOException {
        LinkOption[] noLinks = Paths.notFollowing(target);
        BasicFileAttributes from = Files.readAttributes(source, BasicFileAttributes.class, links);
        if (from.isRegularFile()) { // to look into anything else is to open it, which may wait
            copyUserDefined(source, target, links, noLinks);
        }
        copyPosix(source, target, links, noLinks);
        Files.getFileAttributeView(target, BasicFileAttributeView.class, noLinks)
                .setTimes(from.lastModifiedTime(), from.lastAccessTime(), from.creationTime());
    }

    /**
     * The owner first: permissions are meant for the source's owner and group. Who may not give files away keeps the
     * permissions that the file was made with, which the umask has a part in.
     */
    private static void copyPosix(Path source, Path target, LinkOption[] links, LinkOption[] noLinks)
            throws IOException {
        PosixFileAttributeView to = Files.getFileAttributeView(target, PosixFileAttributeView.class, noLinks);
        if (to == null || !Paths.isPosix(source)) {
            return;
        }
        PosixFileAttributes from = Files.readAttributes(source, PosixFileAttributes.class, links);
        try {
            to.setOwner(from.owner());
            to.setGroup(from.group());
            setPermissions(target, to, from.permissions());
            FileMode.of(source, links).giveSpecialBits(target);
        } catch (IOException notAllowed) {
            // only the superuser may give files away; Files.copy goes on without a word, too
        }
    }

    /** Through the folder where that can be: a view by path follows links on JDK 25, whatever it was told. */
    private static void setPermissions(Path target, PosixFileAttributeView to, Set<PosixFilePermission> permissions)
            throws IOException {
        try (DirectoryStream<Path> folder =
                Files.newDirectoryStream(target.toAbsolutePath().getParent())) {
            if (folder instanceof SecureDirectoryStream<Path> secure) {
                secure.getFileAttributeView(
                                target.getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setPermissions(permissions);
                return;
            }
        } catch (AccessDeniedException mayNotBeRead) {
            // a folder to put things into
        }
        to.setPermissions(permissions);
    }

    private static void copyUserDefined(Path source, Path target, LinkOption[] links, LinkOption[] noLinks) {
        try {
            var from = Files.getFileAttributeView(source, UserDefinedFileAttributeView.class, links);
            var to = Files.getFileAttributeView(target, UserDefinedFileAttributeView.class, noLinks);
            if (from == null || to == null) {
                return;
            }
            for (String name : from.list()) {
                ByteBuffer value = ByteBuffer.allocate(from.size(name));
                from.read(name, value);
                to.write(name, value.flip());
            }
        } catch (IOException notSupported) {
            // a file system without user attributes has none to lose
        }
    }
}
