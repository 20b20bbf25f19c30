package io.zerocopy.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Several threads use one session: every byte is delivered or handed back, and a thread that may not use it gets an
 * exception.
 */
class RacesTest {
    private static final int ROUNDS = 300;
    private static final int SIZE = 200_000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private interface Action {
        void run() throws Exception;
    }

    /** Starts all actions at the same moment, each on its own thread, and waits for them. */
    private void atOnce(Action... actions) throws Exception {
        CyclicBarrier start = new CyclicBarrier(actions.length);
        Future<?>[] all = new Future<?>[actions.length];
        for (int i = 0; i < actions.length; i++) {
            Action action = actions[i];
            all[i] = fixture.peer((Callable<Void>) () -> {
                start.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
                action.run();
                return null;
            });
        }
        for (Future<?> one : all) {
            TestFixture.join(one);
        }
    }

    private static void advanceUntilClosed(TransferSession session, Random random) throws Exception {
        try {
            while (session.advance() != Status.DONE) {
                if (random.nextInt(4) == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (IllegalStateException closed) {
            assertThat(closed).hasMessage("the session is closed");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SPLICE", "READ_WRITE"})
    void aCloseWhileAnotherThreadAdvancesLosesNothing(Mechanism mechanism) throws Exception {
        byte[] all = Content.PATTERN.bytes(0, SIZE);
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(round);
            try (TestFixture one = new TestFixture()) {
                SocketChannel[] from = one.tcp();
                SocketChannel[] to = one.tcp();
                one.peer(() -> {
                    from[1].write(ByteBuffer.wrap(all));
                    return from[1].shutdownOutput();
                });
                Future<byte[]> arrived =
                        one.peer(() -> Channels.newInputStream(to[1]).readAllBytes());
                from[0].configureBlocking(false);
                to[0].configureBlocking(false);
                TransferSession session = Transfers.from(from[0])
                        .to(to[0])
                        .use(mechanism, Preference.REQUIRE)
                        .fairChunk(1 + random.nextInt(50_000))
                        .build()
                        .open();
                int spins = random.nextInt(20_000);
                Action closer = () -> {
                    for (int i = 0; i < spins; i++) {
                        Thread.onSpinWait();
                    }
                    session.close();
                };
                atOnce(() -> advanceUntilClosed(session, random), closer, closer);
                to[0].shutdownOutput();
                from[0].configureBlocking(true);
                ByteArrayOutputStream seen = new ByteArrayOutputStream();
                seen.writeBytes(TestFixture.join(arrived));
                assertThat((long) seen.size()).isEqualTo(session.transferred());
                byte[] remainder = new byte[session.remainder().remaining()];
                session.remainder().get(remainder);
                seen.writeBytes(remainder);
                Channels.newInputStream(from[0]).transferTo(seen);
                assertThat(seen.toByteArray()).as("round %d", round).isEqualTo(all);
            }
        }
    }

    @Test
    void aSecondThreadInsideGetsAnException() throws Exception {
        SocketChannel[] to = fixture.tcp();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Transfer transfer = Transfers.from(ByteBuffer.allocate(100))
                .to(to[0])
                .onProgress((done, of) -> {
                    inside.countDown();
                    try {
                        assertThat(told.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                                .isTrue();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .build();
        try (TransferSession session = transfer.open()) {
            Future<Status> first = fixture.peer(session::advance);
            assertThat(inside.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            assertThatThrownBy(session::advance)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another thread is inside");
            told.countDown();
            Status status = TestFixture.join(first);
            assertThat(status == Status.DONE ? status : session.advance()).isEqualTo(Status.DONE);
            assertThat(session.transferred()).isEqualTo(100);
        }
    }

    @Test
    void aListenerMayCloseItsSessionAndNotAdvanceIt() throws Exception {
        SocketChannel[] to = fixture.tcp();
        AtomicReference<TransferSession> own = new AtomicReference<>();
        AtomicInteger calls = new AtomicInteger();
        Transfer transfer = Transfers.from(ByteBuffer.allocate(100))
                .to(to[0])
                .onProgress((done, of) -> {
                    calls.incrementAndGet();
                    assertThatThrownBy(() -> own.get().advance())
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("its own listener".replace("its", "session's"));
                    try {
                        own.get().close();
                    } catch (java.io.IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .build();
        own.set(transfer.open());
        own.get().advance();
        assertThat(calls).hasValue(1);
        assertThat(own.get().transferred()).isEqualTo(100);
        assertThatThrownBy(() -> own.get().advance()).isInstanceOf(IllegalStateException.class);
    }

    /** Transfers of one channel share one lease; the last of them puts its mode back. */
    @Test
    void manyTransfersOfOneSocketLeaveItsModeAsItWas() throws Exception {
        SocketChannel[] to = fixture.tcp();
        byte[] part = Content.PATTERN.bytes(0, 50_000);
        java.nio.file.Path file = fixture.file(part.length);
        Future<Long> arrived =
                fixture.peer(() -> Channels.newInputStream(to[1]).transferTo(java.io.OutputStream.nullOutputStream()));
        Action sender = () -> {
            for (int i = 0; i < 200; i++) {
                Transfers.from(file).to(to[0]).build().run();
            }
        };
        atOnce(sender, sender, sender, sender);
        assertThat(to[0].isBlocking()).isTrue();
        ByteBuffer in = ByteBuffer.allocate(1);
        Future<Integer> read =
                fixture.peer(() -> to[0].read(in)); // waits; it would not if the flag had not been put back
        to[1].write(ByteBuffer.wrap(new byte[] {7}));
        assertThat(TestFixture.join(read)).isEqualTo(1);
        to[0].shutdownOutput();
        assertThat(TestFixture.join(arrived)).isEqualTo(4L * 200 * part.length);
    }
}
