package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.internal.memory.BufferSizes;
import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.ports.SourcePort;
import io.zerocopy.nio.internal.ports.TargetPort;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
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
 * <p>If an end is foreign, see {@link JdkChannels#isOfJdk}, the buffer belongs to this transfer and is on the heap. It
 * does not come from the pool or go to it, because foreign code sees it and may keep it. It starts small and grows each
 * time it is filled.
 *
 * <p>Serves every pair and depends on nothing. Costs two copies and a part of the processor's cache.
 */
public final class ReadWriteStrategy implements Strategy {
    @Override
    public Mechanism mechanism() {
        return Mechanism.READ_WRITE;
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        return null;
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) {
        // Bytes in memory need not be read.
        ByteBuffer[] buffers = source.buffers();
        return buffers != null ? new BuffersMover(buffers, target, 1) : new ReadWriteMover(source, target);
    }

    private static final class ReadWriteMover implements Mover {
        private final Source source;
        private final Target target;
        private final SourcePort foreignSource; // null if the source is not foreign
        private final TargetPort foreignTarget; // null if the target is not foreign
        private final BufferPool pool; // null if the buffer is for this transfer alone
        private int capacity; // most bytes of one read
        private ByteBuffer buffer; // from position to limit: read and not yet written

        ReadWriteMover(Source source, Target target) {
            this.source = source;
            this.target = target;
            this.foreignSource = source instanceof SourcePort port && port.isForeign() ? port : null;
            this.foreignTarget = target instanceof TargetPort port && port.isForeign() ? port : null;
            boolean streams = source.channel() == null && target.channel() == null;
            this.pool = isShown() ? null : streams ? BufferPool.HEAP : BufferPool.DIRECT;
            this.capacity = first();
        }

        /** The capacity of the first buffer. */
        private int first() {
            if (isShown()) {
                long known = source.facts().size();
                return (int) Math.min(BufferSizes.MEDIUM, known > 0 ? known : BufferSizes.FIRST_SHOWN);
            }
            boolean files = isRereadable() && target.facts().kind().isFile();
            return files ? BufferSizes.LARGE : BufferSizes.MEDIUM;
        }

        private boolean isRereadable() {
            return source.facts().kind().isFile();
        }

        private boolean isShown() {
            return foreignSource != null || foreignTarget != null;
        }

        @Override
        public long step(long sourcePosition, long targetPosition, long count) throws IOException {
            if (buffer == null || !buffer.hasRemaining()) {
                if (foreignTarget != null) {
                    foreignTarget.tellFailure(); // thrown now, before a wait for the source
                }
                long n = fill(sourcePosition, count);
                if (n < 0) {
                    giveBack();
                    capacity = isShown() ? first() : capacity;
                    return n;
                }
            }
            int limit = buffer.limit();
            buffer.limit((int) Math.min(limit, buffer.position() + count));
            try {
                return foreignTarget != null
                        ? foreignTarget.writeShown(buffer, targetPosition)
                        : target.write(buffer, targetPosition);
            } finally {
                buffer.limit(limit);
                if (sourcePosition == Source.OWN_POSITION && isRereadable() && buffer.hasRemaining()) {
                    long unwritten = buffer.remaining();
                    buffer.position(limit);
                    source.stepBack(unwritten);
                }
            }
        }

        @Override
        public boolean servesOwnPosition() {
            return !isShown();
        }

        private long fill(long sourcePosition, long count) throws IOException {
            long wanted = Math.min(count, capacity);
            if (buffer == null || buffer.capacity() < wanted) {
                giveBack();
                buffer = isShown() ? ByteBuffer.allocate((int) wanted) : pool.take(wanted);
                capacity = buffer.capacity() < wanted ? buffer.capacity() : capacity; // if memory is short
            }
            buffer.clear().limit((int) Math.min(wanted, buffer.capacity()));
            try {
                return foreignSource != null
                        ? foreignSource.readShown(buffer, sourcePosition)
                        : source.read(buffer, sourcePosition);
            } finally {
                if (isShown() && buffer.position() == capacity) {
                    capacity = Math.min(BufferSizes.MEDIUM, capacity * 4);
                }
                buffer.flip();
            }
        }

        @Override
        public ByteBuffer residue() {
            if (buffer == null || isRereadable()) {
                return ByteBuffer.allocate(0);
            }
            return ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
        }

        private void giveBack() {
            if (!isShown()) {
                pool.give(buffer);
            }
            buffer = null;
        }

        @Override
        public boolean rest() {
            boolean empty = buffer == null || !buffer.hasRemaining();
            giveBack();
            capacity = first();
            return empty;
        }

        @Override
        public void close() {
            giveBack();
        }
    }
}
