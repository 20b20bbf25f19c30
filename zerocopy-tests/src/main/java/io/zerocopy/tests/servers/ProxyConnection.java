package io.zerocopy.tests.servers;

import io.zerocopy.Relay;
import io.zerocopy.RelaySession;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Two channels of a {@link Proxy} and the relay between them: first connecting, then two sessions, then over. Whatever
 * fails here ends here; no method throws what a peer has caused.
 *
 * <p>The interest of each key is what the two sessions have said last, no more: the one that reads from the channel wants
 * to read if it waits for its source, the one that writes to it wants to write if it waits for its target. A channel that
 * nobody waits for has no interest at all and cannot wake the thread, and the peer's end meanwhile is met by the next
 * step that reads or writes.
 */
final class ProxyConnection {
    private final Proxy proxy;
    private final SocketChannel left;
    private SocketChannel right;
    private RelaySession relay;
    private Direction toRight;
    private Direction toLeft;
    private long lastMoved = System.nanoTime();
    private boolean isEager;
    private boolean isOver;

    /** One direction: its session, the key of either end, and what it said last. */
    private static final class Direction {
        private final TransferSession session;
        private final SelectionKey source;
        private final SelectionKey target;
        private Status status = Status.PROGRESS;

        Direction(TransferSession session, SelectionKey source, SelectionKey target) {
            this.session = session;
            this.source = source;
            this.target = target;
        }

        /** What it waits for at the channel of a key: one operation, or 0. */
        int interest(SelectionKey key) {
            if (status == Status.AWAIT_SOURCE && key == source) {
                return SelectionKey.OP_READ;
            }
            return status == Status.AWAIT_TARGET && key == target ? SelectionKey.OP_WRITE : 0;
        }
    }

    ProxyConnection(Proxy proxy, SocketChannel left) {
        this.proxy = proxy;
        this.left = left;
    }

    long lastMoved() {
        return lastMoved;
    }

    /** Begins to connect to the target, for the first time or again. */
    void begin() {
        if (isOver) {
            return;
        }
        try {
            left.configureBlocking(false);
            Connector.sendAtOnce(left);
            right = proxy.connector().start();
            if (right == null) {
                proxy.wantsToRetry(this);
            } else if (right.isConnected()) {
                connected();
            } else {
                right.register(proxy.selector(), SelectionKey.OP_CONNECT, this);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /** A channel is ready for something that was waited for. */
    void ready(SelectionKey key) {
        try {
            if (relay != null) {
                int ready = key.readyOps();
                step(toRight, (toRight.interest(key) & ready) != 0);
                step(toLeft, (toLeft.interest(key) & ready) != 0);
                settle();
            } else if (right.finishConnect()) {
                connected();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Its turn, after it could have moved more. */
    void more() {
        isEager = false;
        if (isOver) {
            return;
        }
        try {
            step(toRight, toRight.status == Status.PROGRESS);
            step(toLeft, toLeft.status == Status.PROGRESS);
            settle();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void connected() throws IOException {
        Relay.Builder builder = Transfers.relay(left, right);
        Duration idle = proxy.idleTimeout();
        relay = (idle.isZero() ? builder : builder.idleTimeout(idle)).build().open();
        SelectionKey leftKey = left.register(proxy.selector(), 0, this);
        SelectionKey rightKey = right.register(proxy.selector(), 0, this);
        toRight = new Direction(relay.leftToRight(), leftKey, rightKey);
        toLeft = new Direction(relay.rightToLeft(), rightKey, leftKey);
        touch();
        more();
    }

    private void step(Direction direction, boolean isWorthwhile) throws IOException {
        if (!isWorthwhile) {
            return;
        }
        long before = direction.session.transferred();
        try {
            direction.status = direction.session.advance();
        } finally {
            proxy.counts().addAdvance();
            long moved = direction.session.transferred() - before;
            if (moved > 0) {
                touch();
                if (direction == toRight) {
                    proxy.counts().addSent(moved);
                } else {
                    proxy.counts().addReceived(moved);
                }
            }
        }
    }

    /** What comes next, of what both sessions have said: the end, a turn, or waiting for what they wait for. */
    private void settle() {
        if (relay.isDone()) {
            proxy.counts().addCompleted(toRight.session.result(), toLeft.session.result());
            close();
            return;
        }
        wish(toRight.source);
        wish(toRight.target);
        boolean couldMove = toRight.status == Status.PROGRESS || toLeft.status == Status.PROGRESS;
        if (couldMove && !isEager) {
            isEager = true;
            proxy.couldMoveMore(this);
        }
    }

    private void wish(SelectionKey key) {
        int interest = toRight.interest(key) | toLeft.interest(key);
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    private void touch() {
        lastMoved = System.nanoTime();
        proxy.moved(this);
    }

    /** Nothing has moved for too long. */
    void expire() {
        if (relay == null) {
            fail(new IOException("no connection to the target in time"));
            return;
        }
        try {
            step(toRight, toRight.status != Status.DONE); // says that it has been idle
            step(toLeft, toLeft.status != Status.DONE);
            settle();
            if (!isOver) {
                touch();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Ends it because the proxy does. */
    void cut() {
        fail(new IOException("the proxy was closed"));
    }

    /**
     * Ends it short of its end, and so that nobody takes what has arrived for all there was: over TCP the peers see a
     * reset. A plain close would look like an end.
     */
    private void fail(IOException why) {
        if (relay == null) {
            proxy.counts().addRefused(why);
        } else {
            proxy.counts().addFailed(why);
        }
        reset(left);
        reset(right);
        close();
    }

    private static void reset(SocketChannel channel) {
        try {
            if (channel != null && channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException closed) {
            // then there is nothing left to reset
        }
    }

    /** Lets everything go. A relay leaves its channels to whoever made them. */
    private void close() {
        isOver = true;
        close(relay);
        close(left);
        close(right);
        proxy.ended(this);
    }

    private static void close(java.io.Closeable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (IOException e) {
            // it is closed all the same
        }
    }
}
