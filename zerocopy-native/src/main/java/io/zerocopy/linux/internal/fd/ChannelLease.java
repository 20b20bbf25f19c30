package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A channel's descriptor: its close lock, its facts, and its {@link DescriptorMode}, which all channels over the same
 * open file description share. It is remembered per channel, so it must not refer to the channel.
 *
 * <p><b>The close lock is the lease.</b> {@code AbstractInterruptibleChannel.close()} marks the channel closed and
 * releases the descriptor while it holds its {@code closeLock}. A thread that holds that lock and sees the channel open
 * has the descriptor: nobody can close it or reuse its number, and no duplicate delays the FIN. So every system call on
 * a caller's descriptor is made by one of the {@code call} methods, and no such call may wait for a peer.
 *
 * <p><b>Order of locks:</b> close locks, then modes, then the locks under which the JDK sets modes. Of two leases, the
 * one with the older mode comes first. The JDK takes its locks in the same order.
 */
public final class ChannelLease {
    /** Used instead of a file system for a socket whose peer is on this machine. */
    public static final String LOOPBACK = "loopback";

    /** System calls on a descriptor that nobody can close meanwhile. */
    @FunctionalInterface
    public interface Call {
        /** Makes the calls. */
        long make() throws IOException;
    }

    /** Reads messages from a socket's error queue, because they would wake up waits for other events. */
    public interface Reports {
        /** Reads the queued messages; never waits. Called under the close lock. */
        boolean drain();
    }

    private static final AtomicLong NEXT = new AtomicLong();

    private final long number = NEXT.getAndIncrement();
    private final WeakReference<Channel> channel;
    private final int fd;
    private final Object closeLock;
    private final Object modeLock;
    private final EndpointKind kind;
    private final boolean waits;
    private final int flags;
    private final FileStatus status;
    private final LeaseFacts facts;
    public final AtomicLong lastSize; // of a file, at the last look
    private volatile DescriptorMode mode;
    private volatile boolean toldPerCall; // whether a flag of a single call can keep it from waiting

    private volatile Object positionLock; // the lease itself until the lock is looked for
    private volatile Reports reports; // set under the close lock; null before the first such send

    /**
     * Remembers a channel.
     *
     * @param closeLock the lock under which it is closed
     * @param modeLock the lock under which the JDK sets its mode; null if the JDK sets none
     * @param waits whether its calls may wait for a peer
     * @param flags the answer of {@code F_GETFL}
     * @param status the answer of statx(2)
     */
    public ChannelLease(
            Channel channel,
            int fd,
            Object closeLock,
            Object modeLock,
            EndpointKind kind,
            boolean waits,
            int flags,
            FileStatus status) {
        this.channel = new WeakReference<>(channel);
        this.fd = fd;
        this.closeLock = closeLock;
        this.modeLock = modeLock;
        this.kind = kind;
        this.waits = waits;
        this.flags = flags;
        this.status = status;
        this.lastSize = new AtomicLong(status.size());
        this.positionLock = this;
        this.toldPerCall = kind == EndpointKind.PIPE || kind.isSocket();
        this.facts = new LeaseFacts(this, channel);
    }

    /** Looks at a descriptor that has no lease yet, while its channel is open; null if the channel is closed. */
    static ChannelLease looking(Channel of, Object closeLock, Supplier<ChannelLease> look) {
        synchronized (closeLock) {
            return of.isOpen() ? look.get() : null;
        }
    }

    /** Sets where the descriptor's file lies: the file system's type, or {@link #LOOPBACK}. */
    public ChannelLease in(String fileSystem) {
        facts.in(fileSystem);
        return this;
    }

    /** Shares a mode with the other channels over the same description. */
    public void share(DescriptorMode shared) {
        mode = shared;
        shared.attach(this);
    }

    /** The mode of the description; null if no call on it ever waits. */
    public DescriptorMode mode() {
        return mode;
    }

    /** Makes a call while the channel is open: until it returns, nobody can close the descriptor. */
    public long call(Channel of, Call call) throws IOException {
        synchronized (closeLock) {
            requireOpen(of);
            return call.make();
        }
    }

    /** Makes a call if the channel is still open; false if it is closed. */
    public boolean callIfOpen(Channel of, Runnable call) {
        synchronized (closeLock) {
            if (of.isOpen()) {
                call.run();
                return true;
            }
            return false;
        }
    }

    /** Ends a use's hold of the mode; false if its channel is closed. */
    boolean release(LeaseUse use) {
        synchronized (closeLock) {
            if (!use.channel().isOpen()) {
                return false;
            }
            mode.releaseOpen(use);
            return true;
        }
    }

    /** Does work that no close of the channel may interrupt, whether the channel is open or not. */
    public void locked(Runnable work) {
        synchronized (closeLock) {
            work.run();
        }
    }

    /** Makes a call while the use's channel is open; {@code relies}: see {@link LeaseUse#relying}. */
    public static long call(LeaseUse use, boolean relies, Call call) throws IOException {
        synchronized (use.lease().closeLock) {
            requireOpen(use.channel());
            return relies ? use.relying(call, null) : call.make();
        }
    }

