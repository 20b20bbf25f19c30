package io.zerocopy.linux.internal.msgzerocopy;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.sends.ZerocopySends;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Holds memory that the kernel still reads after the transfer that sent it was cancelled or failed: the caller's
 * buffers stay reachable, and the library's memory is not used again. Every transfer that sends in place or ends checks
 * this list, since there is no thread for it.
 *
 * <p>While the channel is open, the kernel reports when it no longer needs the memory. After the close there are no
 * reports, and the kernel continues to send the queued bytes. It gives up after at most the time that tcp(7) names for
 * {@code tcp_retries2}, so the memory is held for that time.
 */
public final class OrphanedSends {
    private static final long LONGEST_SENDING_NANOS = TimeUnit.MINUTES.toNanos(30);

    private static final class Held {
        final Channel channel;
        final ChannelLease lease;
        final ZerocopySends sends;
        long closedSince; // 0 while the channel is open
        boolean isRead; // whether the kernel still read it at the last check

        Held(Channel channel, ChannelLease lease, ZerocopySends sends) {
            this.channel = channel;
            this.lease = lease;
            this.sends = sends;
        }
    }

    private final List<Held> all = new ArrayList<>();

    /** Takes over a socket's outstanding sends. */
    synchronized void hold(Channel channel, ChannelLease lease, ZerocopySends sends) {
        for (Held held : all) {
            if (held.sends == sends) {
                return;
            }
        }
        all.add(new Held(channel, lease, sends));
    }

    /** Releases memory that the kernel no longer reads. The caller holds no lock of a channel. */
    public void sweep() {
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
        held.lease.locked(() -> {
            if (held.channel.isOpen()) {
                held.sends.drain();
            } else if (held.closedSince == 0) {
                held.closedSince = now == 0 ? 1 : now;
            } else if (now - held.closedSince > LONGEST_SENDING_NANOS) {
                held.sends.abandon();
            }
            held.isRead = held.sends.outstanding() > 0;
        });
        return held.isRead;
    }

    /** How many sockets have memory held for them. */
    public synchronized int size() {
        return all.size();
    }
}
