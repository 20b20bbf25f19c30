package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Memory;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

/** What source and target have in common: a handle, its lock, its position, and how to wait for it. */
abstract class DescriptorPort implements Endpoint {
    final Syscalls sys;
    final Channel channel;
    final Handle handle;
    private final Facts facts;
    private boolean held;
    boolean hasWaited; // since the flag was last known to be set
    private int reopened = -1; // a description of this port's own, or -1
    private Memory iov; // of one buffer, for calls that are told not to wait
    private ByteBuffer lastBuffer; // a pooled buffer comes again and again; its address is looked up once
    private long lastAddress;
    private boolean sized; // whether the size was asked for, and with it whether there may be holes
    private boolean mayHaveHoles;

    DescriptorPort(Syscalls sys, Channel channel, Handle handle) {
        this.sys = sys;
        this.channel = channel;
        this.handle = handle;
        boolean blocking = !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
        this.facts = handle.facts(blocking);
    }

    /** What to poll for. */
    abstract int events();

    @Override
    public Facts facts() {
        return facts;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    int fd() {
        return reopened >= 0 ? reopened : handle.fd();
    }

    /**
     * Whether somebody has given the socket a timeout since. A read with one switches the descriptor's mode to and fro,
     * so no call may be made that relies on the mode.
     */
    boolean isTimed() {
        try {
            return handle.kind() == Kind.TCP
                    && channel instanceof SocketChannel socket
                    && socket.socket().getSoTimeout() > 0;
        } catch (SocketException closed) {
            return false;
        }
    }

    /** Must be called, and its answer used, under the close lock. */
    void requireOpen() throws IOException {
        if (!channel.isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    /** For calls on a description of somebody's own, which no close of the channel can take away. */
    void checkOpen() throws IOException {
        synchronized (handle.closeLock()) {
            requireOpen();
        }
    }

    @Override
    public void acquire() throws IOException {
        requireUsable();
        if (facts.direct() && reopened < 0) {
            synchronized (handle.closeLock()) {
                requireOpen();
                reopened = handle.reopen(sys);
                held = reopened >= 0;
            }
            return;
        }
        if (!handle.waits() || handle.isToldPerCall()) {
            requireOpen(); // nothing is held, so nothing has to be kept from being closed
            return;
        }
        synchronized (handle.closeLock()) {
            requireOpen();
            if (!handle.isToldPerCall()) {
                checked("fcntl", hold());
            }
        }
    }

    @Override
    public void keepFromWaiting() throws IOException {
        if (!held || hasWaited) {
            synchronized (handle.closeLock()) {
                requireOpen();
                checked("fcntl", hold());
            }
        }
    }

    /**
     * Makes calls that cannot be told otherwise not wait, until {@link #release()}. Must hold the close lock. Answers 0, or
     * a negative errno where they may wait all the same, so that none may be made.
     */
    int hold() {
        int result = 0;
        if (handle.waits() && !held) {
            reopened = handle.reopen(sys);
            result = reopened >= 0 ? 0 : handle.holdNonBlocking(sys, channel);
            held = result == 0;
        } else if (handle.waits() && reopened < 0 && channel instanceof SelectableChannel) {
            result = handle.assertNonBlocking(sys, channel, hasWaited);
        }
        hasWaited &= result < 0;
        return result;
    }

    @Override
    public void release() {
        handle.readReports(channel); // of sends before this transfer, for which nobody else may look
        if (held) {
            held = false;
            synchronized (handle.closeLock()) {
                if (reopened >= 0) {
                    sys.close(reopened);
                    reopened = -1;
                } else {
                    handle.letBlock(sys, channel);
                }
            }
        }
        if (iov != null) {
            iov.release();
            iov = null;
        }
    }

    /** The address of a table of one buffer. */
    long iov(long address, long length) {
        if (iov == null) {
            iov = Memory.small();
        }
        return iov.putLong(0, address).putLong(Long.BYTES, length).address();
    }

    /**
     * Whether a call could not be told not to wait, as on kernels before 6.4, or in a sandbox that knows older calls alone
     * (EPERM, which those repeat if it was meant for the descriptor); then the flag has to do.
     */
    boolean mustHold(long answer) {
        if (answer != -Errno.EOPNOTSUPP && answer != -Errno.ENOSYS && answer != -Errno.EPERM) {
            return false;
        }
        handle.cannotBeToldPerCall();
        return true;
    }

    @Override
    public void beforeWaiting() {
        handle.readReports(channel);
    }

    @Override
    public boolean await(long nanos) throws IOException {
        return await(nanos, channel::isOpen);
    }

    @Override
    public boolean await(long nanos, BooleanSupplier alive) throws IOException {
        if (handle.kind() == Kind.FILE) {
            return true;
        }
        hasWaited = true;
        Memory memory = Memory.take();
        try {
            Readiness.watch(memory, 0, fd(), events());
            return Readiness.await(sys, memory, 1, nanos, alive);
        } finally {
            memory.release();
        }
    }

    @Override
    public boolean awaitEither(Endpoint other, long nanos, BooleanSupplier alive) throws IOException {
        if (!(other instanceof DescriptorPort port) || handle.kind() == Kind.FILE || port.handle.kind() == Kind.FILE) {
            return Endpoint.super.awaitEither(other, nanos, alive);
        }
        hasWaited = true;
        port.hasWaited = true;
        Memory memory = Memory.take();
        try {
            Readiness.watch(memory, 0, fd(), events());
            Readiness.watch(memory, 1, port.fd(), port.events());
            return Readiness.await(sys, memory, 2, nanos, alive);
        } finally {
            memory.release();
        }
    }

    /**
     * poll(2) reports both, asked for or not: the error that the reset left, and that nothing can be read or written any
     * more. An error alone may be no more than a message on the socket's error queue; a hang-up alone is a proper end.
     */
    @Override
    public boolean isReset() throws IOException {
        if (!handle.kind().isSocket()) {
            return false;
        }
        Memory memory = Memory.take();
        try {
            synchronized (handle.closeLock()) {
                requireOpen();
                Readiness.watch(memory, 0, fd(), 0);
                Readiness.poll(sys, memory, 1, 0);
            }
            int both = C.POLLERR | C.POLLHUP;
            return (Readiness.found(memory, 0) & both) == both;
        } finally {
            memory.release();
        }
    }

    /**
     * Whether a step would find this end ready; never waits. What ends a connection makes it readable and hang up, so that
     * an error alone on a socket is no more than a message on its error queue.
     */
    boolean isReady() throws IOException {
        int ready = events() | C.POLLHUP | (handle.kind().isSocket() ? 0 : C.POLLERR);
        Memory memory = Memory.take();
        try {
            Readiness.watch(memory, 0, fd(), events());
            return Readiness.poll(sys, memory, 1, 0) && (Readiness.found(memory, 0) & ready) != 0;
        } finally {
            memory.release();
        }
    }

    @Override
    public void advise(Advice advice, long position, long count) throws IOException {
        if (handle.kind() == Kind.FILE) {
            synchronized (handle.closeLock()) {
                requireOpen();
                PageCache.advise(sys, fd(), position, count, advice);
            }
        }
    }

    @Override
    public long position() throws IOException {
        return handle.kind().isFile() ? seek(0, C.SEEK_CUR) : 0;
    }

    @Override
    public void position(long position) throws IOException {
        if (handle.kind().isFile()) {
            seek(position, C.SEEK_SET);
        }
    }

    private long seek(long offset, int whence) throws IOException {
        synchronized (handle.closeLock()) {
            requireOpen();
            return checked("lseek", sys.lseek(handle.fd(), offset, whence)); // of the caller's own description
        }
    }

    @Override
    public long size() throws IOException {
        if (handle.kind() != Kind.FILE) {
            return -1;
        }
        synchronized (handle.closeLock()) {
            return sizeUnderLock();
        }
    }

    /** The size of a file as it is now, to whom holds the close lock. */
    long sizeUnderLock() throws IOException {
        requireOpen();
        Memory memory = Memory.take();
        try {
            long size = checked("statx", Inode.size(sys, handle.fd(), memory));
            mayHaveHoles = Inode.mayHaveHoles(size, memory);
            sized = true;
            return size;
        } finally {
            memory.release();
        }
    }

    /** Whether a look for holes is worth its while, as far as the size tells that was last asked for. */
    boolean mayHaveHoles() throws IOException {
        return (sized || size() >= 0) && mayHaveHoles;
    }

    static long checked(String call, long result) throws IOException {
        if (result < 0) {
            throw new IOException(Errno.message(call, result));
        }
        return result;
    }

    /** Whether a buffer's bytes may be used where they lie; found out once for a buffer that comes again and again. */
    boolean usesAddressOf(ByteBuffer buffer) {
        return buffer == lastBuffer || found(buffer, Memory.stableAddressOf(buffer));
    }

    /** As {@link #usesAddressOf}, of a buffer that is the library's own. */
    boolean usesAddressOfOwn(ByteBuffer buffer) {
        return buffer == lastBuffer || (buffer.isDirect() && found(buffer, Memory.addressOfOwn(buffer)));
    }

    private boolean found(ByteBuffer buffer, long address) {
        lastBuffer = address == 0 ? null : buffer;
        lastAddress = address;
        return address != 0;
    }

    /** Where the next byte of a direct buffer lies. */
    long addressOf(ByteBuffer direct) {
        return direct.position() + (direct == lastBuffer ? lastAddress : Memory.addressOf(direct));
    }
}
