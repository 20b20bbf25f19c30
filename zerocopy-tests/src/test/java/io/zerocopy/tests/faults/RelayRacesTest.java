package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.RelaySession;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Several threads use one relay: every byte of both directions is delivered or handed back. */
class RelayRacesTest {
    private static final int ROUNDS = 150;
    private static final int SIZE = 300_000;

    /** One side of a relay: the relay has one socket, the test has the other. */
    private static final class Side {
        private final SocketChannel inner;
        private final SocketChannel outer;
        private final byte[] sent;
        private final Future<byte[]> seen;

        Side(TestFixture fixture, long offset) throws Exception {
            SocketChannel[] pair = fixture.tcp();
            inner = pair[0];
            outer = pair[1];
            sent = Content.PATTERN.bytes(offset, SIZE);
            fixture.peer(() -> {
                outer.write(ByteBuffer.wrap(sent));
                return outer.shutdownOutput();
            });
            seen = fixture.peer(() -> Channels.newInputStream(outer).readAllBytes());
            inner.configureBlocking(false);
        }

        /**
         * Returns all bytes that came from this side: those the other side has seen, those handed back, and those left.
         */
        byte[] accountedFor(TransferSession direction, Side target) throws Exception {
            byte[] arrived = TestFixture.join(target.seen);
            assertThat((long) arrived.length).isEqualTo(direction.transferred());
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(arrived);
            byte[] remainder = new byte[direction.remainder().remaining()];
            direction.remainder().get(remainder);
            all.writeBytes(remainder);
            inner.configureBlocking(true);
            Channels.newInputStream(inner).transferTo(all);
            return all.toByteArray();
        }
    }

    /** Advances both directions in turn until both are done or closed. */
    private static Void drive(RelaySession relay) throws Exception {
        boolean[] over = new boolean[2];
        while (!over[0] || !over[1]) {
            for (int i = 0; i < 2; i++) {
                TransferSession direction = i == 0 ? relay.leftToRight() : relay.rightToLeft();
                try {
                    over[i] |= direction.advance() == Status.DONE;
                } catch (IllegalStateException closed) {
                    assertThat(closed).hasMessage("the session is closed");
                    over[i] = true;
                }
            }
        }
        return null;
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aCloseWhileAnotherThreadAdvancesLosesNothing() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(round);
            try (TestFixture fixture = new TestFixture()) {
                Side left = new Side(fixture, 0);
                Side right = new Side(fixture, SIZE);
                RelaySession relay = Transfers.relay(left.inner, right.inner)
                        .fairChunk(1 + random.nextInt(50_000))
                        .build()
                        .open();
                int spins = random.nextInt(40_000);
                boolean oneFirst = random.nextBoolean();
                Future<Void> driver = fixture.peer(() -> drive(relay));
                Callable<Void> closer = () -> {
                    spin(spins);
                    if (oneFirst) {
                        relay.leftToRight().close();
                        spin(spins / 4);
                    }
                    relay.close();
                    return null;
                };
                Future<Void> one = fixture.peer(closer);
                Future<Void> other = fixture.peer(closer);
                TestFixture.join(one);
                TestFixture.join(other);
                TestFixture.join(driver);
                assertThat(relay.isDone()).isTrue();
                left.inner.shutdownOutput();
                right.inner.shutdownOutput();
                assertThat(left.accountedFor(relay.leftToRight(), right))
                        .as("left to right, round %d", round)
                        .isEqualTo(left.sent);
                assertThat(right.accountedFor(relay.rightToLeft(), left))
                        .as("right to left, round %d", round)
                        .isEqualTo(right.sent);
            }
        }
    }

    @Test
    void aSecondThreadInsideGetsAnExceptionInBothDirections() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            Side left = new Side(fixture, 0);
            Side right = new Side(fixture, SIZE);
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch told = new CountDownLatch(1);
            AtomicBoolean first = new AtomicBoolean(true);
            RelaySession relay = Transfers.relay(left.inner, right.inner)
                    .onProgress((done, of) -> {
                        inside.countDown();
                        try {
                            assertThat(!first.getAndSet(false)
                                            || told.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                                    .isTrue();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .build()
                    .open();
            Future<Void> driver = fixture.peer(() -> drive(relay));
            assertThat(inside.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            for (TransferSession direction : new TransferSession[] {relay.leftToRight(), relay.rightToLeft()}) {
                assertThatThrownBy(direction::advance)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("another thread is inside this relay");
            }
            told.countDown();
            TestFixture.join(driver);
            assertThat(left.accountedFor(relay.leftToRight(), right)).isEqualTo(left.sent);
            assertThat(right.accountedFor(relay.rightToLeft(), left)).isEqualTo(right.sent);
            assertThat(relay.leftToRight().result().bytes()).isEqualTo(SIZE);
            assertThat(relay.rightToLeft().result().bytes()).isEqualTo(SIZE);
        }
    }

    @Test
    void aListenerMayCloseItsRelay() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            Side left = new Side(fixture, 0);
            Side right = new Side(fixture, SIZE);
            RelaySession[] own = new RelaySession[1];
            own[0] = Transfers.relay(left.inner, right.inner)
                    .fairChunk(10_000)
                    .onProgress((done, of) -> {
                        if (done > 50_000) {
                            try {
                                own[0].close();
                            } catch (java.io.IOException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    })
                    .build()
                    .open();
            drive(own[0]);
            assertThat(own[0].isDone()).isTrue();
            left.inner.shutdownOutput();
            right.inner.shutdownOutput();
            assertThat(left.accountedFor(own[0].leftToRight(), right)).isEqualTo(left.sent);
            assertThat(right.accountedFor(own[0].rightToLeft(), left)).isEqualTo(right.sent);
        }
    }
}
