package io.zerocopy.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/** {@code COPY_ATTRIBUTES}: times always; owner, permissions and user attributes where both sides have them. */
final class FileAttributes {
    private FileAttributes() {}

    static void copy(Path source, Path target, LinkOption[] links) throws IOException {
        copyUserDefined(source, target);
        copyPosix(source, target, links);
        BasicFileAttributes from = Files.readAttributes(source, BasicFileAttributes.class, links);
        Files.getFileAttributeView(target, BasicFileAttributeView.class)
                .setTimes(from.lastModifiedTime(), from.lastAccessTime(), from.creationTime());
    }

    private static void copyPosix(Path source, Path target, LinkOption[] links) throws IOException {
        PosixFileAttributeView to = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        if (to == null || !Paths.isPosix(source)) {
            return;
        }
        PosixFileAttributes from = Files.readAttributes(source, PosixFileAttributes.class, links);
        to.setPermissions(from.permissions());
        try {
            to.setOwner(from.owner());
            to.setGroup(from.group());
            to.setPermissions(from.permissions()); // a change of owner clears the set-id bits, never these
            FileMode.of(source, links).giveSpecialBits(target);
        } catch (IOException notAllowed) {
            // only the superuser may give files away; Files.copy goes on without a word, too
        }
    }

    private static void copyUserDefined(Path source, Path target) {
        try {
            var from = Files.getFileAttributeView(source, UserDefinedFileAttributeView.class);
            var to = Files.getFileAttributeView(target, UserDefinedFileAttributeView.class);
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
