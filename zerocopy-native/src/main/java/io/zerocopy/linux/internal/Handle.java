package io.zerocopy.linux.internal;

import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;

/**
 * What does not change about a channel while it is open: its descriptor, what the kernel says that is, and the lock
 * under which the JDK closes it. Remembered per channel, so it must not refer to the channel.
 *
 * <p><b>The lock is the lease.</b> {@code AbstractInterruptibleChannel.close()} marks the channel closed and releases
 * the descriptor while it holds its {@code closeLock}. Whoever holds that lock and sees the channel open therefore has
 * the descriptor for sure: it cannot be closed, nor its number reused, and no duplicate holds back the FIN. So every
 * system call is made under it, and no system call under it may wait.
 */
final class Handle {
    /** Stands in the place of a file system for a socket whose peer is on this machine. */
    static final String LOOPBACK = "loopback";

    private final int fd;
    private final Object closeLock;
    private final Object modeLock;
    private final Kind kind;
    private final boolean waits;
    private final int flags;
    private final Inode inode;
    private volatile boolean toldPerCall; // whether single calls can be told not to wait

    private volatile Object positionLock; // itself while it was not looked for
    private volatile InPlace inPlace; // set under the close lock; null before the first such send
    private volatile Facts facts; // as of a channel in blocking mode
    private volatile Facts nonBlockingFacts; // null before they were asked for

    private int holders; // transfers that want the descriptor not to block, guarded by this
    private int restore = -1; // flags to put back when the last of them is gone, or -1

    /**
     * Remembers a channel.
     *
     * @param fd its descriptor
     * @param closeLock the lock under which the JDK closes it
     * @param modeLock the lock under which the JDK makes it non-blocking for a virtual thread; null where it does not
     * @param kind what it is
     * @param waits whether its calls may wait for a peer, so that it has to be made non-blocking
     * @param flags what {@code F_GETFL} said
     * @param inode what statx(2) said
     * @param fileSystem the file system's type, or empty
     */
    Handle(
            int fd,
            Object closeLock,
            Object modeLock,
            Kind kind,
            boolean waits,
            int flags,
            Inode inode,
            String fileSystem) {
        this.fd = fd;
        this.closeLock = closeLock;
        this.modeLock = modeLock;
        this.kind = kind;
        this.waits = waits;
        this.flags = flags;
        this.inode = inode;
        this.positionLock = this;
        this.toldPerCall = kind == Kind.PIPE || kind.isSocket();
        this.facts = facts(true, fileSystem, "");
    }

    int fd() {
        return fd;
    }

    Object closeLock() {
        return closeLock;
    }

    Kind kind() {
        return kind;
    }

    /** What the kernel said of the file when the channel was first seen. */
    Inode inode() {
        return inode;
    }

    boolean append() {
        return (flags & C.O_APPEND) != 0;
    }

    boolean readable() {
        return (flags & C.O_ACCMODE) != C.O_WRONLY;
    }

    boolean writable() {
        return (flags & C.O_ACCMODE) != C.O_RDONLY;
    }

    Facts facts(boolean blocking) {
        Facts blockingFacts = facts;
        if (blocking) {
            return blockingFacts;
        }
        Facts known = nonBlockingFacts;
        if (known == null || !known.copiesBecause().equals(blockingFacts.copiesBecause())) {
            known = facts(false, blockingFacts.copiesBecause());
            nonBlockingFacts = known;
        }
        return known;
    }

    private Facts facts(boolean blocking, String copiesBecause) {
        return facts(blocking, facts.fileSystem(), copiesBecause);
    }

    private Facts facts(boolean blocking, String fileSystem, String copiesBecause) {
        long device = inode.device();
        boolean direct = isDirect();
        return new Facts(kind, -1, append(), blocking, true, device, inode.number(), fileSystem, copiesBecause, direct);
    }

    /** Whether its owner opened it with {@code O_DIRECT}. */
    boolean isDirect() {
        return kind == Kind.FILE && (flags & Abi.current().O_DIRECT()) != 0;
    }

    /** The lock of the position of a channel that is alone with it; null where there is none. */
    Object positionLock(Channel channel) {
        Object lock = positionLock;
        if (lock == this) {
            lock = Extents.positionLock(channel);
            positionLock = lock;
        }
        return lock;
    }

    /** The socket's sends from memory in place. */
    InPlace inPlace(Syscalls sys) {
        synchronized (closeLock) {
            if (inPlace == null) {
                inPlace = new InPlace(sys, fd);
            }
            return inPlace;
        }
    }

    /**
     * Reads what the kernel tells of memory that transfers before have left to it, and that nobody waits for any more:
     * as long as it is not read, poll(2) and every selector find an error condition.
     */
    void readReports(Channel channel) {
        InPlace sends = inPlace;
        if (sends != null) {
            synchronized (closeLock) {
                if (channel.isOpen()) {
                    sends.drain();
                }
            }
        }
    }

