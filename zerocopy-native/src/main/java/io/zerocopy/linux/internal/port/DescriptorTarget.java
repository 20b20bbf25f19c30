package io.zerocopy.linux.internal.port;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.SideTable;
import io.zerocopy.linux.internal.errno.Suspect;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.sends.ZerocopySends;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.linux.sys.memory.MsgHdr;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.NonWritableChannelException;
import java.util.function.BooleanSupplier;

/** Writes through a descriptor: pwrite(2) if there are positions, else write(2) that does not block. */
public final class DescriptorTarget extends DescriptorPort implements Target, ChannelLease.Call {
    private static final int SMALLEST_PAGE = 4096;

    private Cork cork; // null unless this is TCP and more bytes have ever followed a send
    private ReportWait reports; // null before this transfer waits for a report
    private int length; // of the current write, from the buffer whose address was asked for last
    private Memory buffers; // the table of gathered buffers; null for one buffer
    private int count;
    private long position;
    private boolean plain; // whether the write has no flag of its own
    private boolean dropsWritten; // whether the page cache is asked not to keep what is written

    public DescriptorTarget(Syscalls sys, Channel channel, ChannelLease lease) {
        super(sys, channel, lease);
    }

    @Override
    Side side() {
        return Side.TARGET;
    }

    @Override
    int events() {
        return C.POLLOUT;
    }

    @Override
    public void requireUsable() {
        if (!lease().writable()) {
            throw new NonWritableChannelException();
        }
    }

    @Override
    public void more(boolean follows) {
        if (cork == null && follows && lease().kind() == EndpointKind.TCP) {
            cork = new Cork(sys, lease().fd());
        }
        if (cork != null) {
            cork.more(follows);
        }
    }

    @Override
    public void push() throws IOException {
        if (cork != null && cork.holds()) {
            call(() -> {
                cork.push();
                return 0;
            });
        }
    }

    @Override
    public void release() {
        if (cork != null && cork.holds()) {
            lease().callIfOpen(channel(), cork::push);
        }
        super.release();
    }

    /** Called before a call that moves bytes here and has no flag to say that more follow. Under the close lock. */
    public void beforeCall() {
        if (cork != null) {
            cork.beforeCall();
        }
    }

    /** Called after such a call with its answer, and returns that answer. Under the close lock. */
    public long sent(long answer) {
        if (answer > 0 && cork != null) {
            cork.sent();
        }
        return answer;
    }

    /** Whether more bytes follow at once after those that are sent now. */
    public boolean moreFollows() {
        return cork != null && cork.follows();
    }

    @Override
    public long write(ByteBuffer source, long position) throws IOException {
        if (moreFollows()) {
            return write(new ByteBuffer[] {source}, 0, 1, position);
        }
        return usesAddressOf(source) ? writeInPlace(source, position) : writeThroughDirect(source, position);
    }

    @Override
    public long writeMapped(ByteBuffer source, long position) throws IOException {
        lookUpMapped(source);
        return write(source, position);
    }

    private long writeInPlace(ByteBuffer source, long at) throws IOException {
        if (lease().isWaitingDevice() && !isReady()) {
            return Step.AWAIT_TARGET;
        }
        length = source.remaining();
        position = at;
        buffers = null;
        long n = call(this);
        if (ErrnoTable.waits(Call.WRITE, n)) {
            return Step.AWAIT_TARGET;
        }
        written("write", n);
        source.position(source.position() + (int) n);
        return n == 0 ? Step.AWAIT_TARGET : n;
    }

    /** Memory that cannot be read belongs to the source: it maps the source's file. */
    private static long written(String call, long result) throws IOException {
        return result >= 0
                ? result
                : checked(call, result, SideTable.of(Call.WRITE, result) == Suspect.SOURCE ? Side.SOURCE : Side.TARGET);
    }

    @Override
    public void dropWritten() {
        dropsWritten = lease().kind() == EndpointKind.FILE;
    }

    /** The write itself. */
    @Override
    public long make() throws IOException {
        if (plain) {
            return buffers == null
                    ? sys.write(fd(), nextAddress(), length)
                    : sys.writev(fd(), buffers.address(), count);
        }
        return sent(position >= 0 ? writeAt() : writeNow());
    }

    private long writeAt() {
        long n = dropsWritten ? writeOnce() : 0;
        if (dropsWritten) {
            return n;
        }
        return buffers == null
                ? sys.pwrite(fd(), nextAddress(), length, position)
                : sys.pwritev(fd(), buffers.address(), count, position);
    }

    /** Writes without leaving pages in the cache. If that is refused, nothing is written, and it is not tried again. */
    private long writeOnce() {
        long n = vectored(position, C.RWF_DONTCACHE);
        dropsWritten = !ErrnoTable.isWithoutFlag(Call.RWF_DONTCACHE, n);
        return n;
    }

    private long vectored(long where, int flags) {
        return buffers == null
                ? sys.pwritev2(fd(), iov(nextAddress(), length), 1, where, flags)
                : sys.pwritev2(fd(), buffers.address(), count, where, flags);
    }

