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
 * Moves bytes from anything to anything: {@code read(2)} into a pooled buffer, {@code write(2)} from it.
 *
 * <p>A step reads if the buffer is empty and writes once. Falls short as the source and the target do; ends where the
 * source ends; never declines. Files are read and written by position. From a source without positions, the buffer's
 * content is the residue; a file can be read again, so there is none. While the source has nothing the buffer is back
 * in the pool, so that a thousand idle relays hold no memory.
 *
 * <p>Serves every pair and depends on nothing; costs two copies and a share of the processor's cache.
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
        // What is in memory has been read already.
        ByteBuffer[] buffers = source.buffers();
        return buffers != null ? new BuffersMover(buffers, target, 1) : new ReadWriteMover(source, target);
    }

    private static final class ReadWriteMover implements Mover {
        private final Source source;
        private final Target target;
        private final BufferPool pool;
        private int capacity; // bytes of one read at most
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
                capacity = buffer.capacity() < wanted ? buffer.capacity() : capacity; // where no more was to be had
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
