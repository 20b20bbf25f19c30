package io.zerocopy.linux.internal.port;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.errno.ErrnoTable;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.DescriptorMode;
import io.zerocopy.linux.internal.fd.RecordLocks;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.Descriptor;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Nullable;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The common part of source and target: a lease, its position, and the wait for it. */
public abstract class DescriptorPort extends BufferUse implements Endpoint, Descriptor {
    /** Why a mechanism declines if {@link #of} finds nothing. */
    public static final String FOREIGN = "the descriptor of an end belongs to another provider";

    private static final int UNTRIED = Integer.MIN_VALUE;

    public final Syscalls sys;
    private final EndpointFacts facts;
    private int reopened = UNTRIED; // a description of this port's own, or a negative number
    private Memory iov; // a table of one buffer, for calls with a flag against waiting
    private boolean sized; // whether the size, and with it the chance of holes, was asked for
    private boolean mayHaveHoles;

    DescriptorPort(Syscalls sys, Channel channel, ChannelLease lease) {
        super(channel, lease);
        this.sys = sys;
        this.facts = lease.facts(channel);
    }

    /** Which end of a transfer this is. */
    abstract Side side();

    /** Fails for this end if a call has failed. */
    final long checkedHere(String call, long result) throws IOException {
        return checked(call, result, side());
    }

    /** The file's name, or its substitute, such as {@code pipe:[4711]}; no file system is asked. */
    @Override
    public String name() {
        String[] name = {lease().kind().label()};
        lease().callIfOpen(channel(), () -> {
            try {
                name[0] = Files.readSymbolicLink(Path.of("/proc/self/fd/" + lease().fd()))
                        .toString();
            } catch (IOException | RuntimeException unknown) {
                return; // no /proc here, or a name that no path can have
            }
        });
        return name[0];
    }

    /** What to poll for. */
    abstract int events();

    @Override
    public EndpointFacts facts() {
        return facts;
    }

    /** The port of an end, which another end may wrap; null if the end has no port of this library. */
    public static @Nullable DescriptorPort of(Endpoint end) {
        return end.descriptor() instanceof DescriptorPort own ? own : null;
    }

    /** As {@link #of}, of a source. */
    public static @Nullable DescriptorSource sourceOf(Source end) {
        return end.descriptor() instanceof DescriptorSource own ? own : null;
    }

    /** As {@link #of}, of a target. */
    public static @Nullable DescriptorTarget targetOf(Target end) {
        return end.descriptor() instanceof DescriptorTarget own ? own : null;
    }

    @Override
    public Descriptor descriptor() {
        return this;
    }

    @Override
    public long call(Descriptor.Use use) throws IOException {
        return call(() -> use.make(fd()));
    }

    @Override
    public boolean isCurrent() {
        return isOpen() && lease().facts(channel()) == facts && !isTimed();
    }

    @Override
    public boolean isOpen() {
        return channel().isOpen();
    }

    public int fd() {
        return reopened >= 0 ? reopened : lease().fd();
    }

    /**
     * Whether the owner may now read the socket with a timeout, so that no call that relies on the mode may be made.
     */
    public boolean isTimed() {
        return lease().isTimed(channel());
    }

    /** For calls on a mechanism's own description, which a close of the channel does not close. */
    public void checkOpen() throws IOException {
        call(() -> 0);
    }

    @Override
    public void acquire() throws IOException {
        requireUsable();
        sized = false;
        if (facts.direct() || (lease().waits() && !lease().isToldPerCall())) {
            call(() -> {
                reopenOnce();
                return 0;
            });
            if (isInWholeBlocks() && !servesWholeBlocks()) {
                throw new IOException("a channel that is open past the page cache takes whole blocks only, and "
                        + RecordLocks.REASON);
            }
        } else if (!channel().isOpen()) { // nothing is held, so no lock is needed against a close
            throw new AsynchronousCloseException();
        }
    }

    @Override
    public void keepFromWaiting() throws IOException {
        call(() -> {
            reopenOnce();
            return reopened >= 0 ? 0 : checkedHere("fcntl", keepNonBlocking());
        });
    }

    /** Whether the channel is open past the page cache, and no second description for parts of blocks is available. */
    boolean isInWholeBlocks() {
        return facts.direct() && reopened == RecordLocks.HELD;
    }

    /** Whether whole blocks are enough for this end. */
    boolean servesWholeBlocks() {
        return false;
    }

    /** The caller holds the close lock. */
    private void reopenOnce() {
        if (reopened == UNTRIED) {
            reopened = SecondDescription.open(sys, lease());
        }
    }

    /** Whether only the mode of the caller's own description keeps a call from waiting. */
    public boolean reliesOnMode() {
        return lease().waits() && reopened < 0;
    }

