package io.zerocopy.linux.internal.copy;

import io.zerocopy.linux.internal.memory.HeapStaging;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Asks a source by a plain read where a copy call of the kernel has seen nothing, and writes what the read finds. Two
 * answers of such calls mean less than they seem to:
 *
 * <ul>
 *   <li>splice(2) never passes the mark of urgent TCP data. It answers EAGAIN although poll(2) calls the socket ready, and
 *       0 once the FIN is in. A read passes the mark: it leaves the urgent byte out, or, with {@code SO_OOBINLINE}, returns
 *       it in its place.
 *   <li>sendfile(2), splice(2) and copy_file_range(2) believe the size that the kernel remembers of a file. On FUSE, a
 *       server that reads short makes it smaller until somebody asks the server again, as a read does.
 * </ul>
 *
 * <p>So only a read says that a source has ended, or has nothing for now. What was read and not written is held until the
 * target takes it; what came from a file is read again instead. Not thread-safe.
 */
final class PlainCopy {
    /** Most bytes of one read: the next call of the kernel is expected to go on behind them. */
    private static final int MOST = 64 << 10;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final DescriptorSource source;
    private final DescriptorTarget target;
    private ByteBuffer held = NOTHING; // on the heap: read and not yet written

    PlainCopy(DescriptorSource source, DescriptorTarget target) {
        this.source = source;
        this.target = target;
    }

    /** Whether it holds bytes, which go to the target before anything else. */
    boolean holds() {
        return held.hasRemaining();
    }

    /** Reads once and writes once. Answers as a step does. Wants no lock. */
    long step(long sourcePosition, long targetPosition, long most) throws IOException {
        HeapStaging staging = HeapStaging.take();
        try {
            ByteBuffer bytes = staging.buffer().clear();
            bytes.limit((int) Math.min(Math.min(MOST, bytes.capacity()), most));
            long n = source.readOwn(bytes, sourcePosition);
            if (n <= 0) {
                return n;
            }
            bytes.flip();
            try {
                return target.writeOwn(bytes, targetPosition);
            } finally {
                if (!source.lease().kind().isFile() && bytes.hasRemaining()) {
                    held = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
                }
            }
        } finally {
            staging.release();
        }
    }

    /** Writes what is held, and no more than so much of it. */
    long write(long targetPosition, long most) throws IOException {
        int limit = held.limit();
        held.limit((int) Math.min(limit, held.position() + most));
        try {
            return target.write(held, targetPosition);
        } finally {
            held.limit(limit);
        }
    }

    /** Hands out what is held. */
    ByteBuffer residue() {
        ByteBuffer residue = held;
        held = NOTHING;
        return residue;
    }
}
