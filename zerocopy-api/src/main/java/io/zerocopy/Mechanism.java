package io.zerocopy;

/**
 * The ways in which bytes can move, each with what one pass of it costs.
 *
 * <p>The numbers are those of the literature on Linux zero-copy I/O, for a file on a disk sent to a network interface:
 * a <em>CPU copy</em> is one pass of the processor over the bytes, a <em>DMA copy</em> one pass of a device, and every
 * system call is two <em>context switches</em> (user to kernel and back). Loopback, tmpfs and pages that are already in
 * the page cache need fewer DMA copies than stated here, and never more CPU copies.
 *
 * <p>A provider can add mechanisms with other names, see {@link io.zerocopy.spi.Strategy#name()}. Each of them counts as one
 * of these.
 */
public enum Mechanism {
    /**
     * The target shares the source's extents until one of them is written: {@code ioctl(FICLONE)} or
     * {@code ioctl(FICLONERANGE)}, on file systems with copy-on-write (XFS, btrfs, bcachefs). No byte is read or
     * written: 0 copies, one system call. See ioctl_ficlonerange(2).
     */
    REFLINK(0, 0, 1),
    /**
     * {@code copy_file_range(2)}, file to file inside the kernel. Without shared extents the kernel splices page cache
     * to page cache: one CPU copy, one DMA copy in and one out, one system call. NFS and SMB may copy on the server.
     */
    COPY_FILE_RANGE(1, 2, 1),
    /**
     * {@code sendfile(2)}, from a file's page cache to anything. One CPU copy from the page cache to the target, one
     * DMA copy in and one out, one system call. If the network interface gathers from scattered memory, the CPU copy
     * disappears too, see {@link #cpuCopies(boolean)}.
     */
    SENDFILE(1, 2, 1),
    /**
     * {@code splice(2)} moves references to pages through a pipe: 0 CPU copies, one DMA copy in and one out. The
     * literature counts one system call, which is the cost of one hop. A pair in which neither end is a pipe takes two
     * hops through a pooled pipe, so two calls. If the source's pages cannot be moved (a socket into a file's page
     * cache), the kernel copies once; the bytes still never enter the JVM.
     */
    SPLICE(0, 2, 1),
    /**
     * {@link java.nio.channels.FileChannel#transferTo}. On Linux the JDK calls {@code sendfile} or
     * {@code copy_file_range}: 1 CPU copy, 2 DMA copies and one system call that carries bytes.
     */
    TRANSFER_TO(1, 2, 1),
    /**
     * {@link java.nio.channels.FileChannel#transferFrom}. From a file the JDK calls {@code copy_file_range} (21 and
     * newer); from anything else it reads and writes 8 KiB at a time. JDK 17 would map and write a file, and newer ones
     * would do so between two file systems; but that loses the count if another thread closes the source meanwhile, so
     * there, too, this mechanism makes the JDK read and write. The costs are those of mapping and writing: 1 CPU copy,
     * 2 DMA copies and two system calls. The kernel's copy costs no more. Reading and writing costs as much as
     * {@link #READ_WRITE}.
     */
    TRANSFER_FROM(1, 2, 2),
    /**
     * {@code mmap(2)} of a window of the source and {@code write(2)} from it. There is no copy to user space: one CPU
     * copy, one DMA copy in and one out, two system calls.
     */
    MMAP_WRITE(1, 2, 2),
    /**
     * Reads and writes that bypass the page cache ({@code O_DIRECT}), from a file, to a file, or both. The device moves
     * the bytes to and from the transfer's own memory: 0 CPU copies between two files, one DMA copy in and one out, two
     * system calls. It is used only if the caller names it. At the beginning and the end of a target, bytes that do not
     * fill a block go through the page cache.
     */
    DIRECT_IO(0, 2, 2),
    /**
     * Direct I/O queued through {@code io_uring(7)}: like {@link #DIRECT_IO}, but with one system call for a batch of
     * reads and writes.
     */
    IO_URING(0, 2, 1),
    /**
     * {@code send(2)} with {@code MSG_ZEROCOPY}: the interface reads the caller's memory. 0 CPU copies, one DMA copy;
     * two system calls, because the completion must be read from the socket's error queue.
     */
    MSG_ZEROCOPY(0, 1, 2),
    /**
     * {@code writev(2)} of the caller's buffers, without merging them: one CPU copy into the kernel, one DMA copy out,
     * one system call.
     */
    GATHER_WRITE(1, 1, 1),
    /**
     * {@code read(2)} into a pooled buffer and {@code write(2)} from it. Serves every pair. Two CPU copies, one DMA
     * copy in and one out, two system calls.
     */
    READ_WRITE(2, 2, 2);

    private final int cpuCopies;
    private final int dmaCopies;
    private final int systemCalls;

    Mechanism(int cpuCopies, int dmaCopies, int systemCalls) {
        this.cpuCopies = cpuCopies;
        this.dmaCopies = dmaCopies;
        this.systemCalls = systemCalls;
    }

    /**
     * Returns how often the processor copies each byte.
     *
     * @return copies per byte, 0 to 2, for an interface without scatter-gather
     */
    public int cpuCopies() {
        return cpuCopies;
    }

    /**
     * Returns how often the processor copies each byte on the way to a network interface that does, or does not, gather
     * from scattered memory.
     *
     * @param scatterGather whether the interface gathers, see {@link Capabilities#scatterGather}
     * @return copies per byte, 0 to 2; 0 instead of 1 for {@link #SENDFILE} and {@link #TRANSFER_TO} when it gathers
     */
    public int cpuCopies(boolean scatterGather) {
        return scatterGather && (this == SENDFILE || this == TRANSFER_TO) ? 0 : cpuCopies;
    }

    /**
     * Returns how often devices copy each byte.
     *
     * @return copies per byte, 0 to 2, with source and target both on devices
     */
    public int dmaCopies() {
        return dmaCopies;
    }

    /**
     * Returns how often the processor switches between user and kernel mode for one chunk.
     *
     * @return switches per chunk, twice the number of system calls that carry its bytes
     */
    public int contextSwitchesPerCall() {
        return 2 * systemCalls;
    }
}
