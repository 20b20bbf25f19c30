package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;

/** The reads and writes of a channel over a bare descriptor: the same that a transfer would make. */
public final class RawDescriptor {
    /** No answer yet: the time was over. */
    public static final int STILL_WAITING = -2;

    private final Syscalls sys;
    private final Channel channel;
    private final ChannelLease lease;

    public RawDescriptor(Syscalls sys, Channel channel, ChannelLease lease) {
        this.sys = sys;
        this.channel = channel;
        this.lease = lease;
    }

    public int fd() {
        return lease.fd();
    }

    /** One read, which waits for at most {@code nanos}; -1 at the end, 0 if the descriptor does not wait. */
    public int read(ByteBuffer target, long nanos) throws IOException {
        requireOpen();
        DescriptorSource source = new DescriptorSource(sys, channel, lease);
        boolean waits = isBlocking();
        source.acquire();
        try {
            long position = source.position();
            long n = target.hasRemaining() ? source.read(target, position) : 0;
            if (n == Step.AWAIT_SOURCE && waits && !source.await(nanos)) {
                return STILL_WAITING;
            }
            if (n == Step.AWAIT_SOURCE) {
                return waits ? STILL_WAITING : 0;
            }
            source.position(n > 0 ? position + n : position);
            return n == Step.END ? -1 : (int) n;
        } finally {
            source.release();
        }
    }

    /** One write, which waits for at most {@code nanos}; 0 if the descriptor does not wait. */
    public int write(ByteBuffer bytes, long nanos) throws IOException {
        requireOpen();
        DescriptorTarget target = new DescriptorTarget(sys, channel, lease);
        boolean waits = isBlocking();
        target.acquire();
        try {
            boolean seekable = lease.kind().isFile() && !lease.append();
            long position = seekable ? target.position() : -1;
            long n = bytes.hasRemaining() ? target.write(bytes, position) : 0;
            if (n == Step.AWAIT_TARGET && waits && !target.await(nanos)) {
                return STILL_WAITING;
            }
            if (n == Step.AWAIT_TARGET) {
                return waits ? STILL_WAITING : 0;
            }
            if (seekable && n > 0) {
                target.position(position + n);
            }
            return (int) n;
        } finally {
            target.release();
        }
    }

    private void requireOpen() throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /**
     * Another thread's transfer may have made the descriptor non-blocking for a time; that is not the owner's choice.
     */
    private boolean isBlocking() {
        return lease.mode() != null
                && lease.callIfOpen(channel, () -> {})
                && lease.mode().blocksByItself(lease);
    }

    public void shutdownOutput() throws IOException {
        requireOpen();
        lease.call(
                channel,
                () -> lease.kind().isSocket() ? DescriptorPort.checked("shutdown", sys.shutdown(fd(), C.SHUT_WR)) : 0);
    }

    /** Gives the descriptor up. Runs under the close lock. */
    public void close(boolean owned) {
        if (lease.mode() != null) {
            lease.mode().detach(lease);
        }
        if (owned) {
            sys.close(fd());
        }
    }
}
