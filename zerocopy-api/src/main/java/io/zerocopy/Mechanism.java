package io.zerocopy;

/**
 * The ways in which bytes can move, each with what one pass of it costs.
 *
 * <p>The numbers are those of the literature on Linux zero-copy I/O, for a file on a disk sent to a network
 * interface: a <em>CPU copy</em> is one pass of the processor over the bytes, a <em>DMA copy</em> one pass of a
 * device, and every system call is two <em>context switches</em> (user to kernel and back). Loopback, tmpfs and pages
 * that are already in the page cache need fewer DMA copies than said here, never more CPU copies.
 */
public enum Mechanism {
    /**
     * The target shares the source's extents until one of them is written: {@code ioctl(FICLONE)} or
     * {@code ioctl(FICLONERANGE)}, on file systems with copy-on-write (XFS, btrfs, bcachefs). No byte is read, none is
     * written: 0 copies, one system call. See ioctl_ficlonerange(2).
     */
    REFLINK(0, 0, 1),
    /**
     * {@code copy_file_range(2)}, file to file inside the kernel. Without shared extents the kernel splices page cache
     * to page cache: one CPU copy, one DMA copy in and one out, one system call. NFS and SMB may do it on the server.
     */
    COPY_FILE_RANGE(1, 2, 1),
    /**
     * {@code sendfile(2)}, from a file's page cache to anything. One CPU copy from the page cache to the target, one
     * DMA copy in and one out, one system call. Where the network interface gathers from scattered memory the CPU copy
     * disappears too, see {@link #cpuCopies(boolean)}.
     */
    SENDFILE(1, 2, 1),
    /**
     * {@code splice(2)}, by moving references to pages through a pipe: 0 CPU copies, one DMA copy in and one out. The
     * literature counts one system call, which is what one hop costs; a pair in which neither end is a pipe takes two
     * hops through a pipe of the pool, so two calls. Where the source's pages cannot be moved (a socket into a file's
     * page cache) the kernel still copies once inside, and the bytes still never enter the JVM.
     */
    SPLICE(0, 2, 1),
    /**
     * {@link java.nio.channels.FileChannel#transferTo}: what the JDK makes of it, {@code sendfile} or
     * {@code copy_file_range} on Linux, so 1 CPU copy, 2 DMA copies and one system call that carries bytes.
     */
    TRANSFER_TO(1, 2, 1),
    /**
     * {@link java.nio.channels.FileChannel#transferFrom}: from a file {@code copy_file_range} where the JDK has it (21
     * and newer), from anything else reads and writes of 8 KiB at a time. What 17 would do with a file, and newer ones
     * between two file systems, is to map and write, which forgets its count when another thread closes the source
     * meanwhile; there, too, it reads and writes. 1 CPU copy, 2 DMA copies and two system calls are the price of mapping
     * and writing, which the kernel's copy stays within; where it reads and writes, it costs what {@link #READ_WRITE} does.
     */
    TRANSFER_FROM(1, 2, 2),
    /**
     * {@code mmap(2)} of a window of the source and {@code write(2)} from it: the copy to user space disappears, which
     * leaves one CPU copy, one DMA copy in and one out, and two system calls.
     */
    MMAP_WRITE(1, 2, 2),
    /**
     * Reads and writes that bypass the page cache ({@code O_DIRECT}), from a file, to a file, or both: the device moves
     * the bytes to and from memory of the transfer, 0 CPU copies between two files, one DMA copy in and one out, two
     * system calls. Bypassing is a wish, so it is used only where it was named. What does not fill a block at the
     * beginning and the end of a target goes through the page cache.
     */
    DIRECT_IO(0, 2, 2),
    /**
     * Direct I/O queued through {@code io_uring(7)}: as {@link #DIRECT_IO}, one system call for a batch of reads and
     * writes.
     */
    IO_URING(0, 2, 1),
    /**
     * {@code send(2)} with {@code MSG_ZEROCOPY}: the interface reads the caller's memory, 0 CPU copies, one DMA copy;
     * two system calls, since the completion has to be fetched from the socket's error queue.
     */
    MSG_ZEROCOPY(0, 1, 2),
    /**
     * {@code writev(2)} of the caller's buffers, unmerged: one CPU copy into the kernel, one DMA copy out, one system
     * call.
     */
    GATHER_WRITE(1, 1, 1),
    /**
     * {@code read(2)} into a buffer of the pool and {@code write(2)} from it; serves every pair. Two CPU copies, one
     * DMA copy in and one out, two system calls.
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
     * Tells how often the processor copies each byte.
     *
     * @return copies per byte, 0 to 2, for an interface without scatter-gather
     */
    public int cpuCopies() {
        return cpuCopies;
    }

    /**
     * Tells how often the processor copies each byte on the way to a network interface that does, or does not, gather
     * from scattered memory.
     *
     * @param scatterGather whether the interface gathers, see {@link Capabilities#scatterGather}
     * @return copies per byte, 0 to 2; 0 instead of 1 for {@link #SENDFILE} and {@link #TRANSFER_TO} when it gathers
     */
    public int cpuCopies(boolean scatterGather) {
        return scatterGather && (this == SENDFILE || this == TRANSFER_TO) ? 0 : cpuCopies;
    }

    /**
     * Tells how often devices copy each byte.
     *
     * @return copies per byte, 0 to 2, with source and target both on devices
     */
    public int dmaCopies() {
        return dmaCopies;
    }

    /**
     * Tells how often the processor changes between user and kernel mode for one chunk.
     *
     * @return switches per chunk, twice the number of system calls that carry its bytes
     */
    public int contextSwitchesPerCall() {
        return 2 * systemCalls;
    }
}
