package io.zerocopy.linux.internal.stat;

import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Types of file systems, asked by fstatfs(2) and remembered by mount, whose type never changes. The key is a number
 * that no other mount ever gets: a device's number, or a mount's older kind of number, may be reused for another file
 * system, such as one that generates content at each read. Thread-safe.
 */
public final class FileSystemTypes {
    /**
     * A remembered answer.
     *
     * @param mount the number of the mount
     * @param type the kernel's answer
     */
    private record Known(long mount, long type) {}

    /**
     * Names of file systems whose files lie on this machine. A read from any other one, such as FUSE, NFS or one that
     * nobody knows here, may wait for a server for as long as the server likes. The layers of an overlay are taken for
     * local: the kernel does not tell where they lie.
     */
    private static final Set<String> LOCAL = Set.of(
            "ext4",
            "xfs",
            "btrfs",
            "bcachefs",
            "tmpfs",
            "ramfs",
            "overlay",
            "zfs",
            "f2fs",
            "vfat",
            "ntfs",
            "squashfs",
            "erofs");

    private final Syscalls sys;
    private final AtomicReferenceArray<Known> known = new AtomicReferenceArray<>(16);

    public FileSystemTypes(Syscalls sys) {
        this.sys = sys;
    }

    /** The type of the file system in which an open regular file lies; 0 if the kernel does not say. */
    public long of(int fd, FileStatus status, Memory memory) {
        if (status.mount() == 0) {
            return ask(fd, memory);
        }
        int slot = (int) (status.mount() & (known.length() - 1));
        Known last = known.get(slot);
        if (last != null && last.mount() == status.mount()) {
            return last.type();
        }
        long type = ask(fd, memory);
        if (type != 0) {
            known.set(slot, new Known(status.mount(), type));
        }
        return type;
    }

    /** Whether a file system's files surely lie on this machine. */
    public static boolean isLocal(String name) {
        return LOCAL.contains(name);
    }

    private long ask(int fd, Memory memory) {
        return FileStatus.type(sys.fstatfs(fd, memory.address()), memory);
    }
}
