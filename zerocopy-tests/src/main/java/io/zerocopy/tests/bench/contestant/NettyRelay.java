package io.zerocopy.tests.bench.contestant;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Meter;
import io.zerocopy.tests.bench.measure.Pin;
import io.zerocopy.tests.bench.pair.Lanes;
import java.util.concurrent.CompletableFuture;

/**
 * Netty relays by reads and writes, like its proxy examples: bytes that were read are written to the target, and no
 * more are read while the target's queue is full. A stream has no separate transfers, so a window is a number of bytes.
 */
final class NettyRelay implements Contestant {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Channel source;
    private final Channel target;

    // Used only by the event loop.
    private long wanted;
    private long moved;
    private Meter meter;
    private CompletableFuture<Measurement> done;

    NettyRelay(Lanes.Lane lane) {
        target = NettyFile.connect(loops, lane.targetPort(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                source.config().setAutoRead(moved < wanted && target.isWritable());
            }
        });
        source = NettyFile.connect(loops, lane.sourcePort(), new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext context) {
                context.channel().config().setAutoRead(false);
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                moved += ((ByteBuf) message).readableBytes();
                target.write(message);
            }

            @Override
            public void channelReadComplete(ChannelHandlerContext context) {
                flush();
            }
        });
        loops.execute(Pin.MOVER::here);
    }

    private void flush() {
        target.flush();
        boolean over = moved >= wanted;
        source.config().setAutoRead(!over && target.isWritable());
        if (over && meter != null) {
            Meter ended = meter;
            meter = null;
            long bytes = moved;
            target.writeAndFlush(target.alloc().buffer(0, 0)).addListener(written -> {
                if (written.isSuccess()) {
                    done.complete(ended.stop(bytes));
                } else {
                    done.completeExceptionally(written.cause());
                }
            });
        }
    }

    @Override
    public String name() {
        return "Netty read and write";
    }

    @Override
    public Role role() {
        return Role.JVM;
    }

    @Override
    public Measurement run(long size, int repetitions) throws Exception {
        CompletableFuture<Measurement> answer = new CompletableFuture<>();
        source.eventLoop().execute(() -> {
            moved = 0;
            wanted = size * repetitions;
            done = answer;
            meter = Meter.start();
            source.config().setAutoRead(true);
        });
        return NettyFile.answer(answer);
    }

    @Override
    public void close() {
        source.close().syncUninterruptibly();
        target.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }
}