    /** Remembers that there is no use in sending from memory in place here. */
    void copies(String because) {
        facts = facts(true, because);
    }

    /** Whether a call on it may wait for a peer. */
    boolean waits() {
        return waits;
    }

    /** Whether this is a device that may keep its reader or writer waiting, whatever its flags say. */
    boolean isWaitingDevice() {
        return kind == Kind.DEVICE && waits;
    }

    /**
     * Whether reads and writes can be told one by one not to wait, so that the flag, which everybody sees who shares the
     * open file description, is left alone. True of sockets and pipes until a call answers that it is not.
     */
    boolean isToldPerCall() {
        return toldPerCall;
    }

    void cannotBeToldPerCall() {
        toldPerCall = false;
    }

    /**
     * A description of its own for a terminal, which others share as a rule and which nothing else keeps from waiting, and
     * for a file past the page cache, into which no part of a block can be written; or a negative errno. Where it cannot be had, the flag of the shared one has to do.
     */
    int reopen(Syscalls sys) {
        if (isDirect()) {
            int how = flags & (C.O_ACCMODE | C.O_APPEND);
            return sys.open("/proc/self/fd/" + fd, how | C.O_CLOEXEC, 0);
        }
        return inode.isTerminal()
                ? sys.open("/proc/self/fd/" + fd, (flags & C.O_ACCMODE) | C.O_NONBLOCK | C.O_NOCTTY | C.O_CLOEXEC, 0)
                : -1;
    }

    /**
     * Makes the descriptor non-blocking, for as long as there is a transfer that wants it so. The JDK's channels do
     * not mind: their reads and writes wait in poll(2) when they meet EAGAIN. {@code configureBlocking} would wait for
     * a thread that is blocked in a read of the same channel, so it is not used. Must hold the close lock.
     *
     * @return 0, or the negative errno of a kernel that refuses; then nothing is held
     */
    synchronized int holdNonBlocking(Syscalls sys, Channel channel) {
        int result = assertNonBlocking(sys, channel, false);
        holders += result < 0 ? 0 : 1;
        return result;
    }

    /**
     * Sets the flag where it is not set, or may not be any more: the channel's owner can have switched its mode to and fro
     * while a transfer waited, which leaves no trace. Must hold the close lock.
     *
     * @param again whether to set it although this handle has set it before
     * @return 0, or the negative errno of a kernel that refuses: then a call on the descriptor may wait
     */
    synchronized int assertNonBlocking(Syscalls sys, Channel channel, boolean again) {
        if (!waits || (restore >= 0 && !again)) {
            return 0;
        }
        int now = flagsNow(sys, channel);
        if (now < 0 || (now & C.O_NONBLOCK) != 0) {
            return Math.min(now, 0);
        }
        int result = sys.fcntl(fd, C.F_SETFL, now | C.O_NONBLOCK);
        if (result < 0) {
            return result;
        }
        restore = now;
        return 0;
    }

    /** Whether the owner wants the descriptor to block, whatever transfers make of it meanwhile. */
    synchronized boolean blocksByItself(Syscalls sys) {
        return restore >= 0 || (sys.fcntl(fd, C.F_GETFL, 0) & C.O_NONBLOCK) == 0;
    }

    /** A channel's own mode tells the flag and saves a call; a bare descriptor has to be asked. */
    private int flagsNow(Syscalls sys, Channel channel) {
        if (channel instanceof SelectableChannel selectable) {
            return selectable.isBlocking() ? flags & ~C.O_NONBLOCK : flags | C.O_NONBLOCK;
        }
        return channel instanceof DescriptorChannel ? sys.fcntl(fd, C.F_GETFL, 0) : flags;
    }

    /**
     * Puts the descriptor's mode back when the last transfer is gone, unless somebody else has come to want it
     * non-blocking meanwhile: the channel's owner, or the JDK, which makes a channel non-blocking for good when a
     * virtual thread first uses it, and would block that thread's carrier if the flag went away again. Must hold the
     * close lock.
     */
    synchronized void letBlock(Syscalls sys, Channel channel) {
        if (--holders > 0 || restore < 0) {
            return;
        }
        boolean wanted = !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
        if (wanted && channel.isOpen()) {
            putBack(sys, channel);
        }
        restore = -1;
    }

    private void putBack(Syscalls sys, Channel channel) {
        if (modeLock == null) {
            sys.fcntl(fd, C.F_SETFL, restore);
            return;
        }
        synchronized (modeLock) {
            if (!JdkFields.isForcedNonBlocking(channel)) {
                sys.fcntl(fd, C.F_SETFL, restore);
            }
        }
    }
}
