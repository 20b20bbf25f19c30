package io.zerocopy.linux.internal.copy;

import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.spi.Source;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Asks a source by a plain read if a copy call of the kernel has moved nothing, and writes the bytes that the read
 * finds. Two answers of such calls are unreliable:
 *
 * <ul>
 *   <li>splice(2) never passes the mark of urgent TCP data. It answers EAGAIN although poll(2) calls the socket ready,
 *       and 0 once the FIN is in. A read passes the mark: it omits the urgent byte, or, with {@code SO_OOBINLINE},
 *       returns it at its position in the stream.
 *   <li>sendfile(2), splice(2) and copy_file_range(2) believe the size that the kernel remembers of a file. On FUSE, a
 *       short read by the server makes that size smaller until a call asks the server again, as a read does.
 * </ul>
 *
 * <p>So only a read says that a source has ended, or has nothing for now. Bytes that were read and not written are held
 * until the target takes them; bytes of a file are read again instead. Not thread-safe.
 */
final class PlainCopy {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final DescriptorSource source;
    private final DescriptorTarget target;
    private ByteBuffer held = NOTHING; // on the heap: bytes read and not yet written

    PlainCopy(DescriptorSource source, DescriptorTarget target) {
        this.source = source;
        this.target = target;
    }

    /** Whether it holds bytes, which must go to the target before all others. */
    boolean holds() {
        return held.hasRemaining();
    }

    /** Reads once and writes once. Answers as a step does. The caller holds no lock. */
    long step(long sourcePosition, long targetPosition, long most) throws IOException {
        ByteBuffer bytes = BufferPool.DIRECT.take(CallSizes.PLAIN_COPY);
        try {
            bytes.limit((int) Math.min(Math.min(CallSizes.PLAIN_COPY, bytes.capacity()), most));
            long n = source.read(bytes, sourcePosition);
            if (n <= 0) {
                return n;
            }
            bytes.flip();
            try {
                return target.write(bytes, targetPosition);
            } finally {
                if (bytes.hasRemaining()) {
                    notWritten(bytes, sourcePosition);
                }
            }
        } finally {
            BufferPool.DIRECT.give(bytes);
        }
    }

    private void notWritten(ByteBuffer bytes, long sourcePosition) throws IOException {
        if (!source.lease().kind().isFile()) {
            held = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        } else if (sourcePosition == Source.OWN_POSITION) {
            source.stepBack(bytes.remaining());
        }
    }

    /** Writes at most {@code most} of the held bytes. */
    long write(long targetPosition, long most) throws IOException {
        int limit = held.limit();
        held.limit((int) Math.min(limit, held.position() + most));
        try {
            return target.write(held, targetPosition);
        } finally {
            held.limit(limit);
        }
    }

    /** Returns the held bytes. */
    ByteBuffer residue() {
        ByteBuffer residue = held;
        held = NOTHING;
        return residue;
    }
}
