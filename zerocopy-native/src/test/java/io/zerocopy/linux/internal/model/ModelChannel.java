package io.zerocopy.linux.internal.model;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.stat.FileStatus;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.EndpointKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.util.Arrays;

/** A file, socket or pipe of the {@link ModelKernel}: a descriptor and its channel. */
public final class ModelChannel extends AbstractSelectableChannel implements ByteChannel {
    final int fd;
    final EndpointKind kind;
    public final ChannelLease lease;
    final Object modeLock = new Object(); // the lock for the mode, as in the channels of the JDK
    private boolean forcedNonBlocking; // read by its name, like that of the JDK's channels
    byte[] bytes; // the bytes to take, or a file's content
    int size; // of these
    int position; // the bytes taken from a flow; a file's own position
    int highest; // the largest end position read in a file
    int waits; // checks for which it is not ready
    boolean seenReady; // by poll(2); stays true until bytes move
    private int unseen = 1; // the answer of copies in the kernel until a read: 0, a negative errno; or 1
    public boolean refused; // whether a call was refused and no wait has followed
    int flags = C.O_RDWR;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    ModelChannel(int fd, EndpointKind kind, byte[] bytes) {
        super(null);
        this.fd = fd;
        this.kind = kind;
        this.bytes = bytes;
        this.size = bytes.length;
        boolean file = kind == EndpointKind.FILE;
        int mode = file ? C.S_IFREG : kind == EndpointKind.PIPE ? C.S_IFIFO : C.S_IFSOCK;
        FileStatus status = new FileStatus(mode, 1, fd, size, (size + 511) / 512, 0, 0);
        this.lease = new ChannelLease(this, fd, new Object(), file ? null : modeLock, kind, !file, flags, status);
        this.lease.in(file ? "xfs" : "");
    }

    boolean isFile() {
        return kind == EndpointKind.FILE;
    }

    /** Takes bytes from an offset of a file, or the next ones of a flow, or, at offset -1, of a file. */
    byte[] take(long offset, long most) {
        boolean next = !isFile() || offset < 0;
        int from = (int) Math.min(next ? position : offset, size);
        byte[] taken = Arrays.copyOfRange(bytes, from, from + (int) Math.min(most, size - from));
        position += next ? taken.length : 0;
        seenReady = false;
        highest = Math.max(highest, from + taken.length);
        return taken;
    }

    /** Lets no copy inside the kernel see what comes next: as at the mark of urgent data, or of a file whose size is not known. */
    void hide(int value) {
        unseen = isFile() || value % 2 == 0 ? 0 : -Errno.EAGAIN;
    }

    /** Called by a read: only a read passes. */
    void show() {
        unseen = 1;
    }

    /** The answer of a copy that finds no bytes; 1 if copies find them. */
    int unseen() {
        return unseen;
    }

    void put(long offset, byte[] more) {
        seenReady = false;
        if (!isFile()) {
            received.writeBytes(more);
            return;
        }
        int end = Math.max(size, (int) offset + more.length);
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, end));
        System.arraycopy(more, 0, bytes, (int) offset, more.length);
        size = end;
    }

    long truncate(int length) {
        bytes = Arrays.copyOf(bytes, length);
        size = length;
        return 0;
    }

    int length() {
        return isFile() ? size : received.size();
    }

    public byte[] received() {
        return isFile() ? Arrays.copyOf(bytes, size) : received.toByteArray();
    }

    /** One check; false while the end is not ready. */
    boolean look() {
        if (waits > 0 && !seenReady) {
            waits--;
            refused = true;
            return false;
        }
        return true;
    }

    /**
     * Fails if a call could wait inside the kernel, where nothing wakes it.
     *
     * @param told whether the call has a flag against waits
     */
    void requireCannotWait(boolean told, String call) {
        if (!isFile() && !told && (flags & C.O_NONBLOCK) == 0) {
            throw new AssertionError("a " + call + " that may wait in the kernel");
        }
    }

    /** Fails if a transfer waits without a refused call. */
    void requireRefused(String end) {
        if (!refused) {
            throw new AssertionError("waits for the " + end + ", which has refused nothing");
        }
        refused = false;
    }

    @Override
    public int read(ByteBuffer target) {
        throw new AssertionError("the channel itself is not to be used");
    }

    @Override
    public int write(ByteBuffer source) {
        throw new AssertionError("the channel itself is not to be used");
    }

    @Override
    public int validOps() {
        return SelectionKey.OP_READ | SelectionKey.OP_WRITE;
    }

    @Override
    protected void implCloseSelectableChannel() {
        throw new AssertionError("the caller's channel was closed");
    }

    /** Acts like the JDK when the owner changes the mode; the field of {@code isBlocking()} is set later. */
    @Override
    protected void implConfigureBlocking(boolean block) {
        synchronized (modeLock) {
            if (!forcedNonBlocking) {
                flags = block ? flags & ~C.O_NONBLOCK : flags | C.O_NONBLOCK;
            }
        }
    }

    /** Acts like the JDK when a virtual thread first uses the channel. */
    void forceNonBlocking() {
        synchronized (modeLock) {
            forcedNonBlocking = true;
            flags |= C.O_NONBLOCK;
        }
    }

    /** Whether the descriptor is as its owner wants it. */
    boolean isAsItsOwnerWants() {
        boolean nonBlocking = forcedNonBlocking || !isBlocking();
        return flags == (nonBlocking ? C.O_RDWR | C.O_NONBLOCK : C.O_RDWR);
    }
}
