package io.zerocopy.linux.internal;

import io.zerocopy.linux.sys.Memory;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Holds memory that the kernel still reads after the transfer that sent it was cancelled or failed: buffers of the
 * caller stay reachable, and memory of the library's own is not used again. Looked through whenever a transfer sends in
 * place or ends, since there is no thread to do it.
 *
 * <p>While the channel is open the kernel tells when it has let go. Once it is closed nobody is told any more, and the
 * kernel goes on sending what was queued; it gives up after at most the time that tcp(7) names for
 * {@code tcp_retries2}, so that is how long the memory is held.
 */
final class Leftovers {
    private static final long LONGEST_SENDING_NANOS = TimeUnit.MINUTES.toNanos(30);

    private static final class Held {
        final Channel channel;
        final Handle handle;
        final InPlace inPlace;
        long closedSince; // 0 while the channel is open

        Held(Channel channel, Handle handle, InPlace inPlace) {
            this.channel = channel;
            this.handle = handle;
            this.inPlace = inPlace;
        }
    }

    private final List<Held> all = new ArrayList<>();

    /** Takes over what is outstanding on a socket. */
    synchronized void hold(Channel channel, Handle handle, InPlace inPlace) {
        for (Held held : all) {
            if (held.inPlace == inPlace) {
                return;
            }
        }
        all.add(new Held(channel, handle, inPlace));
    }

    /** Lets go of what the kernel does not read any more. Wants no lock of a channel. */
    void sweep() {
        List<Held> now;
        synchronized (this) {
            if (all.isEmpty()) {
                return;
            }
            now = new ArrayList<>(all);
        }
        long time = System.nanoTime();
        now.removeIf(held -> isHeldStill(held, time));
        synchronized (this) {
            all.removeAll(now);
        }
    }

    private static boolean isHeldStill(Held held, long now) {
        synchronized (held.handle.closeLock()) {
            if (held.channel.isOpen()) {
                Memory memory = Memory.take();
                try {
                    held.inPlace.drain(memory);
                } finally {
                    memory.release();
                }
            } else if (held.closedSince == 0) {
                held.closedSince = now == 0 ? 1 : now;
            } else if (now - held.closedSince > LONGEST_SENDING_NANOS) {
                held.inPlace.abandon();
            }
            return held.inPlace.outstanding() > 0;
        }
    }

    /** How many sockets have memory held for them. */
    synchronized int size() {
        return all.size();
    }
}
