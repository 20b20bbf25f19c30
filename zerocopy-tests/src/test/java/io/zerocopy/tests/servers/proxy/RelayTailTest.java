package io.zerocopy.tests.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Relay;
import io.zerocopy.RelaySession;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sender of small segments stops, without an end. Each segment takes a slot of a pipe, even a small one, so the pipe
 * is full while the socket is not empty. A relay that then waits for more bytes of the source waits for ever. Virtual
 * threads have their own test and JVM.
 */
class RelayTailTest {
    private static final int SEGMENT = 100;
    private static final int SEGMENTS = 5_000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    private SocketChannel[] pair(String kind) throws IOException {
        return kind.equals("tcp") ? fixture.tcp() : fixture.unix();
    }

    private static void send(SocketChannel to, long from, int segments) throws IOException {
        if (to.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            to.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        for (int i = 0; i < segments; i++) {
            to.write(ByteBuffer.wrap(Content.PATTERN.bytes(from + (long) i * SEGMENT, SEGMENT)));
        }
    }

    private static void receive(SocketChannel from, Content.Check check, long upTo) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        while (check.count() < upTo) {
            int n = from.read(buffer.clear());
            assertThat(n).isPositive();
            check.feed(buffer.array(), n);
        }
    }

    @ParameterizedTest(name = "{1} by a {0}")
    @CsvSource({"selector, tcp", "selector, unix", "platform thread, tcp", "platform thread, unix"})
    void theTailArrivesWithNoFurtherInput(String way, String kind) throws Exception {
        SocketChannel[] client = pair(kind);
        SocketChannel[] server = pair(kind);
        Relay relay = Transfers.relay(client[1], server[0]).build();
        exchange(
                client,
                server,
                fixture.peer(
                        way.equals("selector")
                                ? () -> select(relay, client[1], server[0])
                                : () -> {
                                    relay.run();
                                    return null;
                                }));
    }

    private static Void select(Relay relay, SocketChannel left, SocketChannel right) throws IOException {
        left.configureBlocking(false);
        right.configureBlocking(false);
        try (RelaySession session = relay.open()) {
            new SelectorLoop().drive(session, left, right);
        }
        return null;
    }

    /** Request, silence, reply, silence; then both sides end. */
    private void exchange(SocketChannel[] client, SocketChannel[] server, Future<?> relay) throws Exception {
        oneWay(client[0], server[1]);
        oneWay(server[1], client[0]);
        client[0].shutdownOutput();
        server[1].shutdownOutput();
        TestFixture.join(relay);
    }

    private void oneWay(SocketChannel from, SocketChannel to) throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        Callable<Void> sender = () -> {
            send(from, 0, SEGMENTS / 2);
            half.countDown(); // until here no one reads, so that everything on the way is full
            send(from, (long) SEGMENTS / 2 * SEGMENT, SEGMENTS - SEGMENTS / 2);
            return null;
        };
        Future<Void> sent = fixture.peer(sender);
        half.await(200, java.util.concurrent.TimeUnit.MILLISECONDS);
        Future<Void> received = fixture.peer(() -> {
            receive(to, new Content.Check(Content.PATTERN), (long) SEGMENT * SEGMENTS);
            return null;
        });
        TestFixture.join(sent);
        TestFixture.join(received);
    }

    /**
     * An edge-triggered loop gets one event for all bytes that have come. If a session says that it waits for its
     * source, it must have taken all bytes that the source had, and have delivered them.
     */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void aSessionThatWaitsForItsSourceHasDeliveredAllOfIt(String kind) throws Exception {
        SocketChannel[] client = pair(kind);
        SocketChannel[] server = pair(kind);
        client[1].configureBlocking(false);
        server[0].configureBlocking(false);
        server[1].configureBlocking(false);
        server[0].setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10);
        server[1].setOption(StandardSocketOptions.SO_RCVBUF, 16 << 10);
        Content.Check check = new Content.Check(Content.PATTERN);
        long sent = 0;
        long fullTargets = 0;
        try (Selector selector = Selector.open();
                TransferSession session =
                        Transfers.from(client[1]).to(server[0]).build().open()) {
            client[1].register(selector, SelectionKey.OP_READ);
            for (int round = 0; round < 400; round++) {
                int segments = 1 + round % 60;
                send(client[0], sent, segments);
                sent += (long) segments * SEGMENT;
                while (session.transferred() < sent) {
                    Status status = SelectorLoop.advanceFully(session);
                    if (status == Status.AWAIT_TARGET) {
                        fullTargets++;
                        drain(server[1], check);
                    } else if (session.transferred() < sent) {
                        assertThat(kind).as("bytes were left behind").isEqualTo("tcp");
                        selector.select(TestFixture.DEADLINE_SECONDS * 1000);
                        assertThat(selector.selectedKeys()).as("more has come").hasSize(1);
                        selector.selectedKeys().clear();
                    }
                }
            }
            drain(server[1], check);
        }
        server[1].configureBlocking(true);
        receive(server[1], check, sent);
        assertThat(fullTargets).as("the target was full at times").isPositive();
    }

    private static void drain(SocketChannel from, Content.Check check) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        for (int n = from.read(buffer); n > 0; n = from.read(buffer.clear())) {
            check.feed(buffer.array(), n);
        }
    }
}
