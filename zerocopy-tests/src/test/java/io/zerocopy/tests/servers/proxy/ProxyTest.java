package io.zerocopy.tests.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Rest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a proxy guarantees to both of its sides, and to other connections. */
class ProxyTest {
    private static final SocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final long SIZE = 5_000_000;
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private TestFixture fixture;
    private ServerSocketChannel target;
    private Proxy proxy;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        target = fixture.keep(ServerSocketChannel.open().bind(ANY, 1000));
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private void serve(Duration idle) throws IOException {
        proxy = Proxies.serve(fixture, ANY, target.getLocalAddress(), idle);
    }

    /** Returns two channels: [0] has connected to the proxy, [1] comes from the proxy. */
    private SocketChannel[] pair() throws IOException {
        SocketChannel client = fixture.keep(SocketChannel.open(proxy.address()));
        return new SocketChannel[] {client, fixture.keep(target.accept())};
    }

    private static String read(SocketChannel from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && from.read(bytes) >= 0) {
            continue;
        }
        return new String(bytes.array(), 0, bytes.position());
    }

    private static void echo(SocketChannel[] pair, String text) throws IOException {
        pair[0].write(ByteBuffer.wrap(text.getBytes()));
        assertThat(read(pair[1], text.length())).isEqualTo(text);
        pair[1].write(ByteBuffer.wrap(text.getBytes()));
        assertThat(read(pair[0], text.length())).isEqualTo(text);
    }

    @Test
    void anEndOnOneSideLeavesTheOtherDirectionOpen() throws Exception {
        serve(Duration.ZERO);
        SocketChannel[] pair = pair();
        Future<Long> request = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(pair[1]), Content.PATTERN));
        TestFixture.write(Channels.newOutputStream(pair[0]), Content.PATTERN, SIZE);
        pair[0].shutdownOutput();
        assertThat(TestFixture.join(request)).isEqualTo(SIZE);
        assertThat(proxy.counts().active()).isEqualTo(1);
        Future<Long> reply = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(pair[0]), Content.PATTERN));
        TestFixture.write(Channels.newOutputStream(pair[1]), Content.PATTERN, SIZE);
        pair[1].shutdownOutput();
        assertThat(TestFixture.join(reply)).isEqualTo(SIZE);
        TestFixture.until("it has ended", () -> proxy.counts().completed() == 1);
        assertThat(proxy.counts().sent()).isEqualTo(SIZE);
        assertThat(proxy.counts().received()).isEqualTo(SIZE);
    }

    @Test
    void aTargetThatRefusesEndsThatConnectionAlone() throws Exception {
        serve(Duration.ZERO);
        SocketChannel[] before = pair();
        SocketAddress gone = target.getLocalAddress();
        target.close();
        SocketChannel refused = fixture.keep(SocketChannel.open(proxy.address()));
        assertThatThrownBy(() -> refused.read(ByteBuffer.allocate(1))).hasMessageContaining("reset");
        TestFixture.until("it is counted", () -> proxy.counts().refused() == 1);
        assertThat(proxy.counts().lastFailure()).contains("Connection refused");
        echo(before, "still here");
        target = fixture.keep(ServerSocketChannel.open()
                .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                .bind(gone));
        echo(pair(), "there again");
    }

    /** A busy machine may delay the test itself for as long as the timeout; then the test tries again. */
    @Test
    void aConnectionOnWhichNothingMovesEnds() throws Exception {
        serve(PATIENCE);
        for (int ended = 0; ; ended += 2) {
            boolean outlived = aBusyOneOutlivesAnIdleOne(ended);
            int both = ended + 2;
            TestFixture.until("both are idle", () -> proxy.counts().failed() == both);
            if (outlived) {
                return;
            }
        }
    }

    /** Returns false if the busy connection was also idle for longer than the proxy's timeout. */
    private boolean aBusyOneOutlivesAnIdleOne(int endedBefore) throws Exception {
        SocketChannel[] idle = pair();
        SocketChannel[] busy = pair();
        Future<?> ended = fixture.peer(() -> {
            assertThatThrownBy(() -> idle[0].read(ByteBuffer.allocate(1))).hasMessageContaining("reset");
            return null;
        });
        long moved = System.nanoTime();
        try {
            while (!ended.isDone()) {
                long before = System.nanoTime();
                echo(busy, "x");
                moved = before;
                Thread.sleep(20);
            }
            TestFixture.join(ended);
            echo(busy, "still here"); // so the idle connection was the last to fail
            TestFixture.until("it is counted", () -> proxy.counts().failed() > endedBefore);
            String failure = proxy.counts().lastFailure();
            assertThat(failure).contains("idle after 0 bytes");
            return true;
        } catch (IOException | AssertionError left) {
            if (System.nanoTime() - moved < PATIENCE.toNanos()) {
                throw left;
            }
            return false;
        }
    }

    /** If a reader takes nothing, only its own sender must wait. */
    @Test
    void backpressureStaysWithItsConnection() throws Exception {
        serve(Duration.ZERO);
        SocketChannel[] stuck = pair();
        SocketChannel[] other = pair();
        stuck[1].configureBlocking(false);
        ByteBuffer chunk = ByteBuffer.wrap(Content.PATTERN.bytes(0, 1 << 20));
        long sent = 0;
        for (long before = -1; before != sent; ) { // refused bytes are tried again once the proxy is at rest
            before = sent;
            for (int n = 1; n > 0; sent += n) {
                n = stuck[1].write(chunk.rewind());
            }
            Rest.ofCounter("how often the proxy was woken", () -> proxy.counts().selects());
        }
        long selects = proxy.counts().selects();
        for (int i = 0; i < 100; i++) {
            echo(other, "while the other one is stuck");
        }
        assertThat(proxy.counts().selects() - selects)
                .as("a wake-up or two for each message")
                .isLessThan(2 * 200 + 10);
        stuck[1].close();
        ByteBuffer into = ByteBuffer.allocate(1 << 20);
        long got = 0;
        for (int n = stuck[0].read(into); n >= 0; n = stuck[0].read(into.clear())) {
            got += n;
        }
        assertThat(got).isEqualTo(sent);
    }

    /** The reset is passed on, so that the other peer does not take the cut stream for a complete one. */
    @Test
    void aResetOnOneSideIsAResetOnTheOther() throws Exception {
        serve(Duration.ZERO);
        SocketChannel[] pair = pair();
        SocketChannel[] other = pair();
        echo(pair, "hello");
        pair[1].setOption(StandardSocketOptions.SO_LINGER, 0);
        pair[1].close();
        assertThatThrownBy(() -> pair[0].read(ByteBuffer.allocate(1))).hasMessageContaining("reset");
        TestFixture.until("it has ended", () -> proxy.counts().failed() == 1);
        echo(other, "still here");
    }

    /** If the queue of a Unix-domain listener is full, the connect call seems to succeed but there is no connection. */
    @Test
    void aUnixTargetThatIsSlowToAcceptGetsEveryConnection() throws Exception {
        Path name = fixture.path("target");
        ServerSocketChannel slow = fixture.keep(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
        slow.bind(UnixDomainSocketAddress.of(name), 1);
        proxy = Proxies.serve(fixture, ANY, slow.getLocalAddress(), Duration.ZERO);
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(fixture.keep(SocketChannel.open(proxy.address())));
            clients.get(i).write(ByteBuffer.wrap(new byte[] {(byte) ('a' + i)}));
        }
        TestFixture.until("all were taken", () -> proxy.counts().accepted() == 12);
        assertThat(proxy.counts().refused()).isZero();
        StringBuilder heard = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            heard.append(read(fixture.keep(slow.accept()), 1));
        }
        assertThat(heard.toString().chars().sorted().toArray())
                .containsExactly("abcdefghijkl".chars().toArray());
        assertThat(proxy.counts().active()).isEqualTo(12);
    }

    @Test
    void closingItEndsEveryConnectionAndTakesTheNameAway() throws Exception {
        Path name = fixture.path("name");
        proxy = Proxies.serve(
                fixture,
                UnixDomainSocketAddress.of(name),
                target.getLocalAddress(),
                Duration.ofSeconds(TestFixture.DEADLINE_SECONDS));
        SocketChannel[] pair = pair();
        echo(pair, "hello");
        proxy.close();
        assertThatThrownBy(() -> pair[1].read(ByteBuffer.allocate(1))).hasMessageContaining("reset");
        assertThat(pair[0].read(ByteBuffer.allocate(1))).isEqualTo(-1);
        TestFixture.until("the name is gone", () -> !name.toFile().exists());
        assertThat(proxy.counts().toString()).startsWith("1 accepted, 0 open, 0 completed, 1 failed");
    }

    @Test
    void impossibleAddressesFailAtOnce() throws Exception {
        assertThatThrownBy(() -> Proxy.open(ANY, InetSocketAddress.createUnresolved("nowhere", 1), Duration.ZERO))
                .isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> Proxy.open(target.getLocalAddress(), ANY, Duration.ZERO))
                .hasMessageContaining("in use");
        Proxy unused = Proxy.open(ANY, target.getLocalAddress(), Duration.ZERO);
        unused.close();
        unused.run();
        assertThatThrownBy(() -> SocketChannel.open(unused.address())).hasMessageContaining("refused");
    }
}
