package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.NonWritableChannelException;

/** Writes through a descriptor: pwrite(2) where there are positions, else write(2) on what does not block. */
final class DescriptorTarget extends DescriptorPort implements Target {
    private static final int IOVEC = 16; // void *base, size_t length

    DescriptorTarget(Syscalls sys, Channel channel, Handle handle) {
        super(sys, channel, handle, C.POLLOUT);
    }

    @Override
    public void acquire() throws IOException {
        if (!handle.writable()) {
            throw new NonWritableChannelException();
        }
        super.acquire();
    }

    @Override
    public long write(ByteBuffer source, long position) throws IOException {
        if (!source.isDirect()) {
            return writeThroughDirect(source, position);
        }
        if (handle.isWaitingDevice() && !isReady()) {
            return Step.AWAIT_TARGET;
        }
        long address = addressOf(source);
        long n;
        synchronized (handle.closeLock()) {
            requireOpen();
            n = position >= 0
                    ? sys.pwrite(fd(), address, source.remaining(), position)
                    : writeNow(address, source.remaining());
        }
        if (n == -Errno.EAGAIN) {
            return Step.AWAIT_TARGET;
        }
        checked("write", n);
        source.position(source.position() + (int) n);
        return n == 0 ? Step.AWAIT_TARGET : n;
    }

    private long writeNow(long address, int length) {
        if (handle.isToldPerCall()) {
            long n = sys.pwritev2(fd(), iov(address, length), 1, -1, C.RWF_NOWAIT);
            if (!mustHold(n)) {
                return n;
            }
        }
        hold();
        return sys.write(fd(), address, length);
    }

    private long writeNow(Memory table, int count) {
        if (handle.isToldPerCall()) {
            long n = sys.pwritev2(fd(), table.address(), count, -1, C.RWF_NOWAIT);
            if (!mustHold(n)) {
                return n;
            }
        }
        hold();
        return sys.writev(fd(), table.address(), count);
    }

    private long writeThroughDirect(ByteBuffer source, long position) throws IOException {
        Staging staging = Staging.take();
        try {
            ByteBuffer direct = staging.buffer().clear();
            int count = Math.min(direct.capacity(), source.remaining());
            direct.put(0, source, source.position(), count);
            direct.limit(count);
            long n = write(direct, position);
            if (n > 0) {
                source.position(source.position() + (int) n);
            }
            return n;
        } finally {
            staging.release();
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int from, int to, long position) throws IOException {
        Memory memory = Memory.take();
        Staging staging = Staging.take();
        try {
            int count = gather(sources, from, to, memory, staging.buffer().clear());
            if (count == 0) {
                return Target.super.write(sources, from, to, position);
            }
            if (handle.isWaitingDevice() && !isReady()) {
                return Step.AWAIT_TARGET;
            }
            long n;
            synchronized (handle.closeLock()) {
                requireOpen();
                n = position >= 0 ? sys.pwritev(fd(), memory.address(), count, position) : writeNow(memory, count);
            }
            if (n == -Errno.EAGAIN) {
                return Step.AWAIT_TARGET;
            }
            advance(sources, from, checked("writev", n));
            return n == 0 ? Step.AWAIT_TARGET : n;
        } finally {
            staging.release();
            memory.release();
        }
    }

    /**
     * Fills the table of buffers for one call: direct ones by their address, those on the heap staged as far as there
     * is room. Returns how many entries it has.
     */
    private static int gather(ByteBuffer[] sources, int from, int to, Memory memory, ByteBuffer staging) {
        long base = Memory.addressOf(staging);
        int count = 0;
        for (int i = from; i < to && count < C.IOV_MAX; i++) {
            ByteBuffer source = sources[i];
            int length = source.remaining();
            if (length == 0) {
                continue;
            }
            long address;
            if (source.isDirect()) {
                address = Memory.addressOf(source) + source.position();
            } else {
                length = Math.min(length, staging.remaining());
                address = base + staging.position();
                staging.put(staging.position(), source, source.position(), length);
                staging.position(staging.position() + length);
            }
            memory.putLong(count * IOVEC, address).putLong(count * IOVEC + 8, length);
            count++;
            if (length < source.remaining() || (!source.isDirect() && !staging.hasRemaining())) {
                break; // the rest goes with the next call
            }
        }
        return count;
    }

    private static void advance(ByteBuffer[] sources, int from, long written) {
        long left = written;
        for (int i = from; left > 0; i++) {
            int n = (int) Math.min(left, sources[i].remaining());
            sources[i].position(sources[i].position() + n);
            left -= n;
        }
    }

    @Override
    public void force() throws IOException {
        if (handle.kind() == Kind.FILE) {
            synchronized (handle.closeLock()) {
                requireOpen();
                checked("fsync", sys.fsync(fd()));
            }
        }
    }
}
