package io.zerocopy.linux.internal.direct;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.RecordLocks;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.memory.DroppedOwners;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import java.io.Closeable;
import java.io.IOException;

/**
 * A second description of a port's file, with {@code O_DIRECT}: the flags of the caller's description do not change. It
 * is opened by the descriptor's name under /proc, so it is the same file even if its path has changed. It is not opened
 * if that could drop the caller's {@link RecordLocks}.
 *
 * <p>Reads never ask for blocks after the one in which the file ends: XFS with sectors of 4096 bytes may answer EIO for
 * them if space was allocated after the end.
 */
public final class DirectDescriptor implements Closeable {
    private static final int DIO_MEM_ALIGN = 152; // in struct statx
    private static final int DIO_OFFSET_ALIGN = 156;
    private static final int BLKSIZE = 4;
    private static final int SMALLEST = 512;
    private static final int USUAL = 4096;

    private final Syscalls sys;
    private final ChannelLease lease;
    private final int fd;
    private final int alignment;
    private final Hold hold;
    private volatile long size; // a size that the file is known to have had
    private boolean closed;

    private DirectDescriptor(DescriptorPort port, int fd, int alignment) {
        this.sys = port.sys;
        this.lease = port.lease();
        this.fd = fd;
        this.alignment = alignment;
        this.hold = new Hold(this);
    }

    /** Its descriptor; no other object knows that it is open. */
    private static final class Hold extends DroppedOwners.Hold {
        private final Syscalls sys;
        private final ChannelLease lease;
        private final int fd;

        Hold(DirectDescriptor owner) {
            super(owner);
            this.sys = owner.sys;
            this.lease = owner.lease;
            this.fd = owner.fd;
        }

        @Override
        protected String letGo() {
            RecordLocks.close(sys, fd, lease);
            return "its descriptor past the page cache is closed";
        }
    }

    /** Opens the description. If that is impossible, the result has no end, only the reason. */
    public static Opened open(DescriptorPort port, int mode) throws IOException {
        Syscalls sys = port.sys;
        DroppedOwners.sweep();
        Memory memory = Memory.take();
        try {
            int how = mode | Abi.current().O_DIRECT();
            int fd = (int) port.call(() -> RecordLocks.reopen(sys, port.lease(), how));
            if (fd == RecordLocks.HELD) {
                return new Opened(null, RecordLocks.REASON);
            }
            if (fd < 0) {
                return new Opened(null, Errno.message(Call.OPEN_DIRECT.text(), fd));
            }
            int alignment = alignment(sys, fd, memory);
            if (alignment == 0 || alignment > AlignedBlock.CAPACITY) {
                RecordLocks.close(sys, fd, port.lease());
                return new Opened(null, "statx: the file system has no direct I/O for this file");
            }
            return new Opened(new DirectDescriptor(port, fd, alignment), "");
        } finally {
            memory.release();
        }
    }

    /**
     * The result of opening.
     *
     * @param end the end, or null
     * @param refused why there is none
     */
    public record Opened(DirectDescriptor end, String refused) {}

    /** Positions, lengths and addresses must be multiples of this; 0 if there is no direct I/O. */
    private static int alignment(Syscalls sys, int fd, Memory memory) {
        int result = sys.statx(fd, "", C.AT_EMPTY_PATH, C.STATX_DIOALIGN | C.STATX_SIZE, memory.address());
        if (result < 0) {
            return USUAL;
        }
        if ((memory.getInt(0) & C.STATX_DIOALIGN) != 0) {
            int offset = memory.getInt(DIO_OFFSET_ALIGN);
            return offset == 0 ? 0 : Math.max(SMALLEST, Math.max(offset, memory.getInt(DIO_MEM_ALIGN)));
        }
        int block = memory.getInt(BLKSIZE);
        return Integer.bitCount(block) == 1 && block >= SMALLEST ? block : USUAL;
    }

    int fd() {
        return fd;
    }

    /**
     * How much of a read may be requested, up to the end of the block in which the file ends. The size is asked for
     * only if the known size does not reach so far.
     *
     * @param position a multiple of the alignment
     * @param length bytes
     * @return at most {@code length}; 0 if the file ends before the position
     */
    long readable(long position, long length) {
        return length <= size - position ? length : bounded(position, length);
    }

    /**
     * The same for the file's current size; all of the length if the size is not available, since the read will tell.
     */
    private long bounded(long position, long length) {
        Memory memory = Memory.take();
        try {
            long now = FileStatus.size(sys, fd, memory);
            if (now < 0) {
                return length;
            }
            size = now;
            long left = now - position;
            long behind = -left & alignment - 1; // from the end of the file to that of its block
            return left <= 0 ? 0 : length - left <= behind ? length : left + behind;
        } finally {
            memory.release();
        }
    }

    /**
     * Whether a failed read had asked for more than the file has, because the file was cut meanwhile; the next read
     * asks for less.
     */
    boolean askedTooMuch(long result, long position, long length) {
        return result < 0
                && ErrnoTable.of(Call.DIRECT_PREAD_AT_END, result, true) == Outcome.RETRY
                && bounded(position, length) < length;
    }

    /** Reads at a multiple of the alignment into aligned memory: bytes, 0 at the end of the file, or a negative errno. */
    long pread(long address, long length, long position) {
        long asked = readable(position, length);
        long n = asked == 0 ? 0 : sys.pread(fd, address, asked, position);
        if (!askedTooMuch(n, position, asked)) {
            return n;
        }
        long left = readable(position, asked);
        return left == 0 ? 0 : sys.pread(fd, address, left, position);
    }

    public int alignment() {
        return alignment;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            hold.end();
            RecordLocks.close(sys, fd, lease);
        }
    }
}
