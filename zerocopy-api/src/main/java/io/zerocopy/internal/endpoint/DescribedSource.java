package io.zerocopy.internal.endpoint;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Source;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/**
 * A source that a plan describes and does not open: the facts of a path.
 *
 * @param facts of the path
 */
record DescribedSource(EndpointFacts facts) implements Source {
    @Override
    public Channel channel() {
        return null;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean await(long nanos) {
        throw new UnsupportedOperationException("a plan does not wait");
    }

    @Override
    public long read(ByteBuffer target, long position) {
        throw new UnsupportedOperationException("a plan does not read");
    }
}
