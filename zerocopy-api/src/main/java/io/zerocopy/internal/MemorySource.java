package io.zerocopy.internal;

import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/** The caller's buffers as a source; their positions are where it stands. Always ready, never closed. */
final class MemorySource implements Source {
    private final ByteBuffer[] buffers;
    private final Facts facts;
    private int current;

    MemorySource(ByteBuffer[] buffers) {
        this.buffers = buffers;
        this.facts = new Facts(Kind.MEMORY, remaining(buffers), false, true, false, 0, 0, place(buffers));
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

    static long remaining(ByteBuffer[] buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
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
