package io.zerocopy.internal.relay;

import io.zerocopy.TransferSession.Status;
import io.zerocopy.internal.build.DuplexChannel;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Waits for a blocking relay whose ports have no descriptors: a selector watches its channels, which are non-blocking
 * meanwhile and blocking again at the end. A blocked read in one direction would otherwise stop the other one.
 */
final class RelaySelector implements Closeable {
    private final Set<SelectableChannel> changed = new LinkedHashSet<>();
    private final Selector selector;
    private final ByteChannel left;
    private final ByteChannel right;

    private RelaySelector(ByteChannel left, ByteChannel right) throws IOException {
        this.left = left;
        this.right = right;
        this.selector = Selector.open();
    }

    /** Makes both channels non-blocking, or neither. */
    static RelaySelector over(ByteChannel left, ByteChannel right) throws IOException {
        Object[] ends = {
            DuplexChannel.input(left),
            DuplexChannel.output(left),
            DuplexChannel.input(right),
            DuplexChannel.output(right)
        };
        for (Object end : ends) {
            if (!(end instanceof SelectableChannel)) {
                throw new IllegalArgumentException("a blocking relay without descriptors needs channels that a selector"
                        + " can watch: open() it, or copy each direction on a thread of its own: " + end);
            }
        }
        RelaySelector modes = new RelaySelector(left, right);
        try {
            for (Object end : ends) {
                modes.watch((SelectableChannel) end);
            }
            return modes;
        } catch (IOException | RuntimeException e) {
            modes.close();
            throw e;
        }
    }

    private void watch(SelectableChannel channel) throws IOException {
        if (changed.add(channel)) {
            channel.configureBlocking(false);
            channel.register(selector, 0);
        }
    }

    /**
     * Waits until a direction may move.
     *
     * @param one what the direction from left to right waits for; null if it is over
     * @param two what the other direction waits for; null if it is over
     */
    void await(Status one, Status two, long nanos) throws IOException {
        for (SelectionKey key : selector.keys()) {
            if (key.isValid()) {
                key.interestOps(0);
            }
        }
        watch(one, left, right);
        watch(two, right, left);
        selector.select(key -> {}, Math.max(1, nanos / 1_000_000));
    }

    private void watch(Status status, ByteChannel source, ByteChannel target) {
        if (status == Status.AWAIT_SOURCE) {
            watch(DuplexChannel.input(source), SelectionKey.OP_READ);
        } else if (status == Status.AWAIT_TARGET) {
            watch(DuplexChannel.output(target), SelectionKey.OP_WRITE);
        }
    }

    private void watch(Object channel, int operation) {
        SelectionKey key = ((SelectableChannel) channel).keyFor(selector);
        if (key != null && key.isValid()) {
            key.interestOpsOr(operation);
        }
    }

    /** Restores the mode of every channel, even if another one fails; a closed channel has no mode. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        try {
            selector.close();
        } catch (IOException e) {
            failure = e;
        }
        for (SelectableChannel channel : changed) {
            try {
                channel.configureBlocking(true);
            } catch (ClosedChannelException closed) {
                continue;
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
