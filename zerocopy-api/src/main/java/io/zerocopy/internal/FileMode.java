package io.zerocopy.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** What a copy of a file is made with: its permissions, and the bits that permissions do not speak of. */
final class FileMode {
    private static final int SPECIAL = 07000;
    private static final int PERMISSIONS = 0777;
    private static final FileAttribute<?>[] NONE = {};
    private static final PosixFilePermission[] BY_BIT = PosixFilePermission.values(); // from the highest bit, 0400

    private final int special;
    private final FileAttribute<?>[] permissions;

    private FileMode(int special, FileAttribute<?>[] permissions) {
        this.special = special;
        this.permissions = permissions;
    }

    /** Asks a file, in one look where its file system tells the mode. */
    static FileMode of(Path source, LinkOption[] links) throws IOException {
        if (hasMode(source)) {
            int mode = (int) Files.getAttribute(source, "unix:mode", links);
            return new FileMode(mode & SPECIAL, attribute(permissions(mode)));
        }
        if (!Paths.isPosix(source)) {
            return new FileMode(0, NONE);
        }
        PosixFileAttributes attributes = Files.readAttributes(source, PosixFileAttributes.class, links);
        return new FileMode(0, attribute(attributes.permissions()));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < BY_BIT.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                set.add(BY_BIT[i]);
            }
        }
        return set;
    }

    private static FileAttribute<?>[] attribute(Set<PosixFilePermission> set) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }

    private static boolean hasMode(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /** For the call that makes the file. */
    FileAttribute<?>[] permissions() {
        return permissions;
    }

    /**
     * Set-user-id, set-group-id and sticky bit. Given before the first byte, as by {@link Files#copy}: the kernel takes
     * those away again that a writer without privileges must not give.
     */
    void giveSpecialBits(Path target) {
        try {
            if (special != 0 && hasMode(target)) {
                int mode = (int) Files.getAttribute(target, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
                Files.setAttribute(target, "unix:mode", mode | special, LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException | UnsupportedOperationException notAllowed) {
            // a file without these bits is the safe kind of copy
        }
    }
}
