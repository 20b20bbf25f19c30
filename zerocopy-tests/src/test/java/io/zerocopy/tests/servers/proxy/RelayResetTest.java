package io.zerocopy.tests.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer disappears in the middle: its bytes are counted, and other transfers are not affected. */
@Tag("thorough")
class RelayResetTest {
    private static final SocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Test
    void theNinetyNineOthersGoOn() throws Exception {
        int all = 100;
        int broken = 37;
        int each = 1_000_000;
        int begun = 100_000;
        ServerSocketChannel target = fixture.keep(ServerSocketChannel.open().bind(ANY, all));
        Proxy proxy =
                Proxies.serve(fixture, ANY, target.getLocalAddress(), Duration.ofSeconds(TestFixture.DEADLINE_SECONDS));
        CountDownLatch arrived = new CountDownLatch(1);
        CyclicBarrier half = new CyclicBarrier(2 * all - 1);
        List<Future<Long>> readers = new ArrayList<>();
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            int number = i;
            Content marked = marked("connection " + number);
            SocketChannel client = fixture.keep(SocketChannel.open(proxy.address()));
            SocketChannel server = fixture.keep(target.accept());
            writers.add(fixture.peer(() -> {
                client.write(ByteBuffer.wrap(marked.bytes(0, begun)));
                half.await();
                if (number == broken) {
                    arrived.await(); // a reset discards bytes on the way
                    reset(client);
                    return null;
                }
                client.write(ByteBuffer.wrap(marked.bytes(begun, each - begun)));
                client.shutdownOutput();
                return null;
            }));
            readers.add(fixture.peer(
                    () -> number == broken ? drainReset(server, begun, arrived) : drain(server, marked, half)));
        }
        for (int i = 0; i < all; i++) {
            TestFixture.join(writers.get(i));
            long got = TestFixture.join(readers.get(i));
            assertThat(got).isEqualTo(i == broken ? begun : each);
        }
        TestFixture.until("the broken one has ended", () -> proxy.counts().failed() == 1);
        long sent = (all - 1L) * each + begun;
        TestFixture.until(
                "all is counted, which is after the peer has it",
                () -> proxy.counts().sent() == sent);
        assertThat(proxy.counts().active()).as("the others").isEqualTo(all - 1);
        markedTransfersHoldNoStaleByte();
    }

    private static long drain(SocketChannel from, Content content, CyclicBarrier half) throws Exception {
        half.await();
        return TestFixture.drain(Channels.newInputStream(from), content);
    }

    private static long drainReset(SocketChannel from, long expected, CountDownLatch arrived) {
        ByteBuffer into = ByteBuffer.allocate(64 << 10);
        long got = 0;
        try {
            for (int n = from.read(into); n >= 0; n = from.read(into.clear())) {
                got += n;
                if (got == expected) {
                    arrived.countDown();
                }
            }
            throw new AssertionError("looks like a whole stream of " + got);
        } catch (IOException reset) {
            return got;
        }
    }

    private static Content marked(String mark) {
        return Content.after((mark + "\n").getBytes(StandardCharsets.UTF_8), Content.PATTERN);
    }

    /** Runs a thousand transfers; every tenth breaks with bytes in its pipe. */
    @Test
    void markedTransfersHoldNoStaleByte() throws Exception {
        SocketChannel[] in = fixture.tcp();
        SocketChannel[] out = fixture.tcp();
        for (int i = 0; i < 1_000; i++) {
            if (i % 10 == 0) {
                breakOneAndAccountForEveryByte();
            }
            byte[] marked = marked("transfer " + i).bytes(0, 1 + i * 7919 % 20_000);
            in[1].write(ByteBuffer.wrap(marked));
            long moved = Transfers.from(in[0])
                    .count(marked.length)
                    .to(out[0])
                    .use(Mechanism.SPLICE, Preference.REQUIRE)
                    .build()
                    .run()
                    .bytes();
            assertThat(moved).isEqualTo(marked.length);
            assertThat(Channels.newInputStream(out[1]).readNBytes(marked.length))
                    .as("transfer %d", i)
                    .isEqualTo(marked);
        }
        out[1].configureBlocking(false);
        assertThat(out[1].read(ByteBuffer.allocate(1))).as("nothing else").isZero();
    }

    /**
     * Checks that the bytes that reached the target, were handed back and are still in the source, are all sent bytes,
     * in order.
     */
    private void breakOneAndAccountForEveryByte() throws Exception {
        int sent = 400_000;
        SocketChannel[] in = fixture.tcp();
        SocketChannel[] out = fixture.unix();
        Future<?> sender = fixture.peer(() -> {
            in[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, sent)));
            in[1].shutdownOutput();
            return null;
        });
        in[0].configureBlocking(false);
        out[0].configureBlocking(false);
        try (TransferSession session = Transfers.from(in[0])
                .to(out[0])
                .use(Mechanism.SPLICE, Preference.REQUIRE)
                .build()
                .open()) {
            TestFixture.until("the target is full", () -> advance(session) == Status.AWAIT_TARGET);
            out[1].close(); // unread bytes cause a reset
            IOException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                    IOException.class, () -> SelectorLoop.advanceFully(session));
            long transferred = ((TransferFailure) failure).transferred();
            ByteBuffer remainder = ((TransferFailure) failure).remainder();
            assertThat(transferred).isPositive().isEqualTo(session.transferred());
            assertThat(remainder.hasRemaining()).as("bytes were in the pipe").isTrue();
            byte[] handedBack = new byte[remainder.remaining()];
            remainder.get(handedBack);
            assertThat(handedBack).isEqualTo(Content.PATTERN.bytes(transferred, handedBack.length));
            in[0].configureBlocking(true);
            byte[] rest = Channels.newInputStream(in[0]).readAllBytes();
            assertThat(rest).isEqualTo(Content.PATTERN.bytes(transferred + handedBack.length, rest.length));
            assertThat(transferred + handedBack.length + rest.length).isEqualTo(sent);
        }
        TestFixture.join(sender);
        in[0].close();
        in[1].close();
        out[0].close();
    }

    /** Nothing is read from the side that was reset while the other one takes nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isNoticedWhileTheOtherSideDoesNotRead(boolean tcp) throws Exception {
        SocketChannel[] left = tcp ? fixture.tcp() : fixture.unix();
        SocketChannel[] right = fixture.tcp();
        right[1].write(ByteBuffer.wrap(new byte[1])); // closing a Unix socket with a byte unread resets it
        Future<Throwable> relay = fixture.peer(() ->
                catchThrowable(() -> Transfers.relay(left[1], right[0]).build().run()));
        left[0].configureBlocking(false);
        long[] sent = {0, 0}; // bytes, and how many writes in a row took none
        TestFixture.until("nothing more is taken", () -> {
            int n = writeTo(left[0]);
            sent[0] += n;
            sent[1] = n == 0 ? sent[1] + 1 : 0;
            return sent[1] == 50;
        });
        if (tcp) {
            left[0].setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        left[0].close();
        Throwable failure = TestFixture.join(relay);
        assertThat(failure).isInstanceOf(TransferFailure.class).hasMessageContaining("reset");
        assertThat(((TransferFailure) failure).transferred()).isBetween(1L, sent[0]);
        assertThat(left[1].isBlocking() && right[0].isBlocking()).isTrue();
    }

    /** Nothing is written to the side that was reset while the other one says nothing. */
    @Test
    void isNoticedAfterAHalfCloseWhileTheOtherSideIsSilent() throws Exception {
        SocketChannel[] left = fixture.tcp();
        SocketChannel[] right = fixture.tcp();
        Future<Throwable> relay = fixture.peer(() ->
                catchThrowable(() -> Transfers.relay(left[1], right[0]).build().run()));
        right[1].shutdownOutput();
        assertThat(left[0].read(ByteBuffer.allocate(1)))
                .as("the half-close has arrived")
                .isNegative();
        reset(right[1]);
        assertThat(TestFixture.join(relay)).isInstanceOf(TransferFailure.class).hasMessageContaining("reset");
    }

    private static int writeTo(SocketChannel channel) {
        try {
            return channel.write(ByteBuffer.allocate(10_000));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Status advance(TransferSession session) {
        try {
            return session.advance();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
