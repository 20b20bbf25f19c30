package io.zerocopy.linux;

import io.zerocopy.ChannelHold;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.machine.NativeAccess;
import io.zerocopy.linux.sys.Abi;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Nullable;
import io.zerocopy.spi.OpenFiles;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Supplies the mechanisms of Linux. If JNA, its native library or the C library cannot be loaded, it serves nothing and
 * reports why; it never throws because of that. Thread-safe.
 */
public final class LinuxProvider implements Provider {
    private volatile @Nullable Kernel kernel; // once it is bound

    /** Creates a provider over the kernel of this process, which the first question to it binds. */
    public LinuxProvider() {}

    /**
     * Returns the kernel, or null if it cannot be bound, or if this caller may not use it; a failure that may pass is not
     * remembered.
     */
    private @Nullable Kernel kernel() {
        Kernel known = kernel;
        if (known == null) {
            return bind();
        }
        return NativeAccess.deniedBecause() == null ? known : null;
    }

    private @Nullable Kernel bind() {
        try {
            if (Abi.unsupportedBecause() != null) { // then nothing more is loaded
                return null;
            }
            kernel = Kernel.bound();
            return kernel;
        } catch (LinkageError | SecurityException e) {
            return null;
        }
    }

    /**
     * Creates a provider over another kernel, for tests.
     *
     * @param kernel the kernel to use
     */
    LinuxProvider(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public @Nullable String unavailableBecause() {
        if (kernel() != null) {
            return null;
        }
        try {
            String unsupported = Abi.unsupportedBecause();
            if (unsupported != null) { // then nothing more is loaded
                return unsupported;
            }
            String denied = NativeAccess.deniedBecause();
            return denied != null ? denied : Kernel.unavailableBecause();
        } catch (LinkageError | SecurityException e) { // JNA is not on the path, or the caller may not ask
            String denied = NativeAccess.deniedBecause();
            return denied != null ? denied : e.toString();
        }
    }

    @Override
    public List<Strategy> strategies() {
        Kernel bound = kernel();
        return bound == null ? List.of() : bound.strategies();
    }

    @Override
    public @Nullable EndpointFacts describe(Path path, boolean target) {
        Kernel bound = kernel();
        return bound == null ? null : bound.describe(path, target);
    }

    @Override
    public @Nullable Channel open(Path path, Set<? extends OpenOption> options, Patience patience) throws IOException {
        Kernel bound = kernel();
        return bound == null ? null : bound.open(path, options, patience);
    }

    @Override
    public @Nullable Source source(Closeable source) {
        Kernel bound = kernel();
        return bound == null ? null : bound.source(source);
    }

    @Override
    public @Nullable Target target(Closeable target) {
        Kernel bound = kernel();
        return bound == null ? null : bound.target(target);
    }

    @Override
    public @Nullable Channel unwrap(Closeable stream) {
        Kernel bound = kernel();
        return bound == null ? null : bound.unwrap(stream);
    }

    /**
     * {@inheritDoc}
     *
     * <p>It keeps {@code O_NONBLOCK} set, and on a socket also limits ({@code SO_RCVTIMEO}, {@code SO_SNDTIMEO}) that have
     * no effect while that flag is set.
     */
    @Override
    public @Nullable ChannelHold hold(Channel channel) {
        Kernel bound = kernel();
        return bound == null ? null : bound.hold(channel);
    }

    @Override
    public @Nullable OpenFiles openFiles(Channel channel) {
        Kernel bound = kernel();
        return bound == null ? null : bound.openFiles(channel, DescriptorChannel::own);
    }

    @Override
    public Map<String, String> facts() {
        Kernel bound = kernel();
        return bound == null ? Map.of() : bound.facts();
    }

    @Override
    public boolean advise(MappedByteBuffer part, Advice advice) {
        Kernel bound = kernel();
        return bound != null && bound.advise(part, advice);
    }

    @Override
    public Map<String, String> probe(Path directory) {
        Kernel bound = kernel();
        return bound == null ? Map.of() : bound.probe(directory);
    }

    @Override
    public @Nullable Optional<String> reflinkUnavailableBecause(Path directory) {
        Kernel bound = kernel();
        return bound == null ? null : bound.reflinkUnavailableBecause(directory);
    }

    @Override
    public Optional<Boolean> scatterGather(SocketChannel socket) {
        Kernel bound = kernel();
        return bound == null ? Optional.empty() : bound.scatterGather(socket);
    }
}
