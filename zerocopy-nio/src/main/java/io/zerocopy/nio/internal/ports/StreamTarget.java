package io.zerocopy.nio.internal.ports;

import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.internal.memory.BufferSizes;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/**
 * Writes a stream: directly from the buffer's array or, for a stream of the JDK, through a pooled array. If a stream
 * fails, it does not say how many bytes it took; none of the bytes of that call count as written.
 */
public final class StreamTarget extends TargetPort {
    private final OutputStream stream;
    private final EndpointFacts facts = EndpointFacts.of(EndpointKind.STREAM, -1, true);
    private int unsure; // bytes of a write that has not returned

    /** Creates a port over a stream. */
    public StreamTarget(OutputStream stream) {
        super(stream);
        this.stream = stream;
    }

    @Override
    public EndpointFacts facts() {
        return facts;
    }

    @Override
    public String name() {
        String name = stream.getClass().getName();
        return unsure > 0 && isForeign()
                ? name + ", which does not tell how many of its last " + unsure + " bytes it took: none of them counts"
                : name;
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
    int writeOnce(ByteBuffer source, long position) throws IOException {
        int n = Math.min(source.remaining(), BufferSizes.MEDIUM);
        unsure = n;
        if (source.hasArray()) {
            stream.write(source.array(), source.arrayOffset() + source.position(), n);
        } else {
            n = writeCopy(source, n);
        }
        unsure = 0;
        source.position(source.position() + n);
        return n;
    }

    /** Writes fewer bytes if there is no memory for all of them. */
    private int writeCopy(ByteBuffer source, int most) throws IOException {
        ByteBuffer staging = BufferPool.HEAP.take(most);
        try {
            int n = Math.min(most, staging.capacity());
            source.get(source.position(), staging.array(), 0, n);
            stream.write(staging.array(), 0, n);
            return n;
        } finally {
            BufferPool.HEAP.give(staging);
        }
    }
}
