package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Types of file systems, asked by fstatfs(2) and remembered for those on block devices. The number of a block device never
 * stands for a file system that is made up when it is read, such as procfs, so that a type which is out of date, since
 * another file system was mounted from the same device, says nothing wrong about sizes. Thread-safe.
 */
final class FileSystemTypes {
    /**
     * What was asked.
     *
     * @param device the number of the block device
     * @param type what the kernel said
     */
    private record Known(long device, long type) {}

    private final Syscalls sys;
    private final AtomicReferenceArray<Known> known = new AtomicReferenceArray<>(16);

    FileSystemTypes(Syscalls sys) {
        this.sys = sys;
    }

    /** The type of the file system in which an open regular file lies; 0 if the kernel does not say. */
    long of(int fd, FileStatus status, Memory memory) {
        if (!status.isOnBlockDevice()) {
            return ask(fd, memory);
        }
        int slot = (int) ((status.device() ^ status.device() >>> 32) & (known.length() - 1));
        Known last = known.get(slot);
        if (last != null && last.device() == status.device()) {
            return last.type();
        }
        long type = ask(fd, memory);
        if (type != 0) {
            known.set(slot, new Known(status.device(), type));
        }
        return type;
    }

    private long ask(int fd, Memory memory) {
        return FileStatus.type(sys.fstatfs(fd, memory.address()), memory);
    }
}