    /**
     * Makes a call on two descriptors while both channels are open, without a wait for either.
     *
     * @param first one end
     * @param firstRelies whether only the first descriptor's mode keeps the call from waiting for it
     * @param second the other end
     * @param secondRelies the same for the second descriptor
     * @param call the call
     * @return the call's answer; {@link DescriptorMode#REFUSED} if a mode could not be set, and no call was made
     */
    public static long call(LeaseUse first, boolean firstRelies, LeaseUse second, boolean secondRelies, Call call)
            throws IOException {
        boolean inOrder = first.lease().isBefore(second.lease());
        LeaseUse outer = inOrder ? first : second;
        LeaseUse inner = inOrder ? second : first;
        synchronized (outer.lease().closeLock) {
            synchronized (inner.lease().closeLock) {
                requireOpen(first.channel());
                requireOpen(second.channel());
                boolean outerRelies = inOrder ? firstRelies : secondRelies;
                boolean innerRelies = inOrder ? secondRelies : firstRelies;
                if (!outerRelies) {
                    return innerRelies ? inner.relying(call, null) : call.make();
                }
                return outer.relying(call, innerRelies ? inner : null);
            }
        }
    }

    private boolean isBefore(ChannelLease other) {
        long own = mode == null ? number : mode.number();
        long others = other.mode == null ? other.number : other.mode.number();
        return own == others ? number <= other.number : own < others;
    }

    /** One sequence of numbers for leases and modes. */
    static long nextNumber() {
        return NEXT.getAndIncrement();
    }

    private static void requireOpen(Channel channel) throws IOException {
        if (!channel.isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    public int fd() {
        return fd;
    }

    /** The channel; null if it is closed or no longer referenced. */
    Channel openChannel() {
        Channel known = channel.get();
        return known != null && known.isOpen() ? known : null;
    }

    /** The lock under which the JDK sets the mode; null if it sets none. */
    Object modeLock() {
        return modeLock;
    }

    public EndpointKind kind() {
        return kind;
    }

    public FileStatus inode() {
        return status;
    }

    /** The first answer of {@code F_GETFL}. */
    public int flags() {
        return flags;
    }

    public boolean append() {
        return (flags & C.O_APPEND) != 0;
    }

    public boolean readable() {
        return (flags & C.O_ACCMODE) != C.O_WRONLY;
    }

    public boolean writable() {
        return (flags & C.O_ACCMODE) != C.O_RDONLY;
    }

    String fileSystem() {
        return facts.fileSystem();
    }

    /** The current facts: a socket may have been connected since it was first seen. */
    public EndpointFacts facts(Channel of) {
        return facts.now(of);
    }

    /** Whether its owner opened it with {@code O_DIRECT}. */
    public boolean isDirect() {
        return kind == EndpointKind.FILE && (flags & Abi.current().O_DIRECT()) != 0;
    }

    /**
     * Whether a read with a timeout may happen. Such a read switches the descriptor's mode to non-blocking and back: it
     * would change the mode during a transfer, or a transfer would make it lose its timeout. The JDK refuses such reads
     * in non-blocking mode, and switches nothing where it keeps that mode for good.
     */
    public boolean isTimed(Channel of) {
        try {
            return kind == EndpointKind.TCP
                    && of instanceof SocketChannel socket
                    && socket.isBlocking()
                    && socket.isOpen()
                    && socket.socket().getSoTimeout() > 0
                    && !mode.isForced();
        } catch (SocketException closed) {
            return false;
        }
    }

    /** The lock of the channel's position, if no other channel has the same position; null if there is none. */
    public Object positionLock(Channel of) {
        Object lock = positionLock;
        if (lock == this) {
            lock = JdkFields.positionLock(of);
            positionLock = lock;
        }
        return lock;
    }

    /** The reader of the socket's error queue; null before the first send that is reported there. */
    public Reports reports() {
        return reports;
    }

    /** Sets the reader of the error queue. Called under the close lock. */
    public void reports(Reports read) {
        reports = read;
    }

    /**
     * Reads the kernel's reports on memory of earlier transfers, for which nobody waits any more. Until they are read,
     * poll(2) and every selector find an error condition.
     */
    public void readReports(Channel of) {
        Reports read = reports;
        if (read != null) {
            callIfOpen(of, read::drain);
        }
    }

    /** Remembers that sends from memory in place have no advantage here. */
    public void copies(String because) {
        facts.copies(because);
    }

    /** Whether a call on this descriptor may wait for a peer. */
    public boolean waits() {
        return waits;
    }

    /** Whether this is a device that may keep its reader or writer waiting, whatever its flags say. */
    public boolean isWaitingDevice() {
        return kind == EndpointKind.DEVICE && waits;
    }

    /**
     * Whether a flag of each single read or write can keep it from waiting. Then the flag of the open file description,
     * which all its users share, is not changed. True for sockets and pipes until a call answers otherwise.
     */
    public boolean isToldPerCall() {
        return toldPerCall;
    }

    public void cannotBeToldPerCall() {
        toldPerCall = false;
    }
}
