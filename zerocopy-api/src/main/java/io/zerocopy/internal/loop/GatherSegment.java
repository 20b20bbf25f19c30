package io.zerocopy.internal.loop;

import io.zerocopy.Mechanism;
import io.zerocopy.internal.endpoint.MemorySource;
import io.zerocopy.internal.endpoint.OpenEndpoints;
import io.zerocopy.internal.endpoint.SourceRange;
import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.internal.plan.NamedMechanism;
import io.zerocopy.internal.plan.OrderTable;
import io.zerocopy.internal.plan.TransferSpec;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes consecutive buffers and small regions of files together. A region is read into memory first: one read and one
 * write for header, body and trailer cost less than a separate call for each.
 *
 * <p>No byte can be lost: the positions of the buffers show what was delivered, and a file can be read again.
 */
final class GatherSegment implements Segment {
    private static final NamedMechanism GATHER_WRITE = NamedMechanism.of(Mechanism.GATHER_WRITE);
    private static final Source ALWAYS_READY = new MemorySource(new ByteBuffer[0]);

    /** Buffers, or a region of a file. */
    private record Item(ByteBuffer[] buffers, SourceRange region, boolean ofBody) {
        long size() {
            return region == null ? TransferSpec.remaining(buffers) : region.bound();
        }
    }

    private final OpenEndpoints endpoints;
    private final TransferStats stats;
    private final List<Item> items = new ArrayList<>();
    private long size;
    private int room = OrderTable.GATHERED_FILES;

    private ByteBuffer memory; // holds the regions; null before the first step and after the last
    private ByteBuffer[] buffers; // the buffers to write; null before the first step
    private int from; // buffers before this one are empty
    private long done;
    private long bodyFrom; // the bytes [bodyFrom, bodyTo) of this segment belong to the body
    private long bodyTo;

    GatherSegment(OpenEndpoints endpoints, TransferStats stats) {
        this.endpoints = endpoints;
        this.stats = stats;
    }

    /** Adds buffers of header, body or trailer; false if the segment would be too large. */
    boolean add(ByteBuffer[] more, boolean ofBody) {
        return add(new Item(more, null, ofBody), 0);
    }

    /** Adds a body; false if the segment would be too large. */
    boolean add(SourceRange range) {
        ByteBuffer[] inMemory = range.port().buffers();
        if (inMemory == null) {
            return range.bound() <= room && add(new Item(null, range, true), (int) range.bound());
        }
        // If the count ends inside a buffer, a mover handles it.
        return range.bound() <= OrderTable.GATHERED
                && range.bound() == TransferSpec.remaining(inMemory)
                && add(inMemory, true);
    }

    private boolean add(Item item, int taken) {
        if (!items.isEmpty() && size + item.size() > OrderTable.GATHERED) {
            return false;
        }
        items.add(item);
        size += item.size();
        room -= taken;
        return true;
    }

    @Override
    public long step(long targetPosition, long budget) throws IOException {
        if (buffers == null) {
            load();
        }
        while (from < buffers.length && !buffers[from].hasRemaining()) {
            from++;
        }
        if (from == buffers.length) {
            return Step.END;
        }
        long n = write(targetPosition, budget);
        if (n > 0) {
            stats.add(GATHER_WRITE, n, bodyBytes(done + n) - bodyBytes(done));
            done += n;
            endpoints.truncateBehind(targetPosition + n);
        }
        return n;
    }

    /** Writes as many buffers as the budget allows; the last one may be written in part. */
    private long write(long targetPosition, long budget) throws IOException {
        int to = from;
        long sum = 0;
        while (to < buffers.length && sum < budget) {
            sum += buffers[to++].remaining();
        }
        ByteBuffer last = buffers[to - 1];
        int limit = last.limit();
        last.limit((int) (limit - Math.max(0, sum - budget)));
        try {
            return endpoints.target().write(buffers, from, to, targetPosition);
        } finally {
            last.limit(limit);
        }
    }

    private long bodyBytes(long upTo) {
        return Math.max(0, Math.min(upTo, bodyTo) - bodyFrom);
    }

    private void load() throws IOException {
        List<ByteBuffer> all = new ArrayList<>();
        long at = 0;
        bodyFrom = Long.MAX_VALUE;
        for (Item item : items) {
            long start = at;
            if (item.region() == null) {
                all.addAll(List.of(item.buffers()));
                at += item.size();
            } else if (item.size() > 0) {
                ByteBuffer read = read(item.region());
                all.add(read);
                at += read.remaining();
            }
            if (item.ofBody()) {
                bodyFrom = Math.min(bodyFrom, start);
                bodyTo = at;
            }
        }
        buffers = all.toArray(ByteBuffer[]::new);
    }

    private ByteBuffer read(SourceRange region) throws IOException {
        if (memory == null) {
            memory = BufferPool.DIRECT.take(OrderTable.GATHERED_FILES);
        }
        int start = memory.position();
        memory.limit(start + (int) region.bound());
        long n = 1;
        while (memory.hasRemaining() && n > 0) {
            n = region.port().read(memory, region.start() + memory.position() - start);
        }
        if (memory.hasRemaining() && region.whole()) {
            throw Segment.early(memory.remaining());
        }
        ByteBuffer read = memory.slice(start, memory.position() - start);
        memory.limit(memory.capacity());
        return read;
    }

    @Override
    public long pending() {
        return size - done;
    }

    @Override
    public Source source() {
        return ALWAYS_READY;
    }

    @Override
    public void close() {
        if (memory != null) {
            BufferPool.DIRECT.give(memory);
            memory = null;
        }
    }
}
