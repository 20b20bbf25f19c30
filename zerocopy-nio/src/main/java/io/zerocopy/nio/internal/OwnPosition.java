package io.zerocopy.nio.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A file channel's own position, borrowed by a mover and restored by {@link #close()}. {@code transferTo} writes at the
 * target's own position and {@code transferFrom} reads at the source's own position. Two of them on one channel at the
 * same time would move each other's position, so only one borrower has it at a time.
 */
public final class OwnPosition implements Closeable {
    /** By channel, so that transfers of other channels seldom use the same one. */
    private static final Lent[] LENT = new Lent[64];

    static {
        for (int i = 0; i < LENT.length; i++) {
            LENT[i] = new Lent();
        }
    }

    /** Channels whose positions are borrowed. */
    private static final class Lent {
        private final List<FileChannel> channels = new ArrayList<>(1); // compared by identity

        synchronized boolean add(FileChannel channel) {
            return indexOf(channel) < 0 && channels.add(channel);
        }

        synchronized void remove(FileChannel channel) {
            channels.remove(indexOf(channel));
        }

        private int indexOf(FileChannel channel) {
            int i = channels.size() - 1;
            while (i >= 0 && channels.get(i) != channel) {
                i--;
            }
            return i;
        }
    }

    private static Lent lent(FileChannel channel) {
        return LENT[System.identityHashCode(channel) & (LENT.length - 1)];
    }

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
        if (!lent(channel).add(channel)) {
            return null;
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
        lent(channel).remove(channel);
    }
}
