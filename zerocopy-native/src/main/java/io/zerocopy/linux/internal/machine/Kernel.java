package io.zerocopy.linux.internal.machine;

import io.zerocopy.ChannelHold;
import io.zerocopy.linux.internal.copy.CopyFileRangeStrategy;
import io.zerocopy.linux.internal.copy.PipePool;
import io.zerocopy.linux.internal.copy.ReflinkStrategy;
import io.zerocopy.linux.internal.copy.SendfileStrategy;
import io.zerocopy.linux.internal.copy.SpliceStrategy;
import io.zerocopy.linux.internal.direct.DirectBlocks;
import io.zerocopy.linux.internal.direct.DirectIoStrategy;
import io.zerocopy.linux.internal.direct.IoUringStrategy;
import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.Descriptors;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.fd.ModeHold;
import io.zerocopy.linux.internal.fd.RegularFile;
import io.zerocopy.linux.internal.file.DescriptorFiles;
import io.zerocopy.linux.internal.msgzerocopy.MsgZerocopyStrategy;
import io.zerocopy.linux.internal.msgzerocopy.OrphanedSends;
import io.zerocopy.linux.internal.port.DescriptorSource;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.port.PageCache;
import io.zerocopy.linux.internal.port.RawDescriptor;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.OpenFiles;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** All objects over one binding of the C library: ports, strategies, probes and the pool of pipes. */
public final class Kernel {
    private static volatile Kernel bound;

    private final Syscalls sys;
    private final Descriptors descriptors;
    private final LeaseCache leases;
    private final PipePool pool;
    private final OrphanedSends orphans = new OrphanedSends();
    private final List<Strategy> strategies;
    private final Probes probes;

    public Kernel(Syscalls sys) {
        this.sys = sys;
        this.leases = new LeaseCache(sys);
        this.descriptors = new Descriptors(sys, leases);
        this.pool = new PipePool(sys);
        DirectIoStrategy direct = new DirectIoStrategy(sys);
        ReflinkStrategy reflink = new ReflinkStrategy(sys);
        this.strategies = List.of(
                reflink,
                new CopyFileRangeStrategy(sys),
                new SendfileStrategy(sys, pool),
                new SpliceStrategy(sys, pool),
                new MsgZerocopyStrategy(sys, leases, orphans),
                direct,
                new IoUringStrategy(direct));
        this.probes = new Probes(sys, pool, reflink);
    }

    /**
     * The kernel of this process; null if no binding is available, or not to this caller, see
     * {@link #unavailableBecause()}.
     */
    public static Kernel bound() {
        Kernel known = bound;
        if (known != null) {
            return NativeAccess.deniedBecause() == null ? known : null;
        }
        Syscalls syscalls = NativeBinding.bound().syscalls();
        return syscalls == null ? null : over(syscalls); // what is remembered of a failure is not remembered here
    }

    private static synchronized Kernel over(Syscalls syscalls) {
        bound = bound != null ? bound : new Kernel(syscalls);
        return bound;
    }

    /** The kernel of this process; fails with the cause if there is none. */
    public static Kernel available() {
        Kernel kernel = bound();
        if (kernel == null) {
            throw new UnsupportedOperationException(unavailableBecause());
        }
        return kernel;
    }

    /** Registers a bare descriptor for a channel that does not show its descriptor. */
    public RawDescriptor adopt(Channel channel, int fd) {
        return new RawDescriptor(sys, channel, leases.adopt(channel, fd));
    }

    /** Any range of a file past the page cache, or through it if that is refused or not wanted. */
    public DirectBlocks directBlocks(FileChannel channel, boolean wanted, boolean read, boolean write)
            throws IOException {
        ChannelLease lease = leases.lease(channel);
        if (lease == null || lease.kind() != EndpointKind.FILE) {
            throw new UnsupportedOperationException(
                    "this is no regular file of the default file system, or one whose size says nothing");
        }
        return DirectBlocks.open(new DescriptorSource(sys, channel, lease), wanted, read, write);
    }

    public static String unavailableBecause() {
        String denied = NativeAccess.deniedBecause();
        return denied != null ? denied : NativeBinding.bound().cause();
    }

    public List<Strategy> strategies() {
        return strategies;
    }

    public EndpointFacts describe(Path path, boolean target) {
        return descriptors.describe(path, target);
    }

    public Channel open(Path path, Set<? extends OpenOption> options, Provider.Patience patience) throws IOException {
        return descriptors.open(path, options, patience);
    }

    /** As {@link #open}, with a channel of the JDK if it is no FIFO. */
    public Channel openPinned(Path path, Set<? extends OpenOption> options, Provider.Patience patience)
            throws IOException {
        return descriptors.openPinned(path, options, patience);
    }

    public Source source(Closeable source) {
        ChannelLease lease = source instanceof Channel channel ? leases.lease(channel) : null;
        return lease == null ? null : new DescriptorSource(sys, (Channel) source, lease);
    }

    public Target target(Closeable target) {
        ChannelLease lease = target instanceof Channel channel ? leases.lease(channel) : null;
        return lease == null ? null : new DescriptorTarget(sys, (Channel) target, lease);
    }

    public ChannelHold hold(Channel channel) {
        ChannelLease lease = channel.isOpen() ? leases.lease(channel) : null;
        return lease == null ? null : ModeHold.of(channel, lease);
    }

    public Channel unwrap(Closeable stream) {
        return Descriptors.unwrap(stream);
    }

    /** @param owning makes a channel that closes the given descriptor */
    public OpenFiles openFiles(Channel channel, IntFunction<? extends WritableByteChannel> owning) {
        return hasFlags(channel) ? new DescriptorFiles(sys, leases, owning) : null;
    }

    /** Whether {@code F_GETFL} may be called: without it there is no lease of the file that a copy makes. */
    private boolean hasFlags(Channel channel) {
        ChannelLease lease = leases.lease(channel);
        boolean[] has = {lease != null && !(channel instanceof RegularFile)}; // else the lease has asked
        if (lease != null && !has[0]) {
            lease.callIfOpen(channel, () -> has[0] = sys.fcntl(lease.fd(), C.F_GETFL, 0) >= 0);
        }
        return has[0];
    }

    public Map<String, String> facts() {
        return probes.facts();
    }

    public boolean advise(MappedByteBuffer part, Advice advice) {
        return PageCache.advise(sys, part, advice);
    }

    public Map<String, String> probe(Path directory) {
        return probes.probe(directory);
    }

    public Optional<String> reflinkUnavailableBecause(Path directory) {
        return probes.reflinkUnavailableBecause(directory);
    }

    public Optional<Boolean> scatterGather(SocketChannel socket) {
        return probes.scatterGather(socket);
    }
}
