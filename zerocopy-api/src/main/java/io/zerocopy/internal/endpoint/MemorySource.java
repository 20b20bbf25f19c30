package io.zerocopy.internal.endpoint;

import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/** The caller's buffers as a source. Their positions are its position. Always ready, never closed. */
public final class MemorySource implements Source {
    private static final ByteBuffer[] NONE = {};
    private static volatile EndpointFacts last;

    private ByteBuffer[] buffers;
    private EndpointFacts facts;
    private int current;

    public MemorySource(ByteBuffer[] buffers) {
        begin(buffers);
    }

    /** Takes other buffers, like a new object. */
    MemorySource begin(ByteBuffer[] those) {
        buffers = those;
        current = 0;
        facts = facts(TransferSpec.remaining(those), place(those));
        return this;
    }

    /** Releases the buffers. */
    void end() {
        buffers = NONE;
    }

    /** Created once for consecutive messages of the same size. */
    private static EndpointFacts facts(long size, String place) {
        EndpointFacts known = last;
        if (known == null || known.size() != size || !known.fileSystem().equals(place)) {
            known = new EndpointFacts(EndpointKind.MEMORY, size, false, true, false, 0, 0, place);
            last = known;
        }
        return known;
    }

    private static String place(ByteBuffer[] buffers) {
        boolean direct = false;
        boolean heap = false;
        for (ByteBuffer buffer : buffers) {
            direct |= buffer.isDirect() && buffer.hasRemaining();
            heap |= !buffer.isDirect() && buffer.hasRemaining();
        }
        return direct && heap ? "mixed" : direct ? "direct" : heap ? "heap" : "";
    }

    @Override
    public EndpointFacts facts() {
        return facts;
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
    public boolean await(long nanos) {
        return true;
    }

    @Override
    public ByteBuffer[] buffers() {
        return buffers;
    }

    @Override
    public long read(ByteBuffer target, long position) {
        while (current < buffers.length && !buffers[current].hasRemaining()) {
            current++;
        }
        if (current == buffers.length) {
            return Step.END;
        }
        ByteBuffer from = buffers[current];
        int count = Math.min(from.remaining(), target.remaining());
        int limit = from.limit();
        from.limit(from.position() + count);
        target.put(from);
        from.limit(limit);
        return count;
    }
}
