package io.zerocopy.linux.internal.copy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.linux.internal.errno.Call;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.TransferRequest;

/**
 * splice(2): references to pages move through a pipe. One hop if an end is a pipe itself, else two hops through a pipe
 * of the pool; also two hops between a pipe and a file of a server. Advantage: the only call that keeps socket to
 * socket and socket to file in the kernel. Disadvantages: pages of a file that are in a pipe show later changes of the
 * file; some devices have no splice method.
 */
public final class SpliceStrategy extends KernelStrategy {
    private final PipePool pool;

    public SpliceStrategy(Syscalls sys, PipePool pool) {
        super(Mechanism.SPLICE, Call.SPLICE, () -> sys.splice(-1, 0, -1, 0, 1, 0));
        this.pool = pool;
    }

    @Override
    PipePool pool() {
        return pool;
    }

    @Override
    String refusalOfDescriptors(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (source.kind() == EndpointKind.VIRTUAL_FILE && request.preference() != Preference.REQUIRE) {
            return "the source's size says nothing; reading it is sure";
        }
        return source.kind().isFile() ? byReference(target, request) : null;
    }

    @Override
    KernelMover open(DescriptorSource source, DescriptorTarget target) {
        boolean oneHop =
                source.lease().kind() == EndpointKind.PIPE || target.lease().kind() == EndpointKind.PIPE;
        return oneHop && !KernelMover.mayWait(source) && !KernelMover.mayWait(target)
                ? new SpliceHop(this, source, target)
                : new SpliceThroughPipe(this, source, target, pool);
    }
}
