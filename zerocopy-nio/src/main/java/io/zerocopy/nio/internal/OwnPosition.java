package io.zerocopy.nio.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A file channel's own position, borrowed for a while and put back by {@link #close()}. {@code transferTo} writes at
 * the target's own position and {@code transferFrom} reads at the source's, so two of them at a time on one channel
 * would move the ground under each other: a position is lent to one borrower only.
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

    /** Borrows the position of a channel; null while somebody else has it. */
    public static OwnPosition borrow(FileChannel channel) throws IOException {
        synchronized (LENT) {
            if (!LENT.add(channel)) {
                return null;
            }
        }
        try {
            return new OwnPosition(channel, Channels.position(channel));
        } catch (IOException | RuntimeException | Error e) {
            giveBack(channel);
            throw e;
        }
    }

    /** Where the channel stood, and will stand again. */
    public long before() {
        return before;
    }

    /** Moves the channel, unless it stands there already. */
    public void moveTo(long position) throws IOException {
        if (current != position) {
            Channels.position(channel, position);
            current = position;
        }
    }

    /** Takes note that an operation has moved the channel forward. */
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
            Channels.position(channel, before);
        } catch (IOException closed) {
            current = before; // a channel that somebody has closed has no position to put back
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
