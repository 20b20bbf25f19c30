package io.zerocopy.nio.internal.ports;

import io.zerocopy.TransferFailure.Side;
import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.internal.memory.BufferSizes;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/** Reads a stream: directly into the buffer's array or, for a stream of the JDK, through a pooled array. */
public final class StreamSource extends SourcePort {
    private final InputStream stream;
    private final EndpointFacts facts = EndpointFacts.of(EndpointKind.STREAM, -1, true);

    /** Creates a port over a stream. */
    public StreamSource(InputStream stream) {
        super(stream);
        this.stream = stream;
    }

    @Override
    public EndpointFacts facts() {
        return facts;
    }

    @Override
    public String name() {
        return stream.getClass().getName();
    }

    @Override
    public Channel channel() {
        return null;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    int readOnce(ByteBuffer target, long position) throws IOException {
        if (target.hasArray()) {
            int n = stream.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
            requireInside(n, target.remaining());
            target.position(target.position() + Math.max(0, n));
            return n;
        }
        ByteBuffer staging = BufferPool.HEAP.take(Math.min(target.remaining(), BufferSizes.MEDIUM));
        try {
            int room = Math.min(staging.capacity(), target.remaining());
            int n = stream.read(staging.array(), 0, room);
            requireInside(n, room);
            target.put(staging.limit(Math.max(0, n)));
            return n;
        } finally {
            BufferPool.HEAP.give(staging);
        }
    }

    /**
     * Refuses a count that is out of range. A stream has no position that shows the right count, so none of these bytes
     * count.
     */
    private void requireInside(int n, int room) throws IOException {
        if (n < -1 || n > room) {
            String text = stream.getClass().getName() + ".read answered " + n + " where there was room for " + room
                    + "; none of these bytes counts";
            throw new EndpointException(text, null, Side.SOURCE);
        }
    }
}
