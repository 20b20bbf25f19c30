package io.zerocopy.nio;

import io.zerocopy.nio.internal.PathFacts;
import io.zerocopy.nio.internal.ports.ChannelSource;
import io.zerocopy.nio.internal.ports.ChannelTarget;
import io.zerocopy.nio.internal.ports.FileSource;
import io.zerocopy.nio.internal.ports.FileTarget;
import io.zerocopy.nio.internal.ports.StreamSource;
import io.zerocopy.nio.internal.ports.StreamTarget;
import io.zerocopy.nio.internal.strategies.GatherWriteStrategy;
import io.zerocopy.nio.internal.strategies.MapWriteStrategy;
import io.zerocopy.nio.internal.strategies.ReadWriteStrategy;
import io.zerocopy.nio.internal.strategies.transfer.TransferFromStrategy;
import io.zerocopy.nio.internal.strategies.transfer.TransferToStrategy;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Nullable;
import io.zerocopy.spi.Provider;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Strategy;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Works on every platform and accepts every end. It is asked last and always supplies a port. It knows a channel only
 * through the public API, so it waits for readiness by short pauses.
 */
public final class NioProvider implements Provider {
    private static final List<Strategy> STRATEGIES = List.of(
            new ReadWriteStrategy(),
            new GatherWriteStrategy(),
            new TransferToStrategy(),
            new TransferFromStrategy(),
            new MapWriteStrategy());

    /** Creates the provider, which has no state. */
    public NioProvider() {}

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public int rank() {
        return 100;
    }

    @Override
    public List<Strategy> strategies() {
        return STRATEGIES;
    }

    @Override
    public EndpointFacts describe(Path path, boolean target) {
        return PathFacts.of(path, target);
    }

    @Override
    public @Nullable Source source(Closeable source) {
        if (source instanceof FileChannel file) {
            return new FileSource(file);
        }
        if (source instanceof ReadableByteChannel channel) {
            return new ChannelSource(channel);
        }
        return source instanceof InputStream stream ? new StreamSource(stream) : null;
    }

    @Override
    public @Nullable Target target(Closeable target) {
        if (target instanceof FileChannel file) {
            return new FileTarget(file);
        }
        if (target instanceof WritableByteChannel channel) {
            return new ChannelTarget(channel);
        }
        return target instanceof OutputStream stream ? new StreamTarget(stream) : null;
    }

    /**
     * Finds the channel of a {@link FileInputStream} or {@link FileOutputStream}. Only these two classes themselves are
     * unwrapped, because a subclass may change the bytes.
     */
    @Override
    public @Nullable Channel unwrap(Closeable stream) {
        if (stream.getClass() == FileInputStream.class) {
            return ((FileInputStream) stream).getChannel();
        }
        if (stream.getClass() == FileOutputStream.class) {
            return ((FileOutputStream) stream).getChannel();
        }
        return null;
    }
}
