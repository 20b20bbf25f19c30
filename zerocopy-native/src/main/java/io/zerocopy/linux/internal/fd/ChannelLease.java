package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.jdk.JdkFields;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
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
 * A channel's descriptor: the lock under which it is closed, what the kernel says it is, and, shared with every other
 * channel over the same open file description, its {@link DescriptorMode}. Remembered per channel, so it must not refer
 * to the channel.
 *
 * <p><b>The close lock is the lease.</b> {@code AbstractInterruptibleChannel.close()} marks the channel closed and
 * releases the descriptor while it holds its {@code closeLock}. A thread that holds that lock and sees the channel open
 * has the descriptor: it cannot be closed, nor its number reused, and no duplicate holds back the FIN. So every system
 * call on a caller's descriptor is made by one of the {@code call} methods, and no such call may wait for a peer.
 *
 * <p><b>Order of locks:</b> close locks, then modes, then the locks under which the JDK sets modes; of two leases, first
 * that of the mode which was made first. The JDK takes its own in the same order.
 */
public final class ChannelLease {
    /** Stands in the place of a file system for a socket whose peer is on this machine. */
    public static final String LOOPBACK = "loopback";

    /** System calls on a descriptor that cannot be closed meanwhile. */
    @FunctionalInterface
    public interface Call {
        /** Makes them. */
        long make() throws IOException;
    }

    /** What is read from a socket's queue of errors, where it would wake up those who wait for something else. */
    public interface Reports {
        /** Reads what is there; never waits. Called under the close lock. */
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
    private volatile DescriptorMode mode;
    private volatile boolean toldPerCall; // whether single calls can be told not to wait

    private volatile Object positionLock; // itself while it was not looked for
    private volatile Reports reports; // set under the close lock; null before the first such send

    /**
     * Remembers a channel.
     *
     * @param closeLock the lock under which it is closed
     * @param modeLock the lock under which the JDK sets its mode; null where the JDK sets none
     * @param waits whether its calls may wait for a peer
     * @param flags what {@code F_GETFL} said
     * @param status what statx(2) said
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
        this.positionLock = this;
        this.toldPerCall = kind == EndpointKind.PIPE || kind.isSocket();
        this.facts = new LeaseFacts(this, channel);
    }

    /** Looks at a descriptor that no lease is known of yet, while its channel is open; null if it is not. */
    static ChannelLease looking(Channel of, Object closeLock, Supplier<ChannelLease> look) {
        synchronized (closeLock) {
            return of.isOpen() ? look.get() : null;
        }
    }

    /** Says where it lies: the file system's type, or {@link #LOOPBACK}. */
    public ChannelLease in(String fileSystem) {
        facts.in(fileSystem);
        return this;
    }

    /** Shares a mode with the other channels over its description. */
    public void share(DescriptorMode shared) {
        mode = shared;
        shared.attach(this);
    }

    /** The mode of the description; null where nothing ever waits. */
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

    /** Makes a call if the channel is still open, or tells that it is not. */
    public boolean callIfOpen(Channel of, Runnable call) {
        synchronized (closeLock) {
            if (of.isOpen()) {
                call.run();
                return true;
            }
            return false;
        }
    }

    /** Ends what a use of the mode holds; false where its channel is closed. */
    boolean release(LeaseUse use) {
        synchronized (closeLock) {
            if (!use.channel().isOpen()) {
                return false;
            }
            mode.releaseOpen(use);
            return true;
        }
    }

    /** Does what no close of the channel may come between, whether it is open or not. */
    public void locked(Runnable work) {
        synchronized (closeLock) {
            work.run();
        }
    }

    /**
     * Makes a call on two descriptors while both channels are open, without either waiting.
     *
     * @param first one end
     * @param firstRelies whether only the first descriptor's mode keeps the call from waiting for it
     * @param second the other end
     * @param secondRelies whether that is so of the second
     * @param call the call
     * @return what the call came to; {@link DescriptorMode#REFUSED} where a mode could not be set, and no call was made
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

    /** One number for leases and modes alike. */
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

    /** The channel, unless it is closed or nobody has it any more. */
    Channel openChannel() {
        Channel known = channel.get();
        return known != null && known.isOpen() ? known : null;
    }

    /** Under which the JDK sets the mode; null where it sets none. */
    Object modeLock() {
        return modeLock;
    }

    public EndpointKind kind() {
        return kind;
    }

    public FileStatus inode() {
        return status;
    }

    /** What {@code F_GETFL} said at first. */
    int flags() {
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

    /** Facts as of now: a socket may have been connected since it was first seen. */
    public EndpointFacts facts(Channel of) {
        return facts.now(of);
    }

    /** Whether its owner opened it with {@code O_DIRECT}. */
    boolean isDirect() {
        return kind == EndpointKind.FILE && (flags & Abi.current().O_DIRECT()) != 0;
    }

    /**
     * Whether a read with a timeout may happen, which switches the descriptor's mode to and fro: it would take the mode
     * away under a transfer, or lose its timeout to one. The JDK refuses such reads in non-blocking mode, and switches
     * nothing where it keeps the descriptor non-blocking for good.
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

    /** The lock of the position of a channel that is alone with it; null where there is none. */
    public Object positionLock(Channel of) {
        Object lock = positionLock;
        if (lock == this) {
            lock = JdkFields.positionLock(of);
            positionLock = lock;
        }
        return lock;
    }

    /** What is read from the socket's queue of errors; null before anybody sends so that it is told of there. */
    public Reports reports() {
        return reports;
    }

    /** Has reports read from now on. Called under the close lock. */
    public void reports(Reports read) {
        reports = read;
    }

    /**
     * Reads what the kernel tells of memory that earlier transfers have left to it, and that nobody waits for any more:
     * as long as it is not read, poll(2) and every selector find an error condition.
     */
    public void readReports(Channel of) {
        Reports read = reports;
        if (read != null) {
            callIfOpen(of, read::drain);
        }
    }

    /** Remembers that there is no use in sending from memory in place here. */
    public void copies(String because) {
        facts.copies(because);
    }

    /** Whether a call on it may wait for a peer. */
    public boolean waits() {
        return waits;
    }

    /** Whether this is a device that may keep its reader or writer waiting, whatever its flags say. */
    public boolean isWaitingDevice() {
        return kind == EndpointKind.DEVICE && waits;
    }

    /**
     * Whether reads and writes can be told one by one not to wait, so that the flag, which everybody sees who shares the
     * open file description, is left alone. True of sockets and pipes until a call answers that it is not.
     */
    public boolean isToldPerCall() {
        return toldPerCall;
    }

    public void cannotBeToldPerCall() {
        toldPerCall = false;
    }

    /**
     * A description of its own for a terminal, which nothing else keeps from waiting, and for a file past the page cache,
     * which takes whole blocks only; or a negative number. Called under the close lock.
     */
    public int reopen(Syscalls sys) {
        if (isDirect()) {
            return RecordLocks.reopen(sys, this, flags & (C.O_ACCMODE | C.O_APPEND));
        }
        return status.isTerminal()
                ? sys.open("/proc/self/fd/" + fd, (flags & C.O_ACCMODE) | C.O_NONBLOCK | C.O_NOCTTY | C.O_CLOEXEC, 0)
                : -Errno.ENOTTY;
    }
}
