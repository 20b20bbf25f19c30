package io.zerocopy.internal.relay;

import io.zerocopy.HalfCloseChannel;
import io.zerocopy.ProgressListener;
import io.zerocopy.RelayResult;
import io.zerocopy.RelaySession;
import io.zerocopy.Transfer;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.internal.build.DefaultTransfer;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.failure.Failures;
import io.zerocopy.internal.loop.SessionGuard;
import io.zerocopy.internal.loop.TransferLoop;
import io.zerocopy.spi.Endpoint;
import io.zerocopy.spi.EndpointException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Two runs over the same two channels. A direction that ends shuts down the output that it wrote to, so the peer sees
 * the end while the other direction goes on. A direction that fails cancels the other one, because its peer is gone.
 *
 * <p>The next read or write reports a reset of a connection. But there may be no next call: no read while the other
 * side takes no bytes, and no write while the other side sends none. In these cases the relay checks for a reset from
 * time to time.
 */
final class RelayLoop implements RelaySession {
    /** Longest wait of one call if nothing else limits it: a day. */
    private static final long LONGEST_WAIT = 86_400_000_000_000L;

    /**
     * How long bytes that arrived before a reset may wait for a side that takes none, in nanoseconds. Much of a
     * response may still be in the receive buffer of a connection that was reset after it.
     */
    private static final long RESET_GRACE = 1_000_000_000L;

    private final SessionGuard guard = new SessionGuard("relay", this::closeWanted);
    private final Direction leftToRight;
    private final Direction rightToLeft;
    private final long idleNanos;
    private final ProgressListener listener;
    private long lastMoved; // at first, the time of the first step
    private boolean begun;
    private long total;

    RelayLoop(ByteChannel left, ByteChannel right, RelayBuilder.Wishes wishes) throws IOException {
        this.idleNanos = wishes.idleNanos();
        this.listener = wishes.listener();
        leftToRight = new Direction(left, right, wishes.fairChunk());
        try {
            rightToLeft = new Direction(right, left, wishes.fairChunk());
        } catch (IOException | RuntimeException e) {
            leftToRight.loop.close();
            throw e;
        }
    }

    @Override
    public TransferSession leftToRight() {
        return leftToRight;
    }

    @Override
    public TransferSession rightToLeft() {
        return rightToLeft;
    }

    @Override
    public boolean isDone() {
        guard.look();
        return leftToRight.over && rightToLeft.over;
    }

    @Override
    public void close() {
        leftToRight.closing = true;
        rightToLeft.closing = true;
        guard.close();
    }

    /** A failure of one direction ends both, so no other thread may be inside either of them now. */
    private void closeWanted() {
        leftToRight.closeIfWanted();
        rightToLeft.closeIfWanted();
    }

    /**
     * Advances each direction that can move, and waits if none can, until both have ended.
     *
     * @param modes waits if the ports themselves cannot; null if they can
     */
    RelayResult drive(RelaySelector modes) throws IOException {
        while (!isDone()) {
            TransferSession.Status one = leftToRight.advance();
            TransferSession.Status two = rightToLeft.advance();
            boolean firstWaits = isWaiting(one);
            boolean secondWaits = isWaiting(two);
            long left = leftToRight.mayMissReset(one) || rightToLeft.mayMissReset(two)
                    ? Math.min(idleLeft(), RESET_GRACE)
                    : idleLeft();
            boolean nothingMoves = !isDone() && (firstWaits || leftToRight.over) && (secondWaits || rightToLeft.over);
            if (nothingMoves) {
                await(firstWaits ? one : null, secondWaits ? two : null, modes, left);
            }
            checkIdle();
        }
        return new RelayResult(leftToRight.result(), rightToLeft.result());
    }

    /**
     * Waits until a direction may move. If the wait fails, both directions fail, and the exception has the bytes that
     * each has taken.
     *
     * @param one what the direction from left to right waits for; null if it is over
     * @param two what the other direction waits for; null if it is over
     */
    private void await(TransferSession.Status one, TransferSession.Status two, RelaySelector modes, long nanos)
            throws IOException {
        Direction goesOn = leftToRight.over ? rightToLeft : leftToRight;
        try {
            if (modes != null) {
                goesOn.loop.checkAliveNow();
                modes.await(one, two, Math.min(nanos, Endpoint.SLICE_NANOS));
            } else if (one != null && two != null) {
                leftToRight.loop.awaitEither(one, rightToLeft.loop, two, nanos);
            } else {
                goesOn.loop.awaitOnce(one == null ? two : one, nanos);
            }
        } catch (Throwable e) {
            throw Failures.<IOException>asIs(fail(goesOn, e));
        }
    }

