package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Memory;
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
    private final int fd;
    private final Object closeLock;
    private final Kind kind;
    private final int flags;
    private final Inode inode;
    private final String fileSystem;

    private int holders; // transfers that want the descriptor not to block, guarded by this
    private int restore = -1; // flags to put back when the last of them is gone, or -1

    Handle(int fd, Object closeLock, Kind kind, int flags, Inode inode, String fileSystem) {
        this.fd = fd;
        this.closeLock = closeLock;
        this.kind = kind;
        this.flags = flags;
        this.inode = inode;
        this.fileSystem = fileSystem;
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
        return new Facts(kind, -1, append(), blocking, true, inode.device(), inode.number(), fileSystem);
    }

    /**
     * Makes the descriptor non-blocking, for as long as there is a transfer that wants it so. The JDK's channels do
     * not mind: their reads and writes wait in poll(2) when they meet EAGAIN. {@code configureBlocking} would wait for
     * a thread that is blocked in a read of the same channel, so it is not used. Must hold the close lock.
     */
    synchronized void holdNonBlocking(Syscalls sys) {
        if (holders++ > 0 || !canBlock()) {
            return;
        }
        // Before virtual threads nobody but the channel's owner changes the flag; since then the JDK does, too.
        int now = Readiness.hasVirtualThreads() ? sys.fcntl(fd, C.F_GETFL, 0) : flags;
        if (now >= 0 && (now & C.O_NONBLOCK) == 0 && sys.fcntl(fd, C.F_SETFL, now | C.O_NONBLOCK) >= 0) {
            restore = now;
        }
    }

    /**
     * Puts the descriptor's mode back when the last transfer is gone, unless the channel has been closed, or set to
     * non-blocking mode by its owner, meanwhile. Must hold the close lock.
     */
    synchronized void letBlock(Syscalls sys, Channel channel) {
        if (--holders > 0 || restore < 0) {
            return;
        }
        boolean wanted = !(channel instanceof SelectableChannel selectable) || selectable.isBlocking();
        if (wanted && channel.isOpen()) {
            sys.fcntl(fd, C.F_SETFL, restore);
        }
        restore = -1;
    }

    private boolean canBlock() {
        return kind == Kind.PIPE || kind.isSocket();
    }

    /** Reads the size as it is now; or a negative errno. */
    long size(Syscalls sys, Memory memory) {
        return Inode.size(sys, fd, memory);
    }
}
