package io.zerocopy.tests.servers.proxy;

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
 * Two channels of a {@link Proxy} and the relay between them: first it connects, then it runs two sessions, then it
 * ends. A failure ends only this connection; no method throws an exception that a peer has caused.
 *
 * <p>The interest of each key follows only the last status of the two sessions. It includes reading if the session that
 * reads from the channel waits for its source, and writing if the session that writes to it waits for its target. If no
 * session waits for a channel, its interest is 0 and it cannot wake the thread; if its peer closes meanwhile, the next
 * read or write notices it.
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

    /** One direction: its session, the keys of both ends, and its last status. */
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

        /** Returns what it waits for at the channel of a key: one operation, or 0. */
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

    /** Starts to connect to the target, for the first time or again. */
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

    /** Continues after a channel has become ready for an operation that was waited for. */
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

    /** Makes a turn of a connection that could move more. */
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

    /** Decides from the status of both sessions what comes next: the end, another turn, or a wait. */
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

    /** Ends the connection because nothing has moved for too long. */
    void expire() {
        if (relay == null) {
            fail(new IOException("no connection to the target in time"));
            return;
        }
        try {
            step(toRight, toRight.status != Status.DONE); // reports that it has been idle
            step(toLeft, toLeft.status != Status.DONE);
            settle();
            if (!isOver) {
                touch();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Ends the connection because the proxy is closed. */
    void cut() {
        fail(new IOException("the proxy was closed"));
    }

    /**
     * Ends the connection early, in such a way that the peers cannot mistake the bytes so far for the whole stream: TCP
     * peers see a reset. A plain close would look like a normal end.
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
            // then there is no connection to reset
        }
    }

    /** Closes everything. A relay does not close its channels, so this class does. */
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
            // it is closed anyway
        }
    }
}
