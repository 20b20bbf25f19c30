package io.zerocopy.linux.internal.model;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.LeaseUse;
import io.zerocopy.linux.internal.poll.Poller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channel;
import java.util.Random;

/**
 * The other users of an end of the {@link ModelKernel}: its owner, who changes the mode at any call, and a second
 * channel over the same descriptor, whose transfers begin and end at any call. They act instead of other threads: if
 * such a thread had to wait for a lock, nothing happens.
 */
final class ModelOwner {
    /** A channel over the same descriptor, like a borrowed one. */
    private static final class Second implements Channel {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new AssertionError("the caller's channel was closed");
        }
    }

    private final ModelChannel end;
    private final Random random;
    private final LeaseUse second;
    private boolean acts;

    ModelOwner(ModelChannel end, long seed) {
        this.end = end;
        this.random = new Random(seed);
        Channel channel = new Second();
        ChannelLease lease =
                new ChannelLease(channel, end.fd, new Object(), null, end.kind, true, end.flags, end.lease.inode());
        lease.share(end.lease.mode());
        this.second = new LeaseUse(channel, lease);
    }

    /** Called before every call of the transfer. */
    void act() {
        if (acts || Thread.holdsLock(end.lease.mode()) || Thread.holdsLock(end.modeLock)) {
            return;
        }
        acts = true;
        try {
            switch (random.nextInt(16)) {
                case 0 -> end.configureBlocking(!end.isBlocking());
                case 1 -> {
                    end.configureBlocking(!end.isBlocking());
                    end.configureBlocking(!end.isBlocking());
                }
                case 2 -> second.call(second::keepNonBlocking);
                case 3, 4 -> second.letBlock();
                case 5 ->
                    second.call(() -> second.relying(
                            () -> {
                                end.requireCannotWait(false, "call of another transfer");
                                return 0;
                            },
                            null));
                case 6 -> {
                    if (Poller.hasVirtualThreads() && random.nextInt(50) == 0) {
                        end.forceNonBlocking();
                    }
                }
                default -> {
                    // the usual case
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            acts = false;
        }
    }

    /** Ends the holds of the second channel. */
    void end() {
        acts = true;
        second.letBlock();
    }
}
