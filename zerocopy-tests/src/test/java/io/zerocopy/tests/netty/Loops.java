package io.zerocopy.tests.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * One event loop of Netty and what was opened on it. All of that is closed before the loop is shut down: a loop without
 * a quiet period may end before it has closed its channels, and a quiet period takes time in every test.
 */
final class Loops implements AutoCloseable {
    private final EventLoopGroup group;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    Loops(IoHandlerFactory io) {
        this.group = new MultiThreadIoEventLoopGroup(1, io);
    }

    EventLoopGroup group() {
        return group;
    }

    /** Closes it at the end, or now if this is closed already. */
    <C extends Channel> C keep(C channel) {
        channels.add(channel);
        return channel;
    }

    @Override
    public void close() throws IOException {
        boolean closed = channels.close().awaitUninterruptibly(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        boolean ended = group.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                .awaitUninterruptibly(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (!closed || !ended) {
            throw new IOException("closed: " + closed + ", ended: " + ended);
        }
    }
}
