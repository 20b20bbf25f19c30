package io.zerocopy.nio.internal.ports;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;

/**
 * A wait for a channel of the JDK that ends on time: the channel is made non-blocking and watched by a selector. Making it
 * so waits for a thread that is inside a read or a write of the channel, so this is only done where somebody asked for a
 * timeout.
 */
final class LimitedWait {
    private final SelectableChannel channel;
    private final boolean wasBlocking;
    private final Selector selector;

    private LimitedWait(SelectableChannel channel, Selector selector) {
        this.channel = channel;
        this.wasBlocking = channel.isBlocking();
        this.selector = selector;
    }

    /** Begins; null for a channel that no selector can watch. */
    static LimitedWait on(Channel channel, int operation) throws IOException {
        if (!(channel instanceof SelectableChannel selectable)) {
            return null;
        }
        LimitedWait wait = new LimitedWait(selectable, Selector.open());
        try {
            selectable.configureBlocking(false);
            selectable.register(wait.selector, operation);
            return wait;
        } catch (IOException | RuntimeException e) {
            wait.end();
            throw e;
        }
    }

    boolean await(long nanos) throws IOException {
        return selector.select(key -> {}, Math.max(1, nanos / 1_000_000)) > 0;
    }

    /** Puts the channel back; whatever happened to it meanwhile, nothing is thrown. */
    void end() {
        try {
            selector.close();
            if (wasBlocking && channel.isOpen()) {
                channel.configureBlocking(true);
            }
        } catch (IOException | RuntimeException closedOrRegisteredElsewhere) {
            return; // its owner has done something else with it
        }
    }
}
