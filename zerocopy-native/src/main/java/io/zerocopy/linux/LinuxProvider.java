package io.zerocopy.linux;

import io.zerocopy.ChannelHold;
import io.zerocopy.linux.internal.machine.Kernel;
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
    private final @Nullable Kernel kernel;
    private final @Nullable String cause;

    /** Creates a provider over the kernel of this process, or records why that is not possible. */
    public LinuxProvider() {
        @Nullable Kernel bound = null;
        String why = Abi.unsupportedBecause();
        if (why == null) { // otherwise nothing more is loaded
            try {
                bound = Kernel.bound();
                why = Kernel.unavailableBecause();
            } catch (LinkageError e) {
                why = e.toString(); // JNA is not on the path
            }
        }
        kernel = bound;
        cause = why;
    }

    /**
     * Creates a provider over another kernel, for tests.
     *
     * @param kernel the kernel to use
     */
    LinuxProvider(Kernel kernel) {
        this.kernel = kernel;
        this.cause = null;
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
        return cause;
    }

    @Override
    public List<Strategy> strategies() {
        return kernel == null ? List.of() : kernel.strategies();
    }

    @Override
    public @Nullable EndpointFacts describe(Path path, boolean target) {
        return kernel == null ? null : kernel.describe(path, target);
    }

    @Override
    public @Nullable Channel open(Path path, Set<? extends OpenOption> options, Patience patience) throws IOException {
        return kernel == null ? null : kernel.open(path, options, patience);
    }

    @Override
    public @Nullable Source source(Closeable source) {
        return kernel == null ? null : kernel.source(source);
    }

    @Override
    public @Nullable Target target(Closeable target) {
        return kernel == null ? null : kernel.target(target);
    }

    @Override
    public @Nullable Channel unwrap(Closeable stream) {
        return kernel == null ? null : kernel.unwrap(stream);
    }

    /**
     * {@inheritDoc}
     *
     * <p>It keeps {@code O_NONBLOCK} set, and on a socket also limits ({@code SO_RCVTIMEO}, {@code SO_SNDTIMEO}) that have
     * no effect while that flag is set.
     */
    @Override
    public @Nullable ChannelHold hold(Channel channel) {
        return kernel == null ? null : kernel.hold(channel);
    }

    @Override
    public @Nullable OpenFiles openFiles(Channel channel) {
        return kernel == null ? null : kernel.openFiles(channel, DescriptorChannel::own);
    }

    @Override
    public Map<String, String> facts() {
        return kernel == null ? Map.of() : kernel.facts();
    }

    @Override
    public boolean advise(MappedByteBuffer part, Advice advice) {
        return kernel != null && kernel.advise(part, advice);
    }

    @Override
    public Map<String, String> probe(Path directory) {
        return kernel == null ? Map.of() : kernel.probe(directory);
    }

    @Override
    public @Nullable Optional<String> reflinkUnavailableBecause(Path directory) {
        return kernel == null ? null : kernel.reflinkUnavailableBecause(directory);
    }

    @Override
    public Optional<Boolean> scatterGather(SocketChannel socket) {
        return kernel == null ? Optional.empty() : kernel.scatterGather(socket);
    }
}
