package io.zerocopy.tests.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.zerocopy.Mechanism;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Netty server that answers by a transfer. */
class NettyRegionTest {
    private static final int SIZE = 30_000_000;

    private TestFixture fixture;
    private final BlockingQueue<CompletableFuture<Optional<TransferResult>>> written = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Answers each connection with one region, then closes it. */
    private final class Answer extends ChannelInboundHandlerAdapter {
        private final Loops loops;
        private final Supplier<TransferRegion> region;

        Answer(Loops loops, Supplier<TransferRegion> region) {
            this.loops = loops;
            this.region = region;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            loops.keep(context.channel());
            TransferRegion answer = region.get();
            answer.retain();
            context.writeAndFlush(answer).addListener(done -> {
                CompletableFuture<Optional<TransferResult>> ended = new CompletableFuture<>();
                if (done.isSuccess()) {
                    ended.complete(answer.result());
                } else {
                    ended.completeExceptionally(done.cause());
                }
                answer.release();
                written.add(ended);
                context.close();
            });
        }
    }

    private SocketAddress serve(
            IoHandlerFactory io, Class<? extends ServerChannel> type, Supplier<TransferRegion> region)
            throws Exception {
        Loops loops = fixture.keep(new Loops(io));
        Channel server = loops.keep(new ServerBootstrap()
                .group(loops.group())
                .channel(type)
                .childHandler(new Answer(loops, region))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel());
        return server.localAddress();
    }

    private SocketAddress serve(Supplier<TransferRegion> region) throws Exception {
        return serve(NioIoHandler.newFactory(), NioServerSocketChannel.class, region);
    }

    private Optional<TransferResult> outcome() throws Exception {
        return TestFixture.join(written.poll(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS));
    }

    private TransferResult ended() throws Exception {
        return outcome().orElseThrow();
    }

    /** Reads on a separate thread, because only a deadline detects a server that never ends its answer. */
    private void drain(SocketAddress from, Content content, long size) throws Exception {
        SocketChannel client = fixture.keep(SocketChannel.open(from));
        assertThat(TestFixture.join(fixture.peer(() -> TestFixture.drain(Channels.newInputStream(client), content))))
                .isEqualTo(size);
    }

    private static Transfer.Builder file(Path file) {
        return Transfers.from(file);
    }

    @Test
    void aFileLeavesByTheCheapestMechanism() throws Exception {
        Path file = fixture.file(SIZE);
        SocketAddress server = serve(() -> new TransferRegion(file(file), SIZE));
        for (int i = 0; i < 3; i++) {
            drain(server, Content.PATTERN, SIZE);
            TransferResult result = ended();
            assertThat(result.bytes()).isEqualTo(SIZE);
            assertThat(result.mechanism()).isEqualTo(Mechanism.SENDFILE);
        }
    }

    @Test
    void headerPartOfAFileAndTrailerAreOneMessage() throws Exception {
        Path file = fixture.file(SIZE);
        byte[] header = "a header, ".getBytes();
        SocketAddress server = serve(() -> new TransferRegion(
                file(file).range(0, SIZE - 7).header(ByteBuffer.wrap(header)).trailer(ByteBuffer.wrap(new byte[5])),
                header.length + SIZE - 7 + 5));
        SocketChannel client = fixture.keep(SocketChannel.open(server));
        byte[] all = Channels.newInputStream(client).readAllBytes();
        assertThat(all).hasSize(header.length + SIZE - 7 + 5).startsWith(header).endsWith(new byte[5]);
        Content.Check check = new Content.Check(Content.after(header, Content.PATTERN));
        check.feed(all, all.length - 5);
        assertThat(ended().bytes()).isEqualTo(all.length);
    }

    /** Netty's own transport passes a channel of its own class; bytes that are written to it arrive as well. */
    @Test
    void overTheEpollTransportTheBytesAreTheSame() throws Exception {
        assumeTrue(Epoll.isAvailable(), () -> "Netty's epoll transport does not load: " + Epoll.unavailabilityCause());
        Path file = fixture.file(SIZE);
        SocketAddress server = serve(
                EpollIoHandler.newFactory(),
                EpollServerSocketChannel.class,
                () -> new TransferRegion(file(file), SIZE));
        drain(server, Content.PATTERN, SIZE);
        assertThat(ended().bytes()).isEqualTo(SIZE);
    }

    @Test
    void aSourceThatIsTooShortFailsTheWriteAndIsNotWaitedFor() throws Exception {
        Path file = fixture.file(1000);
        drain(serve(() -> new TransferRegion(file(file), 1001)), Content.PATTERN, 1000);
        assertThatThrownBy(this::ended).isInstanceOf(EOFException.class).hasMessage("1000 bytes sent of 1001");
    }

    /** If the peer closes in the middle, the write fails, and nothing stays open. */
    @Test
    void aPeerThatGoesAwayFailsTheWrite() throws Exception {
        Path file = fixture.file(SIZE);
        SocketAddress server = serve(() -> new TransferRegion(file(file), SIZE));
        SocketChannel client = SocketChannel.open(server);
        assertThat(client.read(ByteBuffer.allocate(1000))).isPositive();
        client.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
        client.close();
        assertThatThrownBy(this::ended).isInstanceOf(IOException.class);
    }

    /** Netty makes no call for an empty message, so there is no result. */
    @Test
    void anEmptyTransferIsWritten() throws Exception {
        Path file = fixture.file(0);
        drain(serve(() -> new TransferRegion(file(file), 0)), Content.PATTERN, 0);
        assertThat(outcome()).isEmpty();
    }
}