    /**
     * Makes a call that has no flag of its own against waiting; a negative errno if the call could still wait and was
     * therefore not made. The caller holds the close lock.
     */
    long withoutWaiting(ChannelLease.Call call) throws IOException {
        if (lease().waits()) {
            reopenOnce();
        }
        if (reopened >= 0) {
            return call.make();
        }
        long n = relying(call, null);
        return n == DescriptorMode.REFUSED ? refused() : n;
    }

    @Override
    public void release() {
        lease().readReports(channel()); // of sends before this transfer; perhaps nobody else reads them
        letBlock();
        forgetBuffer();
        if (reopened >= 0 && facts.direct()) {
            RecordLocks.close(sys, reopened, lease());
        } else if (reopened >= 0) {
            sys.close(reopened);
        }
        reopened = UNTRIED;
        if (iov != null) {
            iov.release();
            iov = null;
        }
    }

    /** The address of a table with one buffer. */
    long iov(long address, long length) {
        if (iov == null) {
            iov = Memory.small();
        }
        return iov.putLong(0, address).putLong(Long.BYTES, length).address();
    }

    /**
     * Whether a call's own flag against waiting was refused, as on kernels before 6.4. Then the descriptor's flag is
     * used.
     */
    boolean mustHold(long answer) {
        if (!ErrnoTable.isWithoutFlag(Call.RWF_NOWAIT, answer)) {
            return false;
        }
        lease().cannotBeToldPerCall();
        return true;
    }

    @Override
    public void beforeWaiting() {
        lease().readReports(channel());
    }

    @Override
    public boolean await(long nanos) throws IOException {
        return await(nanos, channel()::isOpen);
    }

    @Override
    public boolean await(long nanos, BooleanSupplier alive) throws IOException {
        return lease().kind() == EndpointKind.FILE || PortPoll.await(this, null, nanos, alive);
    }

    @Override
    public boolean awaitEither(Endpoint other, long nanos, BooleanSupplier alive) throws IOException {
        if (!(other.descriptor() instanceof DescriptorPort port)
                || lease().kind() == EndpointKind.FILE
                || port.lease().kind() == EndpointKind.FILE) {
            return Endpoint.super.awaitEither(other, nanos, alive);
        }
        return PortPoll.await(this, port, nanos, alive);
    }

    @Override
    public boolean isReset() throws IOException {
        return lease().kind().isSocket() && PortPoll.isReset(this);
    }

    /** Whether a step would find this end ready; never waits. */
    public boolean isReady() throws IOException {
        return PortPoll.isReady(this);
    }

    @Override
    public void advise(Advice advice, long position, long count) throws IOException {
        if (lease().kind() == EndpointKind.FILE) {
            call(() -> PageCache.advise(sys, fd(), position, count, advice));
        }
    }

    @Override
    public long position() throws IOException {
        return lease().kind().isFile() ? seek(0, C.SEEK_CUR) : 0;
    }

    @Override
    public void position(long position) throws IOException {
        if (lease().kind().isFile()) {
            seek(position, C.SEEK_SET);
        }
    }

    final long seek(long offset, int whence) throws IOException {
        return call(
                () -> checkedHere("lseek", sys.lseek(lease().fd(), offset, whence))); // of the caller's own description
    }

    @Override
    public long size() throws IOException {
        return lease().kind() == EndpointKind.FILE ? call(this::sizeUnderLock) : -1;
    }

    @Override
    public long openedSize() {
        if (lease().kind() != EndpointKind.FILE) {
            return -1;
        }
        mayHaveHoles = lease().inode().mayHaveHoles();
        sized = true;
        return lease().inode().size();
    }

    /** The current size of a file. The caller holds the close lock. */
    long sizeUnderLock() throws IOException {
        Memory memory = Memory.take();
        try {
            long size = checkedHere("statx", FileStatus.size(sys, lease().fd(), memory));
            mayHaveHoles = FileStatus.mayHaveHoles(size, memory);
            sized = true;
            lease().lastSize.lazySet(size);
            return size;
        } finally {
            memory.release();
        }
    }

    /** Whether the size was asked for before. */
    boolean isSized() {
        return sized;
    }

    /** Whether a look for holes is worth its cost, to judge by the size that was last asked for. */
    boolean mayHaveHoles() throws IOException {
        return (sized || size() >= 0) && mayHaveHoles;
    }

    public static long checked(String call, long result) throws IOException {
        return checked(call, result, Side.UNKNOWN);
    }

    /** Fails for one end if a call has failed. */
    public static long checked(String call, long result, Side side) throws IOException {
        if (result < 0) {
            throw new EndpointException(Errno.message(call, result), null, side);
        }
        return result;
    }
}
