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
 * Moves the caller's buffers to anything, many in one {@code writev(2)}, unmerged; to sockets also small files, with the
 * header, trailer or other parts around them, which the loop reads and gathers itself.
 *
 * <p>Falls short as the target does. The buffers' positions advance by what was delivered, on failure too; their limits
 * are as before after each step. Never declines.
 *
 * <p>One call for header and body alike; buffers on the heap cost one copy more, into pooled direct memory.
 */
public final class GatherWriteStrategy implements Strategy {
    /** IOV_MAX of Linux. */
    private static final int MAX_BUFFERS = 1024;

    @Override
    public Mechanism mechanism() {
        return Mechanism.GATHER_WRITE;
    }

    @Override
    public String refusal(Facts source, Facts target, Request request) {
        if (source.kind() == Kind.MEMORY) {
            return null;
        }
        boolean withinOthers = source.kind() == Kind.FILE && target.kind().isSocket() && request.accompanied();
        return withinOthers
                ? null
                : "only buffers can be gathered, and on a socket small files with what goes around them";
    }

    @Override
    public Mover open(Source source, Target target, Request request) {
        ByteBuffer[] buffers = source.buffers();
        return buffers != null
                ? new BuffersMover(buffers, target, MAX_BUFFERS)
                : new DeclinedMover("there is nothing to gather this file with");
    }
}
