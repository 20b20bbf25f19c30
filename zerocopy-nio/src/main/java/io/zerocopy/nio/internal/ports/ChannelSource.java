package io.zerocopy.nio.internal.ports;

import io.zerocopy.spi.EndpointFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;

/** Reads any channel in sequence: sockets, pipes, and unknown channels. */
public final class ChannelSource extends SourcePort {
    private final ReadableByteChannel channel;
    private final EndpointFacts facts;

    /** Creates a port over an open channel. */
    public ChannelSource(ReadableByteChannel channel) {
        super(channel);
        this.channel = channel;
        this.facts = ChannelFacts.of(channel);
    }

    @Override
    public EndpointFacts facts() {
        return facts;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    int readOnce(ByteBuffer target, long position) throws IOException {
        return channel.read(target);
    }
}
