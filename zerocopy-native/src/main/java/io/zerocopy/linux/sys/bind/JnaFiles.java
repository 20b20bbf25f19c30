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

    private static final class Bound {
        static final boolean FILES = registered(LibcFiles.class, NativeLibrary.getInstance("c"));
        static final boolean RENAMES = registered(LibcRenames.class, NativeLibrary.getInstance("c"));
    }

    /** Binds functions that need not be there; JNA refuses a class of which one is missing. */
    static boolean registered(Class<?> functions, NativeLibrary library) {
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
            result = Bound.FILES ? LibcFiles.openat(folder, path, flags, mode) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int mkdirat(int folder, long path, int mode) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.mkdirat(folder, path, mode) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int linkat(int oldFolder, long oldPath, int newFolder, long newPath, int flags) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.linkat(oldFolder, oldPath, newFolder, newPath, flags) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int renameat(int oldFolder, long oldPath, int newFolder, long newPath) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.renameat(oldFolder, oldPath, newFolder, newPath) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int renameat2(int oldFolder, long oldPath, int newFolder, long newPath, int flags) {
        long result;
        do {
            result = Bound.RENAMES ? LibcRenames.renameat2(oldFolder, oldPath, newFolder, newPath, flags) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int unlinkat(int folder, long path, int flags) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.unlinkat(folder, path, flags) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    /** Never fails; without the function it is nobody whom a file could belong to. */
    @Override
    public int geteuid() {
        return Bound.FILES ? LibcFiles.geteuid() : -1;
    }

    @Override
    public int fchown(int fd, int owner, int group) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.fchown(fd, owner, group) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int fchmod(int fd, int mode) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.fchmod(fd, mode) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int futimens(int fd, long times) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.futimens(fd, times) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public long flistxattr(int fd, long names, long size) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.flistxattr(fd, names, size) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public long fgetxattr(int fd, long name, long value, long size) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.fgetxattr(fd, name, value, size) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (result == MISSING ? -Errno.ENOSYS : checked(result));
    }

    @Override
    public int fsetxattr(int fd, long name, long value, long size, int flags) {
        long result;
        do {
            result = Bound.FILES ? LibcFiles.fsetxattr(fd, name, value, size, flags) : MISSING;
        } while (result != MISSING && interrupted(result));
        return (int) (result == MISSING ? -Errno.ENOSYS : checked(result));
    }
}
