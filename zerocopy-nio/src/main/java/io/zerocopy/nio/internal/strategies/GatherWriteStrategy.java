package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;

/**
 * Moves the caller's buffers to anything, many in one {@code writev(2)}, unmerged.
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
        return source.kind() == Kind.MEMORY ? null : "only buffers can be gathered";
    }

    @Override
    public Mover open(Source source, Target target, Request request) {
        return new BuffersMover(source.buffers(), target, MAX_BUFFERS);
    }
}
