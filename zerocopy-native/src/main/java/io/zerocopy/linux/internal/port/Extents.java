package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.Outcome;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Extent;
import java.io.IOException;

/**
 * Finds data between holes: lseek(2) with {@code SEEK_DATA} and {@code SEEK_HOLE}. Every file system answers, at least
 * with "all is data".
 *
 * <p>Both calls move the position of the descriptor. It is put back at once, and for a channel of the JDK under the
 * lock that guards its position, so that no other thread sees a moved position. If code outside the channel can also
 * reach that position (a {@code RandomAccessFile}, an inherited descriptor) and the transfer may not use it, holes are
 * not looked for. A second description of the file would have a position of its own, but closing it would drop the
 * record locks that this process holds on the file.
 */
final class Extents {
    /**
     * Answers about holes are believed up to this size. Near the largest position, a sum overflows in tmpfs, and data
     * is not found.
     */
    private static final long BELIEVED = Long.MAX_VALUE - (1L << 30);

    private final DescriptorSource source;
    private final Syscalls sys;
    private Extent found;

    Extents(DescriptorSource source) {
        this.source = source;
        this.sys = source.sys;
    }

    Extent at(long position, boolean ownPositionUntouched) throws IOException {
        Object positionLock = source.lease().positionLock(source.channel());
        if (positionLock == null && ownPositionUntouched) {
            return null;
        }
        // The JDK takes these locks in this order when a read at the channel's own position is interrupted.
        synchronized (positionLock != null ? positionLock : this) {
            found = null;
            source.call(() -> {
                found = seek(position);
                return 0;
            });
            return found;
        }
    }

    private Extent seek(long position) throws IOException {
        int fd = source.fd();
        long before = sys.lseek(fd, 0, C.SEEK_CUR);
        if (before < 0) {
            return null;
        }
        try {
            long hole = sys.lseek(fd, position, C.SEEK_HOLE);
            if (hole > position) {
                return new Extent(position, hole); // the usual case
            }
            long start = sys.lseek(fd, position, C.SEEK_DATA);
            if (start < 0 && ErrnoTable.of(Call.SEEK_DATA, start, true) == Outcome.END) {
                long size = source.sizeUnderLock();
                return size > position && size < BELIEVED ? new Extent(size, size) : null;
            }
            long end = start < 0 ? start : sys.lseek(fd, start, C.SEEK_HOLE);
            return end > start && start >= position ? new Extent(start, end) : null;
        } finally {
            sys.lseek(fd, before, C.SEEK_SET);
        }
    }
}
