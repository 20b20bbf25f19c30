package io.zerocopy.tests.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.zerocopy.RelayResult;
import io.zerocopy.RelaySession;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DescriptorChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * Relays two channels of Netty's epoll transport, TCP or Unix-domain, through their descriptors. It is for proxies that
 * first speak a protocol through handlers, and then move bytes that no handler needs to see. It does what
 * {@code spliceTo} did, in both directions, with counts and half-close, and loses nothing when a pipe is full.
 *
 * <p><b>Readiness</b> comes from the event loop of both channels: they are deregistered, and their descriptors are
 * registered again for this relay, once and edge-triggered. No system call changes that registration afterwards. This
 * is correct because a session that waits has always got EAGAIN at the end that it names. A session that has moved its
 * fair chunk goes on in a task of the loop, after everything else that is ready. No thread is added. One condition is
 * checked by a timer: a reset of one side while the other takes nothing, which no read or write would notice.
 *
 * <p><b>Ownership:</b> from {@link #start} on, both channels belong to the relay, which closes them at its end.
 * Handlers see them deregistered and finally inactive. Before {@code start}, no bytes may be in transit inside Netty:
 * {@code autoRead} must be off, so that Netty has passed on everything that it has read, and every write must be
 * complete. To end the relay, close either channel. The relay releases both descriptors <em>before</em> Netty closes
 * one: they are borrowed, and the number of a closed descriptor is soon reused. All of this happens on the event loop,
 * so both channels must have the same one.
 */
public final class EpollRelay {
    private static final EpollIoOps CHANGES =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT).with(EpollIoOps.EPOLLET);

    private final IoEventLoop loop;
    private final Promise<RelayResult> result;
    private final End left;
    private final End right;
    private RelaySession relay;
    private Status toRight = Status.PROGRESS;
    private Status toLeft = Status.PROGRESS;
    private Future<?> watch; // after an error at either end
    private boolean isScheduled;
    private boolean isOver;

    private EpollRelay(IoEventLoop loop, UnixChannel left, UnixChannel right) {
        this.loop = loop;
        this.result = loop.newPromise();
        this.left = new End(left);
        this.right = new End(right);
    }

    /**
     * Relays two connected channels until both directions have ended, or either fails.
     *
     * @param left one channel, with {@code autoRead} off
     * @param right the other channel, with {@code autoRead} off, on the same event loop
     * @return the result of the relay; if the relay fails, the future fails with its exception, and both peers see a
     *     reset
     * @throws IllegalArgumentException if the channels do not have the same event loop, or it is not an epoll event
     *     loop
     */
    public static Future<RelayResult> start(UnixChannel left, UnixChannel right) {
        if (left.eventLoop() != right.eventLoop()
                || !(left.eventLoop() instanceof IoEventLoop loop)
                || !loop.isIoType(EpollIoHandler.class)) {
            throw new IllegalArgumentException("not of one epoll event loop: " + left + ", " + right);
        }
        if (left.config().isAutoRead() || right.config().isAutoRead()) {
            throw new IllegalArgumentException("autoRead is on: " + left + ", " + right);
        }
        EpollRelay relay = new EpollRelay(loop, left, right);
        left.pipeline().addFirst(relay.new BeforeClose());
        right.pipeline().addFirst(relay.new BeforeClose());
        left.deregister().addListener(one -> right.deregister().addListener(both -> relay.begin()));
        return relay.result;
    }

    /** The last handler that a close passes before it happens. */
    private final class BeforeClose extends ChannelOutboundHandlerAdapter {
        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            fail(new ClosedChannelException());
            context.close(promise);
        }
    }

    /** One channel, in two roles: as a channel for transfers, and as the handle that the event loop notifies. */
    private final class End implements EpollIoHandle {
        private final UnixChannel channel;
        private DescriptorChannel bytes;
        private IoRegistration registration;

        End(UnixChannel channel) {
            this.channel = channel;
        }

        @Override
        public FileDescriptor fd() {
            return channel.fd();
        }

        void register() {
            loop.register(this).addListener((Future<IoRegistration> registered) -> {
                registration = registered.getNow();
                if (isOver) {
                    release();
                } else if (registered.isSuccess()) {
                    registration.submit(CHANGES);
                } else {
                    fail(registered.cause());
                }
            });
        }

        @Override
        public void handle(IoRegistration its, IoEvent event) {
            ready(this);
            if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR)) {
                watch();
            }
        }

        /** Called when the event loop ends. */
        @Override
        public void close() {
            fail(new ClosedChannelException());
        }

        void release() {
            if (registration != null) {
                registration.cancel();
            }
            closeQuietly(bytes); // the descriptor stays open
        }
    }

    private void begin() {
        if (isOver) {
            return;
        }
        if (!left.fd().isOpen() || !right.fd().isOpen()) {
            fail(new ClosedChannelException());
            return;
        }
        try {
            left.bytes = DescriptorChannel.borrow(left.fd().intValue());
            right.bytes = DescriptorChannel.borrow(right.fd().intValue());
            relay = Transfers.relay(left.bytes, right.bytes).build().open();
        } catch (IOException | RuntimeException e) {
            fail(e);
            return;
        }
        left.register();
        right.register();
        move();
    }

    /** Called when one end has changed: a session that waits for it should try again. */
    private void ready(End end) {
        if (isOver) {
            return;
        }
        toRight = end == waitsAt(toRight, left, right) ? Status.PROGRESS : toRight;
        toLeft = end == waitsAt(toLeft, right, left) ? Status.PROGRESS : toLeft;
        move();
    }

    /**
     * Called when one connection was reset. If neither direction waits for it, only the sessions can notice the reset.
     * When advanced, they give the other side one second to take the bytes that arrived before it.
     */
    private void watch() {
        if (!isOver && watch == null) {
            watch = loop.scheduleWithFixedDelay(
                    () -> {
                        toRight = Status.PROGRESS;
                        toLeft = Status.PROGRESS;
                        move();
                    },
                    1,
                    1,
                    TimeUnit.SECONDS);
        }
    }

    private static End waitsAt(Status status, End source, End target) {
        if (status == Status.AWAIT_SOURCE) {
            return source;
        }
        return status == Status.AWAIT_TARGET ? target : null;
    }

    /** Advances each session that can move by one fair chunk; the rest follows in a later task. */
    private void move() {
        if (isOver) {
            return;
        }
        try {
            toRight = step(relay.leftToRight(), toRight);
            toLeft = step(relay.rightToLeft(), toLeft);
        } catch (IOException | RuntimeException e) {
            fail(e);
            return;
        }
        if (relay.isDone()) {
            RelayResult both = new RelayResult(
                    relay.leftToRight().result(), relay.rightToLeft().result());
            release();
            result.trySuccess(both);
        } else if (!isScheduled && (toRight == Status.PROGRESS || toLeft == Status.PROGRESS)) {
            isScheduled = true;
            loop.execute(() -> {
                isScheduled = false;
                move();
            });
        }
    }

    private static Status step(TransferSession session, Status status) throws IOException {
        return status == Status.PROGRESS ? session.advance() : status; // a session that has failed throws again
    }

    /** Ends both connections by a reset over TCP, so that a truncated stream does not look complete. */
    private void fail(Throwable why) {
        if (!isOver) {
            reset(left.channel);
            reset(right.channel);
            release();
            result.tryFailure(why);
        }
    }

    private static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0); // false if there is no such option
        }
    }

    private void release() {
        isOver = true;
        if (watch != null) {
            watch.cancel(false);
        }
        closeQuietly(relay);
        left.release();
        right.release();
        left.channel.close();
        right.channel.close();
    }

    private static void closeQuietly(java.io.Closeable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e); // a relay opens nothing whose close can fail
        }
    }
}
