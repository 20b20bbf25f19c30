package io.zerocopy.linux.internal.fd;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.errno.NameFailure;
import io.zerocopy.linux.internal.poll.Poller;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Provider;
import java.io.IOException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * An end of a FIFO that was opened without a wait in open(2): nothing, not even an interrupt, would end that wait for
 * the other end. See fifo(7): the reading end opens at once and becomes ready when a writer has come; the writing end
 * answers ENXIO until there is a reader.
 */
final class Fifo extends AbstractInterruptibleChannel {
    private static final long PAUSE_NANOS = 2_000_000;

    private final Syscalls sys;
    private final int fd;
    private final int flags;
    private final FileStatus status; // of the file that was looked up

    private Fifo(Syscalls sys, int fd, int flags, FileStatus status) {
        this.sys = sys;
        this.fd = fd;
        this.flags = flags;
        this.status = status;
    }

    /** Opens a FIFO that was looked up; its name may stand for another file by now. */
    static Fifo open(Syscalls sys, PinnedPath pinned, Set<? extends OpenOption> options, Provider.Patience patience)
            throws IOException {
        boolean write = options.contains(StandardOpenOption.WRITE);
        int flags = (write ? C.O_WRONLY : C.O_RDONLY) | C.O_NONBLOCK | C.O_CLOEXEC;
        String name = pinned.name().toString();
        int fd = sys.open(name, flags, 0);
        while (ErrnoTable.waits(Call.OPEN_FIFO, fd)) {
            patience.check();
            LockSupport.parkNanos(PAUSE_NANOS);
            fd = sys.open(name, flags, 0);
        }
        if (fd < 0) {
            throw NameFailure.of("open", fd, pinned.told());
        }
        return ready(new Fifo(sys, fd, flags, pinned.status()), !write, patience);
    }

    /** The end for reads of a FIFO that was opened with {@code O_NONBLOCK}, once it has a writer. */
    static Fifo opened(Syscalls sys, int fd, FileStatus status, Provider.Patience patience) throws IOException {
        return ready(new Fifo(sys, fd, C.O_RDONLY | C.O_NONBLOCK, status), true, patience);
    }

    private static Fifo ready(Fifo fifo, boolean reads, Provider.Patience patience) throws IOException {
        try {
            if (reads) {
                fifo.awaitWriter(patience);
            }
            return fifo;
        } catch (IOException | RuntimeException | Error e) {
            fifo.close();
            throw e;
        }
    }

    private void awaitWriter(Provider.Patience patience) throws IOException {
        Memory memory = Memory.take();
        try {
            Poller.watch(memory, 0, fd, C.POLLIN);
            while (!Poller.await(sys, memory, 1, Endpoint.SLICE_NANOS, this::isOpen)) {
                patience.check();
            }
        } finally {
            memory.release();
        }
    }

    int fd() {
        return fd;
    }

    /** A lease made from the options of the opening, for a kernel that does not say what was opened. */
    ChannelLease lease(Object closeLock) {
        return new ChannelLease(this, fd, closeLock, null, EndpointKind.PIPE, true, flags, status);
    }

    @Override
    protected void implCloseChannel() {
        sys.close(fd);
    }
}
