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
 * sendmsg(2) with {@code MSG_ZEROCOPY}: memory to a TCP socket, read by the interface where it lies. For it: no copy by
 * the processor. Against it: pages are pinned and completions fetched for every send; the memory must not change until
 * the peer has acknowledged it, so a transfer takes at least as long as that; to a peer on the same machine, and to an
 * interface that cannot gather, the kernel copies all the same. So it is used by itself only for much memory outside the
 * heap, on the way to another machine, and no more on a socket on which the kernel has said that it copies.
 */
public final class MsgZerocopyStrategy implements Strategy {
    private final Syscalls sys;
    private final LeaseCache leases;
    private final OrphanedSends orphans;
    private volatile String unavailable; // empty when it can be used; null before anybody asked

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
        if (unavailable == null) {
            unavailable = probe();
        }
        return unavailable.isEmpty() ? null : unavailable;
    }

    /** For a kernel that has no sockets to ask. */
    public void assumeAvailable() {
        unavailable = "";
    }

    /** A socket that is connected to nobody can be asked as well as any. */
    private String probe() {
        Memory memory = Memory.take();
        try (SocketChannel socket = SocketChannel.open()) {
            ChannelLease lease = leases.lease(socket);
            if (lease == null) {
                return "no descriptor of a socket can be had";
            }
            int result = ZerocopySends.enable(sys, lease.fd(), memory);
            return result < 0 ? ZerocopySends.refused(result) : "";
        } catch (IOException e) {
            return "no socket can be made: " + e;
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
