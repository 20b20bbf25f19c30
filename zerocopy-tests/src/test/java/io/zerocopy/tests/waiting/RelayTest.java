package io.zerocopy.tests.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.HalfCloseChannel;
import io.zerocopy.Mechanism;
import io.zerocopy.RelayResult;
import io.zerocopy.RelaySession;
import io.zerocopy.TransferException;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays in blocking mode: both directions between two channels. */
class RelayTest {
    private static final long SIZE = 5_000_000;

    /** The two channels of a relay, and the peer of each. */
    private enum Joined {
        TCP,
        UNIX,
        PIPES;

        ByteChannel[] open(TestFixture fixture) throws IOException {
            if (this == PIPES) {
                Pipe there = fixture.pipe();
                Pipe back = fixture.pipe();
                return new ByteChannel[] {
                    Transfers.duplex(there.source(), back.sink()), Transfers.duplex(back.source(), there.sink())
                };
            }
            return this == TCP ? fixture.tcp() : fixture.unix();
        }
    }

    static Stream<Arguments> mixes() {
        return Stream.of(Joined.values())
                .flatMap(left -> Stream.of(Joined.values())
                        .flatMap(right -> Stream.of(true, false).map(with -> Arguments.of(left, right, with))));
    }

    /** Does not use streams: on 17 the two streams of one channel wait for each other. */
    private static void write(ByteChannel channel, long size) throws IOException {
        for (long at = 0; at < size; ) {
            at += channel.write(ByteBuffer.wrap(Content.PATTERN.bytes(at, (int) Math.min(200_000, size - at))));
        }
    }

    private static void end(ByteChannel channel) throws IOException {
        if (channel instanceof HalfCloseChannel half) {
            half.shutdownOutput();
        } else {
            ((SocketChannel) channel).shutdownOutput();
        }
    }

