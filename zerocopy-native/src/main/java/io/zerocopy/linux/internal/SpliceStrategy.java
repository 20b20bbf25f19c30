package io.zerocopy.linux.internal;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Facts;
import io.zerocopy.spi.Kind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Request;

/**
 * splice(2): references to pages move through a pipe. One hop where an end is a pipe itself, else two hops through a
 * pipe of the pool. For it: the only call that keeps socket to socket and socket to file in the kernel. Against it:
 * pages of a file that lie in somebody's pipe show later changes of the file; some devices have no splice method.
 */
final class SpliceStrategy extends KernelStrategy {
    /**
     * So many bytes of a socket are read and written for less: calls that are told one by one not to wait spare the
     * switching of the socket's mode, which costs more than the copies. CPU of that ÷ CPU of two splices, on JDK 25: 4 KiB
     * 0.63 to a file and 0.74 to a socket, 16 KiB 0.81 and 0.77; the other way round from 32 KiB on. See BENCHMARK.md, "Where
     * little is read and written".
     */
    private static final long LITTLE = 16 << 10;

    private final PipePool pool;

    SpliceStrategy(Syscalls sys, PipePool pool) {
        super(Mechanism.SPLICE, "splice", sys.splice(-1, 0, -1, 0, 1, 0));
        this.pool = pool;
    }

    @Override
    String refusalOfDescriptors(Facts source, Facts target, Request request) {
        if (source.kind() == Kind.VIRTUAL_FILE && request.preference() != Preference.REQUIRE) {
            return "the source's size says nothing; reading it is sure";
        }
        if (source.kind().isSocket() && target.kind() != Kind.PIPE && request.count() <= LITTLE && !request.wished()) {
            return "so few bytes are read and written for less than they are spliced";
        }
        return source.kind().isFile() ? byReference(target, request) : null;
    }

    @Override
    Mover open(DescriptorSource source, DescriptorTarget target) {
        boolean oneHop = source.lease().kind() == Kind.PIPE || target.lease().kind() == Kind.PIPE;
        return oneHop ? new SpliceHop(source, target) : new SpliceThroughPipe(source, target, pool);
    }
}
