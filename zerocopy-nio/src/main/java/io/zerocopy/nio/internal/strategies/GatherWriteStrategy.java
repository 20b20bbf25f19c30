package io.zerocopy.nio.internal.strategies;

import io.zerocopy.Mechanism;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.nio.ByteBuffer;

/**
 * Moves the caller's buffers to any target, many in one {@code writev(2)}, without merging them. Small files that go to a
 * socket together with a header or a trailer are read and gathered by the loop.
 *
 * <p>A step is short if the target's write is short. The buffers' positions advance by the bytes delivered, even on
 * failure; their limits are unchanged after each step. Never declines.
 *
 * <p>One call carries header and body. Buffers on the heap cost one more copy, into pooled direct memory.
 */
public final class GatherWriteStrategy implements Strategy {
    private static final String NONE = "only buffers are gathered";

    /** IOV_MAX of Linux. */
    private static final int MAX_BUFFERS = 1024;

    @Override
    public Mechanism mechanism() {
        return Mechanism.GATHER_WRITE;
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        return source.kind() == EndpointKind.MEMORY ? null : NONE;
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) {
        ByteBuffer[] buffers = source.buffers();
        return buffers != null ? new BuffersMover(buffers, target, MAX_BUFFERS) : Mover.declined(NONE);
    }
}
