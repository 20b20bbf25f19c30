package io.zerocopy.linux.internal.msgzerocopy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.port.DescriptorPort;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.sends.ZerocopySends;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * sendmsg(2) with {@code MSG_ZEROCOPY}: memory to a TCP socket, which the interface reads in place. Advantage: no copy
 * by the processor. Disadvantages: pages are pinned and completions fetched for every send; the memory must not change
 * until the peer has acknowledged it, so a transfer takes at least as long as that; for a peer on the same machine, and
 * for an interface that cannot gather, the kernel copies anyway. So it is chosen automatically only for large memory
 * outside the heap that goes to another machine, and not on a socket whose sends the kernel has reported as copied.
 */
public final class MsgZerocopyStrategy implements Strategy {
    private final Syscalls sys;
    private final LeaseCache leases;
    private final OrphanedSends orphans;
    private volatile String unavailable; // empty if it can be used; null before the first question

    public MsgZerocopyStrategy(Syscalls sys, LeaseCache leases, OrphanedSends orphans) {
        this.sys = sys;
        this.leases = leases;
        this.orphans = orphans;
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.MSG_ZEROCOPY;
    }

    @Override
    public String unavailableBecause() {
        String known = unavailable;
        if (known == null) {
            try {
                known = probe();
                unavailable = known;
            } catch (IOException passing) { // such as EMFILE: the next question asks again
                return "no socket can be made: " + passing;
            }
        }
        return known.isEmpty() ? null : known;
    }

    /** For tests with a kernel that has no sockets to ask. */
    public void assumeAvailable() {
        unavailable = "";
    }

    /** Asks a socket that is not connected: its answer is the same. */
    private String probe() throws IOException {
        Memory memory = Memory.take();
        try (SocketChannel socket = SocketChannel.open()) {
            ChannelLease lease = leases.lease(socket);
            if (lease == null) {
                throw new IOException("its descriptor cannot be had");
            }
            int result = ZerocopySends.enable(sys, lease.fd(), memory);
            return result < 0 ? ZerocopySends.refused(result) : "";
        } finally {
            memory.release();
        }
    }

    @Override
    public String refusal(EndpointFacts source, EndpointFacts target, TransferRequest request) {
        if (source.kind() != EndpointKind.MEMORY || target.kind() != EndpointKind.TCP) {
            return "only memory can be sent in place, and only by TCP";
        }
        if (!target.descriptor()) {
            return "no descriptor can be had of the target";
        }
        if (!target.zerocopyRefusal().isEmpty()) {
            return target.zerocopyRefusal();
        }
        return request.preference() == Preference.REQUIRE ? null : notWorthIt(source, target);
    }

    private static String notWorthIt(EndpointFacts source, EndpointFacts target) {
        if (target.fileSystem().equals(ChannelLease.LOOPBACK)) {
            return "the peer is on this machine, so the kernel would copy";
        }
        return source.fileSystem().equals("direct") ? null : "memory on the heap would have to be copied first";
    }

    @Override
    public Mover open(Source source, Target target, TransferRequest request) {
        orphans.sweep();
        DescriptorTarget to = DescriptorPort.targetOf(target);
        return to == null
                ? Mover.declined(DescriptorPort.FOREIGN)
                : new MsgZerocopyMover(source.buffers(), to, orphans, request.preference() == Preference.REQUIRE);
    }
}
