package io.zerocopy.linux.sys.bind;

/** A function that older C libraries lack; without it the rest still works. */
final class LibcRenames {
    private LibcRenames() {}

    static native int renameat2(int oldFolder, long oldPath, int newFolder, long newPath, int flags);
}
