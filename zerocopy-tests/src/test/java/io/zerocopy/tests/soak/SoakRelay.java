package io.zerocopy.tests.soak;

import io.zerocopy.Relay;
import io.zerocopy.RelayResult;
import io.zerocopy.RelaySession;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One relay of a soak, drawn from a seed. In both directions, counted bytes have arrived, the bytes that were handed
 * back follow them, and bytes that were not taken are still there. A reset may discard bytes, but only counted ones.
 */
final class SoakRelay {
    /** What is done to it while it runs. */
    enum Doing {
        NOTHING,
        SESSION,
        CANCEL,
        CLOSE_FROM_OUTSIDE,
        INTERRUPT,
        IDLE,
        CLOSE_CHANNEL,
        RESET
    }

    /** One side: the relay's channel, and the bytes that its peer sends and receives. */
    private final class Side {
        private final SoakContent sent;
        private ByteChannel inner;
        private ReadableByteChannel input; // the relay's input
        private WritableByteChannel output;
        private SocketChannel peer;
        private Future<Integer> seen;

        Side(SoakContent sent) {
            this.sent = sent;
        }

        void open(SoakContent expected, boolean resets) throws IOException {
            ReadableByteChannel in;
            WritableByteChannel out;
            int kind = random.nextInt(resets ? 1 : 3);
            if (kind == 2) {
                Pipe one = Pipe.open();
                Pipe two = Pipe.open();
                input = place.keep(one.source());
                output = place.keep(two.sink());
                inner = Transfers.duplex(input, output);
                out = place.keep(one.sink());
                in = place.keep(two.source());
            } else {
                SocketChannel[] pair = kind == 0 ? place.tcp() : place.unix();
                inner = pair[1];
                input = pair[1];
                output = pair[1];
                peer = pair[0];
                in = pair[0];
                out = pair[0];
            }
            place.peer(() -> feed(out));
            int resetAfter = resets ? 1 + random.nextInt(expected.total()) : Integer.MAX_VALUE;
            seen = place.peer(() -> drain(in, expected, resetAfter));
        }

        private Void feed(WritableByteChannel out) throws IOException {
            try {
                ByteBuffer all = ByteBuffer.wrap(sent.stream());
                while (all.hasRemaining()) {
                    out.write(all);
                }
                if (peer != null) {
                    peer.shutdownOutput();
                } else {
                    out.close();
                }
            } catch (IOException gone) {
                return null;
            }
            return null;
        }

        private int drain(ReadableByteChannel in, SoakContent expected, int resetAfter) throws IOException {
            byte[] bytes = new byte[8192];
            int count = 0;
            try {
                for (int n = 0; n >= 0 && count < resetAfter; n = in.read(ByteBuffer.wrap(bytes))) {
                    expected.check(bytes, 0, n, count);
                    count += n;
                }
                if (count >= resetAfter) {
                    peer.setOption(StandardSocketOptions.SO_LINGER, 0);
                    peer.close();
                }
            } catch (IOException reset) {
                return count;
            }
            return count;
        }

        /** Compares the relay's count of this side's bytes with those that arrived at the other side. */
        void judge(TransferSession direction, Side target) throws Exception {
            int counted = (int) direction.transferred();
            int arrived = TestFixture.join(target.seen);
            byte[] handedBack = new byte[direction.remainder().remaining()];
            direction.remainder().duplicate().get(handedBack);
            sent.check(handedBack, 0, handedBack.length, counted);
            require(lossless() ? arrived == counted : arrived <= counted, arrived + " arrived of " + counted);
            if (!lossless()) {
                return;
            }
            ((SelectableChannel) input).configureBlocking(true);
            byte[] bytes = new byte[8192];
            int at = counted + handedBack.length;
            for (int n = 0; n >= 0; n = input.read(ByteBuffer.wrap(bytes))) {
                sent.check(bytes, 0, n, at);
                at += n;
            }
            require(at == sent.total(), at + " bytes of " + sent.total() + " are accounted for");
        }
    }

    private final Random random;
    private final Doing doing;
    private final SoakPlace place;
    private final Side left;
    private final Side right;

