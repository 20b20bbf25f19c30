package io.zerocopy.linux.internal.port;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Extent;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.NonReadableChannelException;

/** Reads through a descriptor: pread(2) if there are positions, else read(2) that does not block. */
public final class DescriptorSource extends DescriptorPort implements Source, ChannelLease.Call {
    private static final long BLOCK = 4096; // no device has larger ones

    private ColdPages pages; // of a file, once a large range of it is read
    private int length; // of the current read, into the buffer whose address was asked for last
    private long position;
    private boolean plain; // whether the read has no flag of its own
    private Extents extents; // of a file, once extents were asked for

    public DescriptorSource(Syscalls sys, Channel channel, ChannelLease lease) {
        super(sys, channel, lease);
    }

    @Override
    Side side() {
        return Side.SOURCE;
    }

    @Override
    int events() {
        return C.POLLIN;
    }

    @Override
    public void requireUsable() {
        if (!lease().readable()) {
            throw new NonReadableChannelException();
        }
    }

    @Override
    public long read(ByteBuffer target, long position) throws IOException {
        if (isInWholeBlocks()) {
            return readWholeBlocks(target, position);
        }
        return usesAddressOf(target) ? readInPlace(target, position) : readThroughDirect(target, position);
    }

    @Override
    boolean servesWholeBlocks() {
        return true;
    }

    /** From a file that is open past the page cache, if no second description is available. */
    private long readWholeBlocks(ByteBuffer target, long at) throws IOException {
        AlignedBlock block = AlignedBlock.take();
        try {
            long start = at & -BLOCK;
            int lead = (int) (at - start);
            long left = Math.max(0, size() - start);
            long wanted = Math.min(lead + (long) target.remaining(), left);
            long most = Math.min(AlignedBlock.CAPACITY, wanted + BLOCK - 1 & -BLOCK);
            long n = most == 0 ? 0 : checked("pread", call(() -> sys.pread(fd(), block.address(), most, start)));
            int useful = (int) Math.min(n - lead, target.remaining());
            if (useful <= 0) {
                return Step.END;
            }
            target.put(block.part(lead, lead + useful));
            return useful;
        } finally {
            block.release();
        }
    }

    private long readInPlace(ByteBuffer target, long at) throws IOException {
        // A terminal or another device may block despite its flags, and so may a virtual file, such as /proc/kmsg; but
        // nothing may block under the lock.
        if ((lease().isWaitingDevice() || lease().kind() == EndpointKind.VIRTUAL_FILE) && !isReady()) {
            return Step.AWAIT_SOURCE;
        }
        length = target.remaining();
        position = at;
        boolean bounded = length > CallSizes.NOT_LOOKED_UP && lease().kind() == EndpointKind.FILE && !facts().direct();
        if (bounded) {
            pages = pages == null ? new ColdPages(this) : pages;
            length = (int) pages.before(at, length, true);
        }
        long n = call(this);
        if (bounded) {
            pages.after(n);
        }
        if (n == 0 && facts().fileSystem().equals("fuse")) {
            askSizeAgain();
            n = call(this);
        }
        if (ErrnoTable.waits(Call.READ, n)) {
            return Step.AWAIT_SOURCE;
        }
        if (checkedHere("read", n) == 0) {
            return Step.END;
        }
        target.position(target.position() + (int) n);
        return n;
    }

    /**
     * Asks the server for the file's size. After a short read by a server, the kernel takes that point for the end of
     * the file, and believes it as long as the server allows it to remember sizes.
     */
    private void askSizeAgain() throws IOException {
        Memory memory = Memory.take();
        try {
            int how = C.AT_EMPTY_PATH | C.AT_STATX_FORCE_SYNC;
            call(() -> sys.statx(fd(), "", how, C.STATX_SIZE, memory.address()));
        } finally {
            memory.release();
        }
    }

    @Override
    public long lastSize() {
        return lease().kind() == EndpointKind.FILE && !facts().direct()
                ? lease().lastSize.get()
                : -1;
    }

    @Override
    public void stepBack(long count) throws IOException {
        seek(-count, C.SEEK_CUR);
    }

    /** Whether the file ends at a position; found by a read, because a file may have more bytes than its size says. */
    public boolean endsAt(long at) throws IOException {
        return read(ByteBuffer.allocate(1), at) == Step.END;
    }

    @Override
    public Extent extent(long position, boolean ownPositionUntouched) throws IOException {
        if (lease().kind() != EndpointKind.FILE || !mayHaveHoles()) {
            return null;
        }
        if (extents == null) {
            extents = new Extents(this);
        }
        return extents.at(position, ownPositionUntouched);
    }

    /** The read itself. */
    @Override
    public long make() throws IOException {
        if (plain) {
            return sys.read(fd(), nextAddress(), length);
        }
        if (!lease().kind().isFile()) {
            return readNow();
        }
        return position == OWN_POSITION
                ? sys.read(fd(), nextAddress(), length)
                : sys.pread(fd(), nextAddress(), length, position);
    }

    private long readNow() throws IOException {
        if (lease().isToldPerCall()) {
            long n = sys.preadv2(fd(), iov(nextAddress(), length), 1, -1, C.RWF_NOWAIT);
            if (!mustHold(n)) {
                return n;
            }
        }
        plain = true;
        try {
            return withoutWaiting(this);
        } finally {
            plain = false;
        }
    }

    private long readThroughDirect(ByteBuffer target, long position) throws IOException {
        ByteBuffer direct = BufferPool.DIRECT.take(Math.min(target.remaining(), CallSizes.HEAP));
        try {
            direct.limit(Math.min(direct.capacity(), target.remaining()));
            long n = read(direct, position);
            if (n > 0) {
                target.put(direct.flip());
            }
            return n;
        } finally {
            BufferPool.DIRECT.give(direct);
        }
    }
}