    private long writeNow() throws IOException {
        if (buffers != null && moreFollows()) {
            int flags = C.MSG_MORE | C.MSG_DONTWAIT | C.MSG_NOSIGNAL;
            return sys.sendmsg(fd(), MsgHdr.ofBuffers(buffers, count), flags);
        }
        if (lease().isToldPerCall()) {
            long n = vectored(-1, C.RWF_NOWAIT);
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

    private long writeThroughDirect(ByteBuffer source, long position) throws IOException {
        ByteBuffer direct = BufferPool.DIRECT.take(Math.min(source.remaining(), CallSizes.HEAP));
        try {
            int count = Math.min(direct.capacity(), source.remaining());
            direct.put(0, source, source.position(), count);
            direct.limit(count);
            long n = write(direct, position);
            if (n > 0) {
                source.position(source.position() + (int) n);
            }
            return n;
        } finally {
            BufferPool.DIRECT.give(direct);
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int from, int to, long at) throws IOException {
        Memory memory = Memory.take();
        ByteBuffer staging =
                IovArray.anyOnHeap(this, sources, from, to) ? BufferPool.DIRECT.take(CallSizes.HEAP) : null;
        try {
            count = IovArray.fill(this, sources, from, to, C.MAX_RW_COUNT, memory, staging);
            if (count == 0) {
                return Target.super.write(sources, from, to, at);
            }
            if (lease().isWaitingDevice() && !isReady()) {
                return Step.AWAIT_TARGET;
            }
            buffers = memory;
            position = at;
            long n = call(this);
            if (ErrnoTable.waits(Call.WRITE, n)) {
                return Step.AWAIT_TARGET;
            }
            IovArray.advance(sources, from, written("writev", n));
            return n == 0 ? Step.AWAIT_TARGET : n;
        } finally {
            BufferPool.DIRECT.give(staging);
            memory.release();
        }
    }

    /** Remembers how many reports had been read when there was still something to wait for. */
    public void awaitsReport(ZerocopySends sends) {
        reports().lookAt(sends);
    }

    @Override
    public boolean awaitRelease(long nanos, BooleanSupplier alive) throws IOException {
        return reports().await(sys, fd(), nanos, alive);
    }

    private ReportWait reports() {
        if (reports == null) {
            reports = new ReportWait();
        }
        return reports;
    }

    /** Written pages cannot be dropped before they are on disk; an error of the disk is left to fsync(2) to report. */
    @Override
    public void advise(Advice advice, long position, long count) throws IOException {
        if (lease().kind() == EndpointKind.FILE && advice == Advice.DONT_NEED) {
            sync(
                    position,
                    count,
                    C.SYNC_FILE_RANGE_WAIT_BEFORE | C.SYNC_FILE_RANGE_WRITE | C.SYNC_FILE_RANGE_WAIT_AFTER);
        }
        super.advise(advice, position, count);
    }

    @Override
    public void beginWriting(long position, long count) throws IOException {
        if (lease().kind() == EndpointKind.FILE) {
            sync(position, count, C.SYNC_FILE_RANGE_WRITE);
        }
    }

    private void sync(long position, long count, int flags) throws IOException {
        call(() -> sys.sync_file_range(fd(), position, count, flags));
    }

    @Override
    public boolean zero(long position, long count) throws IOException {
        if (lease().kind() != EndpointKind.FILE || lease().append()) {
            return false;
        }
        return call(() -> punch(position, position + count) || sizeUnderLock() <= position ? 1 : 0) > 0;
    }

    /** Also after the end: XFS gives a growing file extra space there, which would remain in a hole that follows. */
    private boolean punch(long from, long to) {
        return sys.fallocate(fd(), C.FALLOC_FL_PUNCH_HOLE | C.FALLOC_FL_KEEP_SIZE, from, to - from) >= 0;
    }

    /**
     * If somebody else writes at a later position, a call that sets the size could cut that off. A byte that is written
     * at the end cannot do so; the block that it takes is given back if the file ends with it.
     */
    @Override
    public void extend(long zeros, long size, boolean alone) throws IOException {
        call(() -> {
            if (sizeUnderLock() >= size) {
                return 0;
            }
            if (alone) {
                return checkedHere("ftruncate", sys.ftruncate(fd(), size));
            }
            Memory memory = Memory.take();
            try {
                checkedHere("pwrite", sys.pwrite(fd(), memory.putLong(0, 0).address(), 1, size - 1));
                return punch(Math.max(zeros, size - SMALLEST_PAGE), size) ? 1 : 0;
            } finally {
                memory.release();
            }
        });
    }

    @Override
    public void truncate(long size) throws IOException {
        call(() -> sizeUnderLock() > size ? checkedHere("ftruncate", sys.ftruncate(fd(), size)) : 0);
    }

    /**
     * Under the close lock like every call, although this one waits for the disk, and a close by another thread waits
     * with it. The JDK's own {@code force} also makes a close wait. Without the lock the number could be reused for
     * another file, whose sync would be taken for this one's. A duplicate would drop this process's record locks on the
     * file when it is closed.
     */
    @Override
    public void force() throws IOException {
        if (lease().kind() == EndpointKind.FILE) {
            call(() -> checkedHere("fsync", sys.fsync(fd())));
        }
    }
}
