package io.zerocopy.linux.sys.bind;

/** Functions for names inside open folders, and for attributes of open files. Registered by {@link JnaFiles} at first use. */
final class LibcFiles {
    private LibcFiles() {}

    static native int openat(int folder, long path, int flags, int mode);

    static native int mkdirat(int folder, long path, int mode);

    static native int linkat(int oldFolder, long oldPath, int newFolder, long newPath, int flags);

    static native int renameat(int oldFolder, long oldPath, int newFolder, long newPath);

    static native int unlinkat(int folder, long path, int flags);

    static native int geteuid();

    static native int fchown(int fd, int owner, int group);

    static native int fchmod(int fd, int mode);

    static native int futimens(int fd, long times);

    static native long flistxattr(int fd, long names, long size);

    static native long fgetxattr(int fd, long name, long value, long size);

    static native int fsetxattr(int fd, long name, long value, long size, int flags);
}
