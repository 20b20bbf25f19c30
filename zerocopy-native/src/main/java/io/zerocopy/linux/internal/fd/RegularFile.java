package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.errno.NameFailure;
import io.zerocopy.linux.internal.memory.DroppedOwners;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.internal.stat.FileSystemTypes;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.OpenedFile;
import io.zerocopy.spi.Provider;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A regular file that was opened to be read, by one open(2) and one look at what was opened. {@code O_NONBLOCK} keeps the
 * opening of a FIFO, which may have taken the file's place, from waiting. Such a FIFO is used as it was opened. Everything
 * else is opened by the JDK: through {@code /proc/self/fd} if it could be opened here, or after a {@link PinnedPath} has
 * looked at it.
 *
 * <p>A regular file ignores {@code O_NONBLOCK} on the usual file systems. On all others the flag is taken away again,
 * because a server may obey it.
 */
public final class RegularFile extends AbstractInterruptibleChannel implements OpenedFile {
    /** Where names stand for devices as a rule, which are not opened before somebody has looked at them. */
    private static final String DEVICES = "/dev/";

    private final Syscalls sys;
    private final int fd;
    private final FileStatus status;
    private final Object lock = new Object(); // nobody closes the descriptor of the open channel while it is held
    private final Hold hold;
    private FileChannel jdkChannel; // guarded by the lock; null until it is asked for

    private RegularFile(Syscalls sys, int fd, FileStatus status) {
        this.sys = sys;
        this.fd = fd;
        this.status = status;
        this.hold = new Hold(this, sys, fd);
    }

    /** The descriptor of a channel that was dropped without a close. */
    private static final class Hold extends DroppedOwners.Hold {
        private final Syscalls sys;
        private final int fd;

        Hold(RegularFile owner, Syscalls sys, int fd) {
            super(owner);
            this.sys = sys;
            this.fd = fd;
        }

        @Override
        protected String letGo() {
            sys.close(fd);
            return "a file";
        }
    }

    /** Whether a path may be opened without a look at it first. */
    static boolean serves(Path path, Set<? extends OpenOption> options) {
        for (OpenOption option : options) {
            if (option != StandardOpenOption.READ && option != LinkOption.NOFOLLOW_LINKS) {
                return false;
            }
        }
        return !path.toAbsolutePath().toString().startsWith(DEVICES) && !isGuarded();
    }

    /** Whether the JDK asks a security manager before it opens a file. */
    @SuppressWarnings("removal")
    private static boolean isGuarded() {
        return System.getSecurityManager() != null;
    }

    /** Opens a path that is {@linkplain #serves served}; null if a look must come first, to say why it cannot be opened. */
    static Channel open(
            Syscalls sys,
            FileSystemTypes types,
            Path path,
            Set<? extends OpenOption> options,
            Provider.Patience patience)
            throws IOException {
        DroppedOwners.sweep();
        int follow = options.contains(LinkOption.NOFOLLOW_LINKS) ? Abi.current().O_NOFOLLOW() : 0;
        int fd = PinnedPath.open(sys, path, C.O_RDONLY | C.O_NONBLOCK | C.O_NOCTTY | follow);
        if (NameFailure.isPlain(fd)) {
            throw NameFailure.of("open", fd, path);
        }
        if (fd < 0) {
            return null; // among others EAGAIN: somebody holds a lease on the file, and its end must be waited for
        }
        FileStatus status;
        boolean ready;
        Memory memory = Memory.take();
        try {
            status = FileStatus.of(sys, fd, memory);
            ready = status != null && status.is(C.S_IFREG) && isReady(sys, types, fd, status, memory);
        } finally {
            memory.release();
        }
        if (ready) {
            return new RegularFile(sys, fd, status);
        }
        if (status != null && status.is(C.S_IFIFO)) {
            return Fifo.opened(sys, fd, status, patience);
        }
        try (PinnedPath pinned = new PinnedPath(sys, fd, path, status)) {
            return status == null ? null : pinned.channel(options);
        }
    }

    private static boolean isReady(Syscalls sys, FileSystemTypes types, int fd, FileStatus status, Memory memory) {
        return FileStatus.ignoresNonBlocking(types.of(fd, status, memory)) || sys.fcntl(fd, C.F_SETFL, 0) >= 0;
    }

    int fd() {
        return fd;
    }

    FileStatus status() {
        return status;
    }

    Object lock() {
        return lock;
    }

    @Override
    public FileChannel jdkChannel() throws IOException {
        synchronized (lock) {
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            if (jdkChannel == null) {
                try {
                    jdkChannel = (FileChannel)
                            Files.newByteChannel(Path.of("/proc/self/fd/" + fd), Set.of(StandardOpenOption.READ));
                } catch (FileSystemException refused) {
                    return null; // no /proc here, or no descriptor is left
                }
            }
            return jdkChannel;
        }
    }

    @Override
    public FileChannel replaceByJdkChannel() throws IOException {
        FileChannel kept;
        synchronized (lock) {
            kept = jdkChannel();
            jdkChannel = null;
        }
        if (kept != null) {
            close();
        }
        return kept;
    }

    @Override
    protected void implCloseChannel() throws IOException {
        synchronized (lock) {
            hold.end();
            sys.close(fd);
            if (jdkChannel != null) {
                jdkChannel.close();
            }
        }
    }
}
