package io.zerocopy.tests.bench.contestant;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Meter;
import io.zerocopy.tests.bench.measure.Pin;
import io.zerocopy.tests.bench.pair.Lanes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Netty sends a file: one region after the other, each after the previous one has been written, all on the event loop.
 */
final class NettyFile implements Contestant {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Channel target;
    private final FileChannel file;

    NettyFile(Lanes.Lane lane) throws IOException {
        file = FileChannel.open(lane.source());
        target = connect(loops, lane.targetPort(), new ChannelInboundHandlerAdapter());
        loops.execute(Pin.MOVER::here);
    }

    static Channel connect(EventLoopGroup loops, int port, ChannelHandler handler) {
        return new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .handler(handler)
                .connect(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public String name() {
        return "Netty DefaultFileRegion";
    }

    @Override
    public Role role() {
        return Role.JVM;
    }

    @Override
    public Measurement run(long size, int repetitions) throws Exception {
        CompletableFuture<Measurement> done = new CompletableFuture<>();
        target.eventLoop().execute(() -> {
            Meter meter = Meter.start();
            send(size, repetitions, () -> done.complete(meter.stop(size * repetitions)), done);
        });
        return answer(done);
    }

    static Measurement answer(CompletableFuture<Measurement> done) throws Exception {
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void send(long size, int left, Runnable after, CompletableFuture<Measurement> failed) {
        if (left == 0) {
            after.run();
            return;
        }
        DefaultFileRegion region = new DefaultFileRegion(file, 0, size);
        region.retain(); // releasing the region would close the file
        target.writeAndFlush(region).addListener(written -> {
            if (written.isSuccess()) {
                send(size, left - 1, after, failed);
            } else {
                failed.completeExceptionally(written.cause());
            }
        });
    }

    @Override
    public void close() throws IOException {
        target.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
        file.close();
    }
}
