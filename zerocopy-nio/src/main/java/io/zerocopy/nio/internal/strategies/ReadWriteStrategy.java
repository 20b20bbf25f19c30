package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.nio.internal.BufferPool;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Moves bytes from any source to any target: {@code read(2)} into a pooled buffer, {@code write(2)} from it.
 *
 * <p>A step reads if the buffer is empty, and writes once. It is short if the read or the write is short. Ends at the
 * end of the source; never declines. Files are read and written by position. From a source without positions, the
 * buffer's content is the residue; a file can be read again, so it leaves none. While the source has no bytes, the
 * buffer is returned to the pool, so that a thousand idle relays hold no memory.
 *
 * <p>Serves every pair and depends on nothing. Costs two copies and a part of the processor's cache.
 */
public final class ReadWriteStrategy implements Strategy {
    @Override
    public Mechanism mechanism() {
        return Mechanism.READ_WRITE;
    }

    @Override
    public String refusal(Facts source, Facts target, Request request) {
        return null;
    }

    @Override
    public Mover open(Source source, Target target, Request request) {
        // Bytes in memory need not be read.
        ByteBuffer[] buffers = source.buffers();
        return buffers != null ? new BuffersMover(buffers, target, 1) : new ReadWriteMover(source, target);
    }

    private static final class ReadWriteMover implements Mover {
        private final Source source;
        private final Target target;
        private final BufferPool pool;
        private int capacity; // most bytes of one read
        private final boolean rereadable;
        private ByteBuffer buffer; // from position to limit: read and not yet written

        ReadWriteMover(Source source, Target target) {
            this.source = source;
            this.target = target;
            boolean streams = source.channel() == null && target.channel() == null;
            this.pool = streams ? BufferPool.HEAP : BufferPool.DIRECT;
            boolean files =
                    source.facts().kind().isFile() && target.facts().kind().isFile();
            this.capacity = files ? BufferPool.LARGE : BufferPool.MEDIUM;
            this.rereadable = source.facts().kind().isFile();
        }

        @Override
        public long step(long sourcePosition, long targetPosition, long count) throws IOException {
            if (buffer == null || !buffer.hasRemaining()) {
                long n = fill(sourcePosition, count);
                if (n < 0) {
                    giveBack();
                    return n;
                }
            }
            int limit = buffer.limit();
            buffer.limit((int) Math.min(limit, buffer.position() + count));
            try {
                return target.writeOwn(buffer, targetPosition);
            } finally {
                buffer.limit(limit);
            }
        }

        private long fill(long sourcePosition, long count) throws IOException {
            long wanted = Math.min(count, capacity);
            if (buffer == null || buffer.capacity() < wanted) {
                giveBack();
                buffer = pool.take(wanted);
                capacity = buffer.capacity() < wanted ? buffer.capacity() : capacity; // if memory is short
            }
            buffer.clear().limit((int) Math.min(wanted, buffer.capacity()));
            try {
                return source.readOwn(buffer, sourcePosition);
            } finally {
                buffer.flip();
            }
        }

        @Override
        public ByteBuffer residue() {
            if (buffer == null || rereadable) {
                return ByteBuffer.allocate(0);
            }
            return ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
        }

        private void giveBack() {
            pool.give(buffer);
            buffer = null;
        }

        @Override
        public void close() {
            giveBack();
        }
    }
}
