package io.zerocopy.linux.internal.file;

import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.IOException;

/**
 * The owner and the permissions of an open file. The offsets are those of the structure of statx(2).
 *
 * @param mode type and permissions
 * @param owner user
 * @param group group
 * @param device an encoding of {@code st_dev}, as in {@link FileStatus}
 * @param number the inode's number
 * @param size bytes
 */
record Status(int mode, int owner, int group, long device, long number, long size) {
    private static final int UID = 20;
    private static final int GID = 24;
    private static final int ATIME = 64;
    private static final int MTIME = 112;
    private static final int TIMESPEC = 16;

    /** Asks the descriptor itself; the memory keeps the answer, for {@link #times}. */
    static Status of(Syscalls sys, int fd, Memory memory) throws IOException {
        int result = sys.statx(fd, "", C.AT_EMPTY_PATH, C.STATX_BASIC_STATS, memory.address());
        DescriptorPort.checked("statx", result);
        FileStatus status = FileStatus.read(result, memory);
        return new Status(
                status.mode(), memory.getInt(UID), memory.getInt(GID), status.device(), status.number(), status.size());
    }

    /** Puts the times of the last answer where futimens(2) reads them: of the last access, of the last change. */
    static long times(Memory memory) {
        int to = 512; // behind the structure
        memory.putLong(to, memory.getLong(ATIME)).putLong(to + 8, memory.getInt(ATIME + 8));
        memory.putLong(to + TIMESPEC, memory.getLong(MTIME)).putLong(to + TIMESPEC + 8, memory.getInt(MTIME + 8));
        return memory.address(to);
    }

    boolean is(FileStatus status) {
        return device == status.device() && number == status.number();
    }

    int permissions() {
        return mode & C.S_IRWXUGO;
    }

    /** Whether this folder belongs to a user. */
    boolean isOf(int user) {
        return owner == user;
    }

    /** Whether nobody but its owner, and the superuser, can change the names in this folder. */
    boolean isOwnersAlone() {
        return (mode & 022) == 0;
    }

    /** Whether nobody but its owner, and the superuser, can open a file in this folder by its name. */
    boolean isPrivate() {
        return (mode & 077) == 0;
    }
}
