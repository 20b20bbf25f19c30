package io.zerocopy.linux.sys.bind;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.zerocopy.linux.sys.Errno;

/**
 * Names inside open folders, and attributes of open files. A copy needs them that gives attributes or takes its name at
 * once; any other transfer does not, so they are bound at first use.
 */
abstract class JnaFiles extends JnaRings {
    private static final long MISSING = Long.MIN_VALUE;

    private static volatile NativeLibrary library; // later callers may not be allowed to open it
    private static volatile Boolean files; // whether they are there, once that is known
    private static volatile Boolean renames;

    static void opened(NativeLibrary opened) {
        library = opened;
    }

    /** A failure that may pass is not remembered, as an initialiser would. */
    private static boolean hasFiles() {
        Boolean known = files;
        if (known == null) {
            known = registered(LibcFiles.class, library);
            files = known;
        }
        return known;
    }

    private static boolean hasRenames() {
        Boolean known = renames;
        if (known == null) {
            known = registered(LibcRenames.class, library);
            renames = known;
        }
        return known;
    }

    /** Binds functions that need not be there; JNA refuses a class of which one is missing. */
    static synchronized boolean registered(Class<?> functions, NativeLibrary library) {
        try {
            Native.register(functions, library);
            return true;
        } catch (UnsatisfiedLinkError missing) {
            return false;
        }
    }

    @Override
    public int openat(int folder, long path, int flags, int mode) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.openat(folder, path, flags, mode) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int mkdirat(int folder, long path, int mode) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.mkdirat(folder, path, mode) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int linkat(int oldFolder, long oldPath, int newFolder, long newPath, int flags) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.linkat(oldFolder, oldPath, newFolder, newPath, flags) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int renameat(int oldFolder, long oldPath, int newFolder, long newPath) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.renameat(oldFolder, oldPath, newFolder, newPath) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int renameat2(int oldFolder, long oldPath, int newFolder, long newPath, int flags) {
        long result;
        do {
            result = hasRenames() ? LibcRenames.renameat2(oldFolder, oldPath, newFolder, newPath, flags) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int unlinkat(int folder, long path, int flags) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.unlinkat(folder, path, flags) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    /** Never fails; without the function it is nobody whom a file could belong to. */
    @Override
    public int geteuid() {
        return hasFiles() ? LibcFiles.geteuid() : -1;
    }

    @Override
    public int fchown(int fd, int owner, int group) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.fchown(fd, owner, group) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int fchmod(int fd, int mode) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.fchmod(fd, mode) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int futimens(int fd, long times) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.futimens(fd, times) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public long flistxattr(int fd, long names, long size) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.flistxattr(fd, names, size) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public long fgetxattr(int fd, long name, long value, long size) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.fgetxattr(fd, name, value, size) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int fsetxattr(int fd, long name, long value, long size, int flags) {
        long result;
        do {
            result = hasFiles() ? LibcFiles.fsetxattr(fd, name, value, size, flags) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }
}