    SoakRelay(long seed, ExecutorService peers, List<Path> directories) {
        random = new Random(seed);
        doing = Doing.values()[random.nextInt(Doing.values().length)];
        place = new SoakPlace(peers, directories);
        left = new Side(SoakContent.draw(random, size(), false, false, false));
        right = new Side(SoakContent.draw(random, size(), false, false, false));
    }

    private int size() {
        return (int) Math.exp(random.nextDouble() * Math.log(500_000));
    }

    @Override
    public String toString() {
        return "relay, " + doing + ", " + left.sent + ", and back " + right.sent;
    }

    private boolean lossless() {
        return doing != Doing.CLOSE_CHANNEL && doing != Doing.RESET;
    }

    /** Runs it; throws an error if something is wrong. */
    void play() throws Exception {
        try (place) {
            left.open(right.sent, doing == Doing.RESET);
            right.open(left.sent, false);
            Relay.Builder builder = Transfers.relay(left.inner, right.inner).fairChunk(1 + random.nextInt(100_000));
            if (doing == Doing.IDLE) {
                builder.idleTimeout(Duration.ofSeconds(TestFixture.DEADLINE_SECONDS));
            }
            SoakTally.count("with relay " + doing);
            if (doing == Doing.NOTHING || doing == Doing.IDLE || doing == Doing.INTERRUPT) {
                run(builder.build());
            } else {
                session(builder.build());
            }
        }
    }

    private void run(Relay relay) throws Exception {
        Future<?> interrupter = doing == Doing.INTERRUPT ? later(Thread.currentThread()::interrupt) : null;
        try {
            RelayResult result = relay.run();
            require(result.leftToRight().bytes() == left.sent.total(), "less from the left");
            require(result.rightToLeft().bytes() == right.sent.total(), "less from the right");
        } catch (IOException e) {
            if (doing != Doing.INTERRUPT) {
                throw e;
            }
        } finally {
            if (interrupter != null) {
                SoakPlace.joined(interrupter);
            }
            Thread.interrupted();
        }
        endOutputs();
        if (doing != Doing.INTERRUPT) {
            require(TestFixture.join(right.seen) == left.sent.total(), "less arrived at the right");
            require(TestFixture.join(left.seen) == right.sent.total(), "less arrived at the left");
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private Future<?> later(Action action) {
        long until = System.nanoTime() + random.nextInt(1_000_000);
        return place.peer(() -> {
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(10_000);
            }
            action.run();
            return null;
        });
    }

    private void session(Relay relay) throws Exception {
        for (Side side : new Side[] {left, right}) {
            ((SelectableChannel) side.input).configureBlocking(false);
            ((SelectableChannel) side.output).configureBlocking(false);
        }
        RelaySession session = relay.open();
        Future<?> closer = doing == Doing.CLOSE_FROM_OUTSIDE
                ? later(session::close)
                : doing == Doing.CLOSE_CHANNEL ? later(left.inner::close) : null;
        try {
            drive(session, doing == Doing.CANCEL ? random.nextInt(20) : Integer.MAX_VALUE);
        } catch (IOException e) {
            require(!lossless(), "failed: " + e);
        } catch (IllegalStateException closed) {
            require(
                    doing == Doing.CLOSE_FROM_OUTSIDE && "the session is closed".equals(closed.getMessage()),
                    "" + closed);
        } finally {
            session.close();
            if (closer != null) {
                TestFixture.join(closer);
            }
        }
        endOutputs();
        left.judge(session.leftToRight(), right);
        right.judge(session.rightToLeft(), left);
    }

    private static void drive(RelaySession session, int steps) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestFixture.DEADLINE_SECONDS);
        for (int i = 0; i < steps && !session.isDone(); i++) {
            Status one = session.leftToRight().advance();
            Status two = session.rightToLeft().advance();
            if (one != Status.PROGRESS && two != Status.PROGRESS) {
                LockSupport.parkNanos(20_000);
            }
            require(System.nanoTime() < deadline, "does not end, says " + one + " and " + two);
        }
    }

    /** Ends the outputs, so that both peers see an end. */
    private void endOutputs() throws IOException {
        for (Side side : new Side[] {left, right}) {
            try {
                if (side.output instanceof SocketChannel socket) {
                    socket.shutdownOutput();
                } else {
                    side.output.close();
                }
            } catch (IOException gone) {
                continue; // closed or reset: the peer has noticed
            }
        }
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what);
        }
    }
}
