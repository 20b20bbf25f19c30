package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.nio.ByteBuffer;

/**
 * Moves the caller's buffers to any target, many in one {@code writev(2)}, without merging them. To sockets it also
 * moves small files together with the header, trailer or other parts around them; the loop reads and gathers those
 * itself.
 *
 * <p>A step is short if the target's write is short. The buffers' positions advance by the bytes delivered, even on
 * failure; their limits are unchanged after each step. Never declines.
 *
 * <p>One call carries header and body. Buffers on the heap cost one more copy, into pooled direct memory.
 */
public final class GatherWriteStrategy implements Strategy {
    /** IOV_MAX of Linux. */
    private static final int MAX_BUFFERS = 1024;

    /**
     * Up to this size, reading a file into memory and one gathered write cost no more than a write of the header and a
     * sendfile. Measured over loopback: a seventh less at 4 KiB, the same at 32 KiB, a tenth more at 64 KiB. With a
     * trailer, for which the socket would have to be corked, the costs are equal at 64 KiB.
     */
    private static final int SMALL_FILE = 32 << 10;

    @Override
    public Mechanism mechanism() {
        return Mechanism.GATHER_WRITE;
    }

    @Override
    public String refusal(Facts source, Facts target, Request request) {
        if (source.kind() == Kind.MEMORY) {
            return null;
        }
        if (source.kind() != Kind.FILE || !target.kind().isSocket() || !request.accompanied()) {
            return "only buffers can be gathered, and on a socket small files with what goes around them";
        }
        return request.count() <= SMALL_FILE ? null : "more than " + SMALL_FILE + " bytes of a file";
    }

    @Override
    public Mover open(Source source, Target target, Request request) {
        ByteBuffer[] buffers = source.buffers();
        return buffers != null
                ? new BuffersMover(buffers, target, MAX_BUFFERS)
                : new DeclinedMover("there is nothing to gather this file with");
    }
}
