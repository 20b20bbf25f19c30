package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.C;
import io.zerocopy.spi.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;

/** A file, socket or pipe of the {@link ModelKernel}: the descriptor behind it and the channel in front. */
final class ModelChannel implements ByteChannel {
    final int fd;
    final Kind kind;
    final Handle handle;
    byte[] bytes; // what can be taken, or a file's content
    int size; // of these
    int position; // of a flow, what was taken; of a file, its own
    int highest; // of a file, end of what was read farthest behind
    int waits; // looks for which it is not ready
    boolean seenReady; // by poll(2), which stays true until bytes move
    boolean refused; // whether somebody was told so and has not waited since
    int flags = C.O_RDWR;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    ModelChannel(int fd, Kind kind, byte[] bytes) {
        this.fd = fd;
        this.kind = kind;
        this.bytes = bytes;
        this.size = bytes.length;
        boolean file = kind == Kind.FILE;
        int mode = file ? C.S_IFREG : kind == Kind.PIPE ? C.S_IFIFO : C.S_IFSOCK;
        Inode inode = new Inode(mode, 1, fd, size, 0);
        this.handle = new Handle(fd, new Object(), null, kind, !file, flags, inode, file ? "xfs" : "");
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    /** Takes bytes from an offset of a file, or the next ones of a flow. */
    byte[] take(long offset, long most) {
        int from = isFile() ? (int) Math.min(offset, size) : position;
        byte[] taken = Arrays.copyOfRange(bytes, from, from + (int) Math.min(most, size - from));
        position += isFile() ? 0 : taken.length;
        seenReady = false;
        highest = Math.max(highest, from + taken.length);
        return taken;
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

    byte[] received() {
        return isFile() ? Arrays.copyOf(bytes, size) : received.toByteArray();
    }

    /** One look; false while it waits. */
    boolean look() {
        if (waits > 0 && !seenReady) {
            waits--;
            refused = true;
            return false;
        }
        return true;
    }

    /**
     * Fails where a call could wait inside the kernel, where nobody wakes it.
     *
     * @param told whether the call itself was told not to
     */
    void requireCannotWait(boolean told, String call) {
        if (!isFile() && !told && (flags & C.O_NONBLOCK) == 0) {
            throw new AssertionError("a " + call + " that may wait in the kernel");
        }
    }

    /** Fails where somebody waits who was not told to. */
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
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        throw new AssertionError("the caller's channel was closed");
    }
}