    /** The second direction is used only after the first has ended, and both are full at times. */
    @ParameterizedTest(name = "{0} and {1}, native part: {2}")
    @MethodSource("mixes")
    void anyMix(Joined leftKind, Joined rightKind, boolean natively) throws Exception {
        System.setProperty("zerocopy.disable", natively ? "" : "native");
        ByteChannel[] left = leftKind.open(fixture);
        ByteChannel[] right = rightKind.open(fixture);
        Future<RelayResult> relay =
                fixture.peer(() -> Transfers.relay(left[1], right[0]).build().run());
        Future<Long> request =
                fixture.peer(() -> TestFixture.drain(Channels.newInputStream(right[1]), Content.PATTERN));
        Future<Long> both = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(left[0]), Content.PATTERN));
        write(right[1], 1000);
        write(left[0], SIZE);
        end(left[0]);
        assertThat(TestFixture.join(request)).isEqualTo(SIZE);
        right[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(1000, 500)));
        end(right[1]);
        assertThat(TestFixture.join(both)).isEqualTo(1500);
        RelayResult result = TestFixture.join(relay);
        assertThat(result.leftToRight().bytes()).isEqualTo(SIZE);
        assertThat(result.rightToLeft().bytes()).isEqualTo(1500);
        assertThat(result.leftToRight().mechanism()).isEqualTo(natively ? Mechanism.SPLICE : Mechanism.READ_WRITE);
        for (ByteChannel channel : List.of(left[1], right[0])) {
            assertThat(!(channel instanceof SocketChannel socket) || (socket.isOpen() && socket.isBlocking()))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResetOnOneSideEndsTheOther(boolean natively) throws Exception {
        System.setProperty("zerocopy.disable", natively ? "" : "native");
        SocketChannel[] left = fixture.tcp();
        SocketChannel[] right = fixture.tcp();
        Future<Throwable> relay = fixture.peer(() ->
                catchThrowable(() -> Transfers.relay(left[1], right[0]).build().run()));
        left[0].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 100)));
        ByteBuffer hundred = ByteBuffer.allocate(100);
        while (hundred.hasRemaining()) {
            right[1].read(hundred);
        }
        left[0].setOption(StandardSocketOptions.SO_LINGER, 0);
        left[0].close();
        Throwable failure = TestFixture.join(relay);
        assertThat(failure).isInstanceOf(TransferException.class);
        assertThat(((TransferException) failure).transferred()).isIn(0L, 100L); // of the direction that saw a reset
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptEndsARelayAndLeavesItsChannelsOpen(boolean natively) throws Exception {
        System.setProperty("zerocopy.disable", natively ? "" : "native");
        SocketChannel[] left = fixture.tcp();
        SocketChannel[] right = fixture.tcp();
        Future<Throwable> relay = fixture.peer(() ->
                catchThrowable(() -> Transfers.relay(left[1], right[0]).build().run()));
        left[0].write(ByteBuffer.wrap(new byte[1]));
        right[1].read(ByteBuffer.allocate(1));
        fixture.interruptPeers();
        assertThat(TestFixture.join(relay)).isInstanceOf(InterruptedIOException.class);
        assertThat(left[1].isOpen() && right[0].isOpen() && left[1].isBlocking() && right[0].isBlocking())
                .isTrue();
    }

    /**
     * The right peer sends, the left one does not read: bytes on the way belong to the caller, in either order of
     * requests.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnIdleRelayHeldCanBeHad(boolean natively) throws Exception {
        System.setProperty("zerocopy.disable", natively ? "" : "native");
        SocketChannel[] left = fixture.tcp();
        SocketChannel[] right = fixture.unix(); // written bytes have arrived at once
        left[1].setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10);
        left[0].setOption(StandardSocketOptions.SO_RCVBUF, 16 << 10); // it holds less than waits at the right
        right[1].configureBlocking(false);
        long sent = 0;
        for (int n = 1; n > 0; sent += n) {
            n = right[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(sent, 100_000)));
        }
        Future<Throwable> relay = fixture.peer(() -> catchThrowable(() -> Transfers.relay(left[1], right[0])
                .idleTimeout(Duration.ofMillis(300))
                .build()
                .run()));
        while (!relay.isDone()) {
            sent += right[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(sent, 100_000)));
        }
        Throwable told = TestFixture.join(relay);
        assertThat(told).hasMessageContaining("idle");
        assertThat(told.getSuppressed()).hasSize(1);
        TransferException other = (TransferException) told.getSuppressed()[0];
        long held = other.remainder().remaining();
        assertThat(held).isPositive();
        right[1].close();
        left[1].close();
        assertThat(TestFixture.drain(Channels.newInputStream(left[0]), Content.PATTERN))
                .isEqualTo(other.transferred());
        long unread = Channels.newInputStream(right[0]).readAllBytes().length;
        assertThat(other.transferred() + held + unread).isEqualTo(sent);
    }

    /** The wait of one direction is interrupted while the other direction holds bytes that its target does not take. */
    @Test
    void whatAnInterruptedRelayHeldCanBeHad() throws Exception {
        SocketChannel[] left = fixture.tcp();
        SocketChannel[] right = fixture.unix(); // written bytes have arrived at once
        left[1].setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10);
        left[0].setOption(StandardSocketOptions.SO_RCVBUF, 16 << 10);
        right[1].configureBlocking(false);
        Future<Throwable> relay = fixture.peer(() ->
                catchThrowable(() -> Transfers.relay(left[1], right[0]).build().run()));
        long[] sent = new long[1];
        int[] full = new int[1];
        TestFixture.until("nothing moves any more", () -> {
            int n = written(right[1], sent[0]);
            sent[0] += n;
            full[0] = n == 0 && fixture.peersIn("io.zerocopy.linux.internal.poll.Poller") ? full[0] + 1 : 0;
            return full[0] > 20;
        });
        fixture.interruptPeers();
        Throwable told = TestFixture.join(relay);
        assertThat(told).isInstanceOf(InterruptedIOException.class);
        assertThat(told.getSuppressed()).hasSize(1);
        TransferException other = (TransferException) told.getSuppressed()[0];
        long held = other.remainder().remaining();
        assertThat(held).isPositive();
        right[1].close();
        left[1].close();
        assertThat(TestFixture.drain(Channels.newInputStream(left[0]), Content.PATTERN))
                .isEqualTo(other.transferred());
        long unread = Channels.newInputStream(right[0]).readAllBytes().length;
        assertThat(other.transferred() + held + unread).isEqualTo(sent[0]);
    }

    private static int written(SocketChannel channel, long position) {
        try {
            return channel.write(ByteBuffer.wrap(Content.PATTERN.bytes(position, 100_000)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anIdleSessionKeepsItsRemainderAndIsDone() throws Exception {
        SocketChannel[] left = fixture.tcp();
        SocketChannel[] right = fixture.tcp();
        for (SocketChannel channel : List.of(left[1], right[0])) {
            channel.configureBlocking(false);
        }
        RelaySession session = Transfers.relay(left[1], right[0])
                .idleTimeout(Duration.ofMillis(50))
                .build()
                .open();
        Throwable[] first = new Throwable[1];
        TestFixture.until(
                "it has been idle", () -> (first[0] = catchThrowable(session.leftToRight()::advance)) != null);
        assertThat(session.isDone()).isTrue();
        assertThat(catchThrowable(session.leftToRight()::advance)).isSameAs(first[0]);
        Throwable second = catchThrowable(session.rightToLeft()::advance);
        assertThat(second).isSameAs(first[0].getSuppressed()[0]);
        session.close();
    }

    @Test
    void withoutDescriptorsTheBlockingRelayWantsWhatASelectorCanWatch() throws Exception {
        SocketChannel[] left = fixture.tcp();
        ByteChannel unknown = Transfers.duplex(
                Channels.newChannel(new ByteArrayInputStream(new byte[1])),
                Channels.newChannel(new ByteArrayOutputStream()));
        assertThatThrownBy(() -> Transfers.relay(left[0], unknown).build().run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("selector");
        assertThat(left[0].isBlocking()).isTrue();
    }

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        System.clearProperty("zerocopy.disable");
        fixture.close();
    }

    @Test
    void relaysBothDirectionsAndKeepsTheHalfClose() throws Exception {
        SocketChannel[] client = fixture.tcp();
        SocketChannel[] server = fixture.unix();
        Future<RelayResult> relay =
                fixture.peer(() -> Transfers.relay(client[1], server[0]).build().run());
        Future<Long> request =
                fixture.peer(() -> TestFixture.drain(Channels.newInputStream(server[1]), Content.PATTERN));
        TestFixture.write(Channels.newOutputStream(client[0]), Content.PATTERN, SIZE);
        client[0].shutdownOutput();
        assertThat(TestFixture.join(request))
                .as("the half-close has reached the server")
                .isEqualTo(SIZE);
        server[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 1000)));
        server[1].shutdownOutput();
        assertThat(TestFixture.drain(Channels.newInputStream(client[0]), Content.PATTERN))
                .isEqualTo(1000);
        RelayResult result = TestFixture.join(relay);
        assertThat(result.leftToRight().bytes()).isEqualTo(SIZE);
        assertThat(result.rightToLeft().bytes()).isEqualTo(1000);
        assertThat(result.leftToRight().mechanism()).isEqualTo(Mechanism.SPLICE);
        assertThat(client[1].isOpen() && server[0].isOpen()).isTrue();
    }

    @Test
    void anIdleRelayEnds() throws Exception {
        SocketChannel[] client = fixture.tcp();
        SocketChannel[] server = fixture.tcp();
        assertThatThrownBy(() -> Transfers.relay(client[1], server[0])
                        .idleTimeout(Duration.ofMillis(100))
                        .build()
                        .run())
                .hasMessageContaining("idle after 0 bytes");
        assertThat(client[1].isOpen() && server[0].isOpen()).isTrue();
        assertThatThrownBy(() -> Transfers.relay(client[1], client[1])).isInstanceOf(IllegalArgumentException.class);
    }
}