    private static boolean isWaiting(TransferSession.Status status) {
        return status == TransferSession.Status.AWAIT_SOURCE || status == TransferSession.Status.AWAIT_TARGET;
    }

    /** Nanoseconds until the relay has been idle for too long. */
    private long idleLeft() {
        long left = lastMoved + idleNanos - System.nanoTime() + 1_000_000;
        return idleNanos == 0 ? LONGEST_WAIT : Math.max(1_000_000, left);
    }

    private void checkIdle() throws IOException {
        if (idleNanos != 0 && !isDone() && System.nanoTime() - lastMoved > idleNanos) {
            throw Failures.<IOException>asIs(
                    fail(leftToRight.over ? rightToLeft : leftToRight, Failures.TimedOut.now("idle")));
        }
    }

    /**
     * Ends both directions. The exception of the first one contains the account of the other one. So the exception and
     * the sessions both have all bytes that were taken from either side and not delivered.
     */
    private Throwable fail(Direction first, Throwable cause) {
        first.over = true;
        first.other().over = true;
        Throwable told = first.loop.abort(cause);
        Throwable beside = first.other().loop.abort(new IOException("the other direction has failed"));
        if (told != null && beside != null) {
            Failures.suppress(told, beside);
        }
        return told == null ? cause : told;
    }

    private void moved(long bytes) {
        if (bytes > 0) {
            lastMoved = System.nanoTime();
            total += bytes;
            if (listener != null) {
                listener.onProgress(total, -1);
            }
        }
    }

    /** One direction as a session of its own. */
    private final class Direction implements TransferSession {
        private final WritableByteChannel target;
        private final TransferLoop loop;
        private volatile boolean closing; // a close was requested and has not begun
        private boolean over;
        private long quietSince; // time of its last byte, or of the last check that found no reset

        Direction(ByteChannel source, ByteChannel target, long fairChunk) throws IOException {
            this.target = target;
            Transfer transfer =
                    new TransferBuilder(source).to(target).fairChunk(fairChunk).build();
            this.loop = ((DefaultTransfer) transfer).openRun();
        }

        @Override
        public Status advance() throws IOException {
            guard.enter();
            try {
                return advanceAlone();
            } finally {
                guard.leave();
            }
        }

        private Status advanceAlone() throws IOException {
            if (over) {
                return loop.advance(); // returns DONE, or throws its failure again
            }
            if (!begun) {
                begun = true;
                lastMoved = System.nanoTime();
                quietSince = lastMoved;
                other().quietSince = lastMoved;
            }
            checkIdle();
            long before = loop.transferred();
            try {
                Status status = loop.advance();
                moved(loop.transferred() - before);
                if (loop.transferred() != before) {
                    quietSince = lastMoved;
                } else if (mayMissReset(status)) {
                    checkReset();
                }
                if (status == Status.DONE) {
                    over = true;
                    shutDownOutput();
                }
                return status;
            } catch (Throwable e) { // foreign code may throw anything
                throw Failures.<IOException>asIs(RelayLoop.this.fail(this, e));
            }
        }

        /** Whether no direction would soon make a call that reports a reset. */
        private boolean mayMissReset(Status status) {
            return !over && (status == Status.AWAIT_TARGET || status == Status.AWAIT_SOURCE && other().over);
        }

        private void checkReset() throws IOException {
            long now = System.nanoTime();
            if (now - quietSince >= RESET_GRACE) {
                quietSince = now;
                Side reset = loop.resetSide();
                if (reset != null) {
                    String text = "Connection reset, seen while nothing could be moved";
                    throw new EndpointException(text, new SocketException(text), reset);
                }
            }
        }

        private Direction other() {
            return this == leftToRight ? rightToLeft : leftToRight;
        }

        private void shutDownOutput() throws IOException {
            try {
                if (target instanceof SocketChannel socket) {
                    socket.shutdownOutput();
                } else if (target instanceof HalfCloseChannel channel) {
                    channel.shutdownOutput();
                }
            } catch (ClosedChannelException closed) {
                // the target is closed, so there is no output to shut down
            }
        }

        @Override
        public long transferred() {
            guard.look();
            return loop.transferred();
        }

        @Override
        public ByteBuffer remainder() {
            guard.look();
            return loop.remainder();
        }

        @Override
        public TransferResult result() {
            guard.look();
            return loop.result();
        }

        @Override
        public void close() {
            closing = true;
            guard.close();
        }

        private void closeIfWanted() {
            if (closing) {
                closing = false;
                over = true;
                loop.close();
            }
        }
    }
}
