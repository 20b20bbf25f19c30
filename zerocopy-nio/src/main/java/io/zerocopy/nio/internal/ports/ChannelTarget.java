package io.zerocopy.nio.internal.ports;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Writes any channel in sequence. Buffers are gathered on sockets and pipes of the JDK; an unknown channel gets one
 * buffer at a time.
 */
public final class ChannelTarget extends TargetPort {
    private final WritableByteChannel channel;
    private final EndpointFacts facts;
    private GatherBatch batch;

    /** Creates a port over an open channel. */
    public ChannelTarget(WritableByteChannel channel) {
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
    int writeOnce(ByteBuffer source, long position) throws IOException {
        return channel.write(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int from, int to, long position) throws IOException {
        if (to - from == 1 || facts.kind() == EndpointKind.OPAQUE) {
            return super.write(sources, from, to, position);
        }
        batch = batch == null ? new GatherBatch(this) : batch;
        return outcome(batch.write((GatheringByteChannel) channel, sources, from, to));
    }

    @Override
    public void release() {
        super.release();
        if (batch != null) {
            batch.close();
        }
    }
}
