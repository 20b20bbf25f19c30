package io.zerocopy.tests.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Unprivileged;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two thousand relays run on one thread of a user without privileges, most of them idle. Idle relays use neither pipes
 * nor turns: a loop that gave each of them a turn at every wake-up would advance hundreds of directions for each
 * message.
 */
@Tag("thorough")
class ScaleTest {
    private static final SocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int ALL = 2_000;
    private static final int ACTIVE = 8;

    /** The idle pipes of the pool, and one for each direction that moves. Each has two ends. */
    private static final int MOST_PIPE_ENDS = 2 * (64 + 2 * ACTIVE);

    private static final int EACH = 24 << 20;
    private static final int MESSAGES = 500;

    /** One advance moves a message, and one finds no more; both directions of a ready connection may be advanced. */
    private static final int MOST_ADVANCES = 4;

    private TestFixture fixture;
    private ServerSocketChannel target;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/limits")), "there is no procfs");
        fixture = new TestFixture();
        target = fixture.keep(ServerSocketChannel.open().bind(ANY, 100));
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    /**
     * A process with a proxy, and the connections through it: the test has connected [0] to the proxy, the proxy has
     * connected to [1].
     */
    private final class Subject {
        private final Unprivileged process;
        private final SocketAddress address;
        private final ScaleSubject.State atStart;
        private final List<SocketChannel[]> pairs = new ArrayList<>();

        Subject() throws IOException {
            int port = ((InetSocketAddress) target.getLocalAddress()).getPort();
            process = fixture.keep(Unprivileged.start(fixture, ScaleSubject.class, "" + port));
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(process.readLine()));
            connect(1);
            long one = state().descriptors();
            disconnect(); // some descriptors of the first connection stay open
            TestFixture.until("its two sockets are gone", () -> state().descriptors() == one - 2);
            atStart = state();
        }

        void connect(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                SocketChannel client = fixture.keep(SocketChannel.open(address));
                pairs.add(new SocketChannel[] {client, fixture.keep(target.accept())});
            }
            echoOnAll();
        }

        /** Sends a message there and back on every connection. */
        void echoOnAll() throws IOException {
            for (int i = 0; i < pairs.size(); i++) {
                send(pairs.get(i), 0, "message " + i);
                send(pairs.get(i), 1, "message " + i);
            }
        }

        /** Sends a message from one side of a connection to the other. */
        void send(SocketChannel[] pair, int from, String text) throws IOException {
            byte[] message = text.getBytes();
            pair[from].write(ByteBuffer.wrap(message));
            assertThat(Channels.newInputStream(pair[1 - from]).readNBytes(message.length))
                    .isEqualTo(message);
        }

        void disconnect() throws IOException {
            for (SocketChannel[] pair : pairs) {
                pair[0].close();
                pair[1].close();
            }
            pairs.clear();
            TestFixture.until("every connection has ended", () -> state().active() == 0);
        }

        ScaleSubject.State state() {
            try {
                return ScaleSubject.State.parse(process.ask());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** Moves bytes over each of the active connections, which are spread over all connections. */
        void move() throws Exception {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < ACTIVE; i++) {
                SocketChannel[] pair = pairs.get(i * (pairs.size() / ACTIVE));
                running.add(fixture.peer(() -> send(pair[0])));
                running.add(fixture.peer(() -> receive(pair[1])));
            }
            for (Future<?> one : running) {
                TestFixture.join(one);
            }
        }

        private Void send(SocketChannel to) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
            for (int sent = 0; sent < EACH; ) {
                buffer.clear().limit(Math.min(buffer.capacity(), EACH - sent));
                sent += to.write(buffer);
            }
            return null;
        }

        private Void receive(SocketChannel from) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
            for (int got = 0; got < EACH; ) {
                int n = from.read(buffer.clear());
                assertThat(n).isPositive();
                got += n;
            }
            return null;
        }
    }

    @Test
    void twoThousandRelaysOnOneThread() throws Exception {
        assumeTrue(mostDescriptors() >= 4 * ALL, "fewer than " + 4 * ALL + " descriptors are allowed");
        Subject many = new Subject();
        many.connect(ALL);
        ScaleSubject.State idle = many.state();
        assertThat(idle.active()).isEqualTo(ALL);
        assertThat(idle.pipes()).isLessThanOrEqualTo(MOST_PIPE_ENDS);
        assertThat(idle.descriptors()).isEqualTo(many.atStart.descriptors() + 2 * ALL);
        if (runsAsRoot()) {
            assertThat(Files.readString(Path.of("/proc/" + many.process.pid() + "/status")))
                    .containsPattern("Uid:\\s+" + Unprivileged.user() + "\\s")
                    .containsPattern("CapEff:\\s+0+\n");
        }

        long advances = many.state().advances();
        for (int i = 0; i < MESSAGES; i++) {
            many.send(many.pairs.get(i * 7 % ALL), i % 2, "message " + i);
        }
        assertThat(many.state().advances() - advances)
                .as("turns for %d messages", MESSAGES)
                .isBetween((long) MESSAGES, (long) MESSAGES * MOST_ADVANCES);

        many.move();
        assertThat(many.state().pipes()).as("ends of pipes").isLessThanOrEqualTo(MOST_PIPE_ENDS);

        many.echoOnAll();
        SocketChannel[] some = many.pairs.get(ALL / 2);
        Future<Long> drained = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(some[1]), Content.PATTERN));
        TestFixture.write(Channels.newOutputStream(some[0]), Content.PATTERN, 1 << 20);
        some[0].shutdownOutput();
        assertThat(TestFixture.join(drained)).isEqualTo(1 << 20);

        many.disconnect();
        TestFixture.until(
                "descriptors are back to " + many.atStart.descriptors(),
                () -> many.state().descriptors() == many.atStart.descriptors());
        ScaleSubject.State after = many.state();
        assertThat(after.ended()).as("broken: %s", after.mechanisms()).isZero();
        assertThat(after.mechanisms()).isEqualTo("[SPLICE]");
        assertThat(after.pipes()).isLessThanOrEqualTo(MOST_PIPE_ENDS);
        assertThat(after.accepted()).isEqualTo(ALL + 1);
    }

    private static boolean runsAsRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /**
     * Returns how many descriptors this process and its children may open: the JVM raises its limit to the hard one.
     */
    private static long mostDescriptors() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(l -> l.startsWith("Max open files"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.split("\\s{2,}")[1]);
    }
}
