package io.zerocopy.nio.internal.ports;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;

/**
 * Waits for a JDK channel with a time limit: the channel is made non-blocking and watched by a selector. Changing the
 * mode waits for any thread inside a read or a write of the channel, so this is only done if the caller set a timeout.
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

    /** Begins; returns null for a channel that no selector can watch. */
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

    /** Restores the channel's mode. Never throws, even if the channel was closed or registered meanwhile. */
    void end() {
        try {
            selector.close();
            if (wasBlocking && channel.isOpen()) {
                channel.configureBlocking(true);
            }
        } catch (IOException | RuntimeException closedOrRegisteredElsewhere) {
            return; // its owner has closed or registered it meanwhile
        }
    }
}
