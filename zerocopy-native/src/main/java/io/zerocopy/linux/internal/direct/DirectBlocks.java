package io.zerocopy.linux.internal.direct;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Any range of a file past the page cache. Memory that is aligned for the device is read and written in place, all
 * other memory through an aligned block. Bytes that do not fill a block of the device are read past the cache and
 * written through it.
 *
 * <p>If the file system refuses, both descriptors are the ordinary one and every range counts as aligned.
 */
public final class DirectBlocks implements Closeable {

    private final Syscalls sys;
    private final int plain;
    private final DirectDescriptor end; // null if the file system refuses
    private final String refused;
    private final int alignment;

    private DirectBlocks(Syscalls sys, int plain, DirectDescriptor.Opened opened) {
        this.sys = sys;
        this.plain = plain;
        this.end = opened.end();
        this.refused = opened.refused();
        this.alignment = end == null ? 1 : end.alignment();
    }

    /** Opens the file of a descriptor once more. */
    public static DirectBlocks open(DescriptorPort port, boolean wanted, boolean read, boolean write)
            throws IOException {
        int mode = read ? write ? C.O_RDWR : C.O_RDONLY : C.O_WRONLY;
        DirectDescriptor.Opened opened =
                wanted ? DirectDescriptor.open(port, mode) : new DirectDescriptor.Opened(null, "not wanted");
        return new DirectBlocks(port.sys, port.fd(), opened);
    }

    /** Why the page cache is not bypassed; empty if it is. */
    public String refused() {
        return refused;
    }

    /** Positions, lengths and addresses should be multiples of this; 1 if alignment does not matter. */
    public int alignment() {
        return alignment;
    }

    private int fd() {
        return end == null ? plain : end.fd();
    }

    private boolean isAligned(long number) {
        return (number & alignment - 1) == 0;
    }

    /** Bytes of the file. */
    public long size() throws IOException {
        Memory memory = Memory.take();
        try {
            return DescriptorPort.checked("statx", FileStatus.size(sys, plain, memory));
        } finally {
            memory.release();
        }
    }

    /** Waits until data and size are on the device. */
    public void sync() throws IOException {
        DescriptorPort.checked("fsync", sys.fsync(plain));
    }

    /**
     * The last block with positions ends one byte after the largest position, so a call cannot request the whole block.
     */
    private long pread(long address, int length, long position) throws IOException {
        long most = Math.min(length, Long.MAX_VALUE - position);
        long n = end == null || most < length
                ? sys.pread(plain, address, most, position)
                : end.pread(address, length, position);
        return DescriptorPort.checked("pread", n);
    }

    /** Fills a buffer from a position on, up to the end of the file; the number of bytes read. */
    public int read(long position, ByteBuffer to) throws IOException {
        int before = to.position();
        long address = Memory.stableAddressOf(to);
        boolean stays = address != 0;
        long start = stays ? address : 1; // 1 is never aligned
        try (Staging staging = new Staging()) {
            boolean more = true;
            while (more && to.hasRemaining()) {
                long at = position + to.position() - before;
                int whole = Math.min(to.remaining(), CallSizes.DIRECT_FILE) & -alignment;
                boolean inPlace = stays && isAligned(start + to.position());
                if (whole > 0 && inPlace && isAligned(at)) {
                    long n = pread(start + to.position(), whole, at);
                    to.position(to.position() + (int) n);
                    more = n > 0 && isAligned(n);
                } else {
                    boolean leads = stays && isAligned(start + to.position() - at);
                    more = readStaged(at, to, leads ? alignment : AlignedBlock.CAPACITY, staging.block());
                }
            }
        } finally {
            Reference.reachabilityFence(to);
        }
        return to.position() - before;
    }

    /** Reads through a block; false at the end of the file. */
    private boolean readStaged(long at, ByteBuffer to, int most, AlignedBlock block) throws IOException {
        long start = at & -alignment;
        int lead = (int) (at - start);
        long wanted = (long) lead + to.remaining() + alignment - 1 & -alignment;
        int length = (int) Math.min(most, wanted);
        long n = pread(block.address(), length, start);
        int useful = (int) Math.min(n - lead, to.remaining());
        if (useful > 0) {
            to.put(block.part(lead, lead + useful));
        }
        return n == length;
    }

    /** Writes all of a buffer from a position on; after a failure, the buffer's position tells how much was written. */
    public void write(long position, ByteBuffer from) throws IOException {
        int before = from.position();
        long address = Memory.stableAddressOf(from);
        boolean stays = address != 0;
        long start = stays ? address : 1;
        try (Staging staging = new Staging()) {
            while (from.hasRemaining()) {
                long at = position + from.position() - before;
                int whole = isAligned(at) ? Math.min(from.remaining(), CallSizes.DIRECT_FILE) & -alignment : 0;
                long n = 0; // if there is no whole block
                if (whole > 0 && stays && isAligned(start + from.position())) {
                    n = sys.pwrite(fd(), start + from.position(), whole, at);
                } else if (whole > 0) {
                    int length = Math.min(whole, AlignedBlock.CAPACITY & -alignment);
                    n = sys.pwrite(fd(), staging.of(from, length).address(), length, at);
                }
                if (whole == 0 || ErrnoTable.isWithoutFlag(Call.DIRECT_FILE_PWRITE, n)) {
                    n = writeThroughCache(at, from, whole, staging);
                }
                requireProgress(n, from.position() - before, from.limit() - before);
                from.position(from.position() + (int) n);
            }
        } finally {
            Reference.reachabilityFence(from);
        }
    }

    /** Writes a part of a device's block, or the block in which a limit of the file's size ends. */
    private long writeThroughCache(long at, ByteBuffer from, int whole, Staging staging) {
        int toBlock = alignment - (int) (at & alignment - 1);
        int length = Math.min(from.remaining(), whole > 0 ? AlignedBlock.CAPACITY : toBlock);
        return sys.pwrite(plain, staging.of(from, length).address(), length, at);
    }

    private static void requireProgress(long n, int done, int of) throws IOException {
        if (n <= 0) {
            String why = n == 0 ? "pwrite wrote nothing" : Errno.message("pwrite", n);
            throw new IOException(why + ", after " + done + " of " + of + " bytes");
        }
    }

    @Override
    public void close() {
        if (end != null) {
            end.close();
        }
    }

    /** A block that is taken when it is needed. */
    private static final class Staging implements Closeable {
        private AlignedBlock block;

        AlignedBlock block() {
            if (block == null) {
                block = AlignedBlock.take();
            }
            return block;
        }

        /** Fills the block with the next bytes of a buffer, which does not change. */
        AlignedBlock of(ByteBuffer from, int length) {
            block().part(0, length).put(from.slice(from.position(), length));
            return block;
        }

        @Override
        public void close() {
            if (block != null) {
                block.release();
            }
        }
    }
}
