package io.zerocopy.internal;

import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/** The caller's buffers as a source; their positions are where it stands. Always ready, never closed. */
final class MemorySource implements Source {
    private static final ByteBuffer[] NONE = {};
    private static volatile Facts last;

    private ByteBuffer[] buffers;
    private Facts facts;
    private int current;

    MemorySource(ByteBuffer[] buffers) {
        begin(buffers);
    }

    /** Shows other buffers, as if new. */
    MemorySource begin(ByteBuffer[] those) {
        buffers = those;
        current = 0;
        facts = facts(TransferSpec.remaining(those), place(those));
        return this;
    }

    /** Lets the buffers go. */
    void end() {
        buffers = NONE;
    }

    /** Made once for as many messages of one size as come after one another. */
    private static Facts facts(long size, String place) {
        Facts known = last;
        if (known == null || known.size() != size || !known.fileSystem().equals(place)) {
            known = new Facts(Kind.MEMORY, size, false, true, false, 0, 0, place);
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
    public Facts facts() {
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
