package io.zerocopy.internal.path;

import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** The bits of a file's mode, and their conversion to the JDK's permissions. */
final class FileMode {
    /** Set-user-id, set-group-id and sticky bit, which the JDK's permissions do not include. */
    static final int SPECIAL = 07000;

    /** The bits that make a program run as its file's owner or group. */
    static final int SET_ID = 06000;

    static final int PERMISSIONS = 0777;

    /** Permissions of the owner. */
    static final int OWNER = 0700;

    /** The mode of a file whose file system has no modes. */
    static final int NONE = -1;

    private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
    private static final PosixFilePermission[] BY_BIT = PosixFilePermission.values(); // from the highest bit, 0400

    private FileMode() {}

    /** The attributes for the call that creates a file; the system removes the bits of the umask. */
    static FileAttribute<?>[] attributes(int mode) {
        return mode == NONE
                ? NO_ATTRIBUTES
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions(mode))};
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < BY_BIT.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                set.add(BY_BIT[i]);
            }
        }
        return set;
    }

    static int of(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : permissions) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }

    static boolean isTold(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }
}
