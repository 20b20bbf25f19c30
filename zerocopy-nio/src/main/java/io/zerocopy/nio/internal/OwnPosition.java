package io.zerocopy.nio.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A file channel's own position, borrowed by a mover and restored by {@link #close()}. {@code transferTo} writes at the
 * target's own position and {@code transferFrom} reads at the source's own position. Two of them on one channel at the
 * same time would move each other's position, so only one borrower has it at a time.
 */
public final class OwnPosition implements Closeable {
    private static final Set<FileChannel> LENT = Collections.newSetFromMap(new IdentityHashMap<>());

    private final FileChannel channel;
    private final long before;
    private long current;
    private boolean returned;

    private OwnPosition(FileChannel channel, long before) {
        this.channel = channel;
        this.before = before;
        this.current = before;
    }

    /** Borrows the position of a channel; null while another borrower has it. */
    public static OwnPosition borrow(FileChannel channel) throws IOException {
        synchronized (LENT) {
            if (!LENT.add(channel)) {
                return null;
            }
        }
        try {
            return new OwnPosition(channel, JdkChannels.position(channel));
        } catch (IOException | RuntimeException | Error e) {
            giveBack(channel);
            throw e;
        }
    }

    /** The channel's position before, which is restored at the end. */
    public long before() {
        return before;
    }

    /** Sets the channel's position, unless it is already there. */
    public void moveTo(long position) throws IOException {
        if (current != position) {
            JdkChannels.position(channel, position);
            current = position;
        }
    }

    /** Records that an operation has advanced the channel's position. */
    public void advanced(long count) {
        current += count;
    }

    @Override
    public void close() {
        if (returned) {
            return;
        }
        returned = true;
        try {
            JdkChannels.position(channel, before);
        } catch (IOException closed) {
            current = before; // a closed channel has no position to restore
        } finally {
            giveBack(channel);
        }
    }

    private static void giveBack(FileChannel channel) {
        synchronized (LENT) {
            LENT.remove(channel);
        }
    }
}
