package io.zerocopy.tests.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import io.zerocopy.Mechanism;
import io.zerocopy.RelayResult;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Rest;
import io.zerocopy.tests.servers.http.Nginx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy that uses Netty's epoll transport; an {@link EpollRelay} gets both channels once they are connected. */
class NettyRelayTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final BlockingQueue<Future<RelayResult>> relays = new LinkedBlockingQueue<>();
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private TestFixture fixture;
    private Loops loops;
    private InetSocketAddress proxy;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Epoll.isAvailable(), () -> "Netty's epoll transport does not load: " + Epoll.unavailabilityCause());
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** Connects each channel to the target, on its own event loop, and then passes both to the relay. */
    private final class Front extends ChannelInboundHandlerAdapter {
        private final SocketAddress target;

        Front(SocketAddress target) {
            this.target = target;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            accepted.add(loops.keep(context.channel()));
            boolean unix = target instanceof UnixDomainSocketAddress;
            ChannelFuture connected = new Bootstrap()
                    .group(context.channel().eventLoop())
                    .channel(unix ? EpollDomainSocketChannel.class : EpollSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(unix ? new DomainSocketAddress(target.toString()) : target);
            connected.addListener(done -> {
                loops.keep(connected.channel());
                if (done.isSuccess()) {
                    relays.add(EpollRelay.start((UnixChannel) context.channel(), (UnixChannel) connected.channel()));
                } else {
                    context.close();
                }
            });
        }
    }

    private void serve(SocketAddress target) throws Exception {
        loops = fixture.keep(new Loops(EpollIoHandler.newFactory()));
        proxy = (InetSocketAddress) loops.keep(new ServerBootstrap()
                        .group(loops.group())
                        .channel(EpollServerSocketChannel.class)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childHandler(new Front(target))
                        .bind(ANY)
                        .sync()
                        .channel())
                .localAddress();
    }

    /** [0] has connected to the proxy, [1] is what the proxy has connected to. */
    private SocketChannel[] pair(ServerSocketChannel target) throws IOException {
        SocketChannel client = fixture.keep(SocketChannel.open(proxy));
        return new SocketChannel[] {client, fixture.keep(target.accept())};
    }

    private RelayResult ended() throws Exception {
        Future<RelayResult> relay = relays.poll(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(relay.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .as("it has ended")
                .isTrue();
        if (relay.cause() instanceof Exception cause) {
            throw cause;
        }
        return relay.getNow();
    }

    @ParameterizedTest(name = "target is a Unix socket: {0}")
    @ValueSource(booleans = {false, true})
    void relaysBothDirectionsAtOnceAndKeepsTheHalfClose(boolean unix) throws Exception {
        long size = 50_000_000;
        ServerSocketChannel target = fixture.keep(
                unix
                        ? ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                                .bind(UnixDomainSocketAddress.of(fixture.path("target")))
                        : ServerSocketChannel.open().bind(ANY));
        serve(target.getLocalAddress());
        SocketChannel[] pair = pair(target);
        var there = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(pair[1]), Content.PATTERN));
        var back = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(pair[0]), Content.PATTERN));
        var sender = fixture.peer(() -> send(pair[1], size));
        send(pair[0], size);
        pair[0].shutdownOutput();
        assertThat(TestFixture.join(there)).isEqualTo(size);
        TestFixture.join(sender);
        pair[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(size, 1000)));
        pair[1].shutdownOutput();
        assertThat(TestFixture.join(back)).isEqualTo(size + 1000);
        RelayResult result = ended();
        assertThat(result.leftToRight().bytes()).isEqualTo(size);
        assertThat(result.rightToLeft().bytes()).isEqualTo(size + 1000);
        assertThat(result.leftToRight().mechanism()).isEqualTo(Mechanism.SPLICE);
        assertThat(result.rightToLeft().mechanism()).isEqualTo(Mechanism.SPLICE);
    }

    /** Does not use a stream of {@link Channels}, because the streams of both directions wait for each other. */
    private static Void send(SocketChannel to, long size) throws IOException {
        for (long at = 0; at < size; at += 500_000) {
            to.write(ByteBuffer.wrap(Content.PATTERN.bytes(at, 500_000)));
        }
        return null;
    }

    /** Events are edge-triggered: if bytes are left after an event, no other event reports them. */
    @Test
    void theTailOfSmallSegmentsArrives() throws Exception {
        ServerSocketChannel target = fixture.keep(ServerSocketChannel.open().bind(ANY));
        serve(target.getLocalAddress());
        SocketChannel[] pair = pair(target);
        pair[0].setOption(StandardSocketOptions.TCP_NODELAY, true);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 100; i++) {
                pair[0].write(ByteBuffer.wrap(Content.PATTERN.bytes(i * 100L, 100)));
            }
            assertThat(Channels.newInputStream(pair[1]).readNBytes(10_000)).isEqualTo(Content.PATTERN.bytes(0, 10_000));
        }
    }

    @Test
    void aResetOnOneSideIsAResetOnTheOther() throws Exception {
        ServerSocketChannel target = fixture.keep(ServerSocketChannel.open().bind(ANY));
        serve(target.getLocalAddress());
        SocketChannel[] other = pair(target);
        relays.take();
        SocketChannel[] pair = pair(target);
        pair[1].write(ByteBuffer.wrap(new byte[] {1}));
        assertThat(pair[0].read(ByteBuffer.allocate(1))).isEqualTo(1);
        pair[1].setOption(StandardSocketOptions.SO_LINGER, 0);
        pair[1].close();
        assertThatThrownBy(() -> pair[0].read(ByteBuffer.allocate(1))).hasMessageContaining("reset");
        assertThatThrownBy(this::ended).hasMessageContaining("ECONNRESET");
        other[0].write(ByteBuffer.wrap(new byte[] {2}));
        assertThat(other[1].read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    /** Nothing is read from or written to that side, so no call of the two directions would notice the reset. */
    @Tag("thorough")
    @Test
    void aResetIsNoticedWhileTheOtherSideTakesNothing() throws Exception {
        ServerSocketChannel target = fixture.keep(ServerSocketChannel.open().bind(ANY));
        serve(target.getLocalAddress());
        SocketChannel[] pair = pair(target);
        fill(pair[0]);
        pair[0].setOption(StandardSocketOptions.SO_LINGER, 0);
        pair[0].close();
        assertThatThrownBy(this::ended).hasMessageContaining("reset");
    }

    /** Writes until the other end, and everything on the way to it, takes no more bytes. */
    private static void fill(SocketChannel to) throws Exception {
        to.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            to.register(selector, SelectionKey.OP_WRITE);
            while (selector.select(500) > 0) {
                selector.selectedKeys().clear();
                to.write(ByteBuffer.allocate(1 << 20));
            }
        }
    }

    @Tag("thorough")
    @Test
    void stalledAndIdleRelaysUseNoProcessorTime() throws Exception {
        ServerSocketChannel target = fixture.keep(ServerSocketChannel.open().bind(ANY));
        serve(target.getLocalAddress());
        SocketChannel[] stalled = pair(target);
        pair(target); // an idle connection
        fill(stalled[0]);
        SingleThreadIoEventLoop loop = (SingleThreadIoEventLoop) loops.group().next();
        Rest.ofThread("the loop", loop.threadProperties().id());
        stalled[0].shutdownOutput();
        assertThat(TestFixture.join(fixture.peer(
                        () -> Channels.newInputStream(stalled[1]).transferTo(OutputStream.nullOutputStream()))))
                .as("all of it is there when somebody reads")
                .isPositive();
    }

    @Test
    void closingAChannelEndsTheRelay() throws Exception {
        ServerSocketChannel target = fixture.keep(ServerSocketChannel.open().bind(ANY));
        serve(target.getLocalAddress());
        SocketChannel[] pair = pair(target);
        pair[0].write(ByteBuffer.wrap(new byte[] {1}));
        assertThat(pair[1].read(ByteBuffer.allocate(1))).isEqualTo(1);
        accepted.take().close();
        assertThatThrownBy(this::ended).isInstanceOf(ClosedChannelException.class);
        for (SocketChannel peer : pair) { // neither peer may take its bytes for the whole stream
            assertThatThrownBy(() -> peer.read(ByteBuffer.allocate(1))).hasMessageContaining("reset");
        }
    }

    @Test
    void curlAndNginxTalkThroughIt() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
        Nginx nginx = fixture.keep(Nginx.start(Files.createDirectory(fixture.path("nginx")), false));
        serve(nginx.address());
        Path source = fixture.file(100 << 20);
        Path back = fixture.path("back");
        String url = "http://127.0.0.1:" + proxy.getPort() + "/put/large";
        TestFixture.run(
                "curl",
                "-q",
                "-sS",
                "--fail",
                "--noproxy",
                "*",
                "-m",
                "" + TestFixture.DEADLINE_SECONDS,
                url,
                "-T",
                source.toString());
        TestFixture.run(
                "curl",
                "-q",
                "-sS",
                "--fail",
                "--noproxy",
                "*",
                "-m",
                "" + TestFixture.DEADLINE_SECONDS,
                url,
                "-o",
                back.toString());
        assertThat(Files.mismatch(source, nginx.root().resolve("put/large"))).isEqualTo(-1);
        assertThat(Files.mismatch(source, back)).isEqualTo(-1);
        assertThat(ended().leftToRight().bytes()).isGreaterThan(100 << 20);
        assertThat(ended().rightToLeft().bytes()).isGreaterThan(100 << 20);
    }
}
