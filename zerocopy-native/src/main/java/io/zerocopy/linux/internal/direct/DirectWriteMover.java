package io.zerocopy.linux.internal.direct;

import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.memory.AlignedBlock;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * To a file past the page cache, from any source: bytes are collected in a block. Whole blocks of the device are
 * written by {@code O_DIRECT}, bytes before the first one and after the last one by an ordinary write. If the source
 * has no more bytes for now, an ordinary write also delivers the part of a block that is left: it belongs to the
 * target.
 */
final class DirectWriteMover extends DirectMover {
    /** The origin of the bytes, which need not be the loop's source. */
    interface Bytes {
        long read(ByteBuffer to, long position) throws IOException;
    }

    private final Source source;
    private final Bytes bytes;
    private final DescriptorTarget target;
    private final DirectDescriptor end;
    private final DirectReader reader; // null if the source is not read past the page cache
    private final DescriptorSource file; // the source if it is read past the page cache; else null
    private final RewindableBuffers memory; // null if the source is no memory
    private AlignedBlock block = AlignedBlock.take();
    private int held; // bytes at the start of the block, taken from the source and not delivered
    private boolean ended;

    DirectWriteMover(Source source, DescriptorTarget target, DirectDescriptor end) {
        this.source = source;
        RewindableBuffers taken = source.buffers() == null ? null : new RewindableBuffers(source.buffers());
        this.memory = taken;
        this.bytes = taken == null ? source::read : (to, position) -> taken.read(to);
        this.target = target;
        this.end = end;
        this.reader = null;
        this.file = null;
    }

    /** For two files whose positions differ by a part of a block, so that what is read has to be shifted. */
    DirectWriteMover(DescriptorSource source, DirectReader reader, DescriptorTarget target, DirectDescriptor end) {
        this.source = source;
        this.bytes = this::shifted;
        this.target = target;
        this.end = end;
        this.reader = reader;
        this.file = source;
        this.memory = null;
    }

    private long shifted(ByteBuffer to, long position) throws IOException {
        long n = reader.fill(position, to.remaining());
        if (n <= 0) {
            return n == 0 ? ended((DescriptorSource) source, position) : refused(Call.DIRECT_PREAD, n);
        }
        to.put(reader.part(position, n));
        return n;
    }

    @Override
    public long step(long sourcePosition, long targetPosition, long count) throws IOException {
        target.checkOpen();
        if (file != null) {
            file.checkOpen(); // its own descriptor stays open when the channel is closed
        }
        int lead = (int) (targetPosition & end.alignment() - 1);
        int room = (int) Math.min(lead == 0 ? AlignedBlock.CAPACITY : end.alignment() - lead, count);
        long code = collect(sourcePosition, room);
        int ready = Math.min(held, room);
        if (ready == 0) {
            return code;
        }
        int whole = lead == 0 ? ready & -end.alignment() : 0;
        if (whole == 0) {
            return delivered(target.write(block.part(0, ready), targetPosition));
        }
        long n = target.sys.pwrite(end.fd(), block.address(), whole, targetPosition);
        if (isForTheCache(n)) {
            return delivered(target.write(block.part(0, ready), targetPosition));
        }
        return n < 0 ? refused(Call.DIRECT_PWRITE, n) : delivered(n);
    }

    /** Fills the block; returns the code with which the source stopped. */
    private long collect(long sourcePosition, int room) throws IOException {
        boolean waits =
                source.facts().kind() == EndpointKind.OPAQUE || source.facts().kind() == EndpointKind.STREAM;
        long n = Step.END;
        while (!ended && held < room && !(waits && held >= end.alignment())) {
            ByteBuffer rest = block.part(held, room);
            try {
                n = bytes.read(rest, sourcePosition + held);
            } finally {
                held = rest.position(); // also the bytes that were read before a failure
            }
            if (n <= 0) {
                ended = n == Step.END;
                return n;
            }
        }
        return n;
    }

    private long delivered(long n) {
        if (n > 0) {
            held -= (int) n;
            if (held > 0) {
                ByteBuffer rest = block.part((int) n, (int) n + held).slice();
                block.part(0, held).put(rest);
            }
        }
        return told(n);
    }

    /**
     * Bytes of a file can be read again; bytes of memory stay in their buffers, whose positions show how many were
     * moved.
     */
    @Override
    public ByteBuffer residue() {
        if (held == 0 || source.facts().kind().isFile()) {
            return ByteBuffer.allocate(0);
        }
        if (memory != null) {
            memory.putBack(held);
            held = 0;
            return ByteBuffer.allocate(0);
        }
        ByteBuffer residue = ByteBuffer.allocate(held).put(block.part(0, held)).flip();
        held = 0;
        return residue;
    }

    @Override
    public void close() {
        if (block != null) {
            block.release();
            block = null;
            if (reader != null) {
                reader.close();
            }
            end.close();
        }
    }
}
