package io.zerocopy.spi;

import io.zerocopy.ChannelHold;
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
 * Supplies mechanisms and ports; found through {@link java.util.ServiceLoader}. Providers are asked in the order of
 * their {@linkplain #rank() rank}; the first one that can describe an end supplies its port. Creating a provider must
 * never fail: if something cannot work, {@link Strategy#unavailableBecause()} or {@link #unavailableBecause()} says so.
 * Thread-safe.
 */
public interface Provider {
    /**
     * Returns the provider's name, for reports and for its kill switch ({@code -Dzerocopy.disable=NAME}).
     *
     * @return a lower-case word
     */
    String name();

    /**
     * Returns the provider's place in the order in which providers are asked for ports.
     *
     * @return any number; lower numbers are asked earlier
     */
    int rank();

    /**
     * Returns why this provider cannot work in this process.
     *
     * @return null if it can; otherwise the cause
     */
    default @Nullable String unavailableBecause() {
        return null;
    }

    /**
     * Returns its mechanisms, usable or not.
     *
     * @return one strategy for each mechanism that it supplies or {@linkplain Strategy#name() adds}; always the same ones
     */
    List<Strategy> strategies();

    /**
     * Describes a path without opening it. A target that does not exist is described as the file that would be
     * created: kind {@link EndpointKind#FILE}, size 0, the device and file system of its directory, inode 0.
     *
     * @param path the path
     * @param target whether it will be written to
     * @return facts; null if this provider cannot describe it
     */
    @Nullable
    EndpointFacts describe(Path path, boolean target);

    /**
     * Opens a path so that the wait for the other end of a FIFO can end. The JDK's own open call would wait in the kernel
     * and not be woken; and a path that was a file when it was looked at may have become a FIFO, so that any path is opened
     * in this way.
     *
     * @param path the path
     * @param options as for {@link java.nio.file.Files#newByteChannel(Path, Set, java.nio.file.attribute.FileAttribute[])};
     *     with {@code CREATE} the file is made if there is none
     * @param patience called repeatedly while the other end is missing; throws when the wait must end
     * @return a channel for {@link #source} or {@link #target}: that of the JDK, unless it is a FIFO or an {@link OpenedFile};
     *     null if this provider has no better way than the JDK
     * @throws IOException if it cannot be opened, or if {@code patience} throws
     */
    default @Nullable Channel open(Path path, Set<? extends OpenOption> options, Patience patience) throws IOException {
        return null;
    }

    /** Decides how long to wait for the other end of a FIFO. */
    @FunctionalInterface
    interface Patience {
        /**
         * Returns normally while the wait should go on.
         *
         * @throws IOException if the wait must end: the thread was interrupted or the time is over
         */
        void check() throws IOException;
    }

    /**
     * Creates a port to read from a channel or stream. Datagram channels are refused before this is called.
     *
     * @param source an open {@link java.nio.channels.ReadableByteChannel}, or an {@link java.io.InputStream}
     * @return the port; null if this provider has no advantage over the others for it
     */
    @Nullable
    Source source(Closeable source);

    /**
     * Creates a port to write to a channel or stream.
     *
     * @param target an open {@link java.nio.channels.WritableByteChannel}, or an {@link java.io.OutputStream}
     * @return the port; null if this provider has no advantage over the others for it
     */
    @Nullable
    Target target(Closeable target);

    /**
     * Finds the channel that a stream of {@link java.nio.channels.Channels} wraps.
     *
     * @param stream an input or output stream
     * @return the channel; null unless the stream certainly does nothing but pass bytes to it
     */
    default @Nullable Channel unwrap(Closeable stream) {
        return null;
    }

    /**
     * Keeps prepared what transfers on a channel set up and put back each time, see {@link io.zerocopy.Transfers#hold}.
     *
     * @param channel any channel
     * @return what ends that; null where there is nothing to keep, or this provider cannot keep it
     */
    default @Nullable ChannelHold hold(Channel channel) {
        return null;
    }

    /**
     * Finds out what can be done to files without their names.
     *
     * @param channel an open channel
     * @return null if this provider does not know the descriptor of the channel
     */
    default @Nullable OpenFiles openFiles(Channel channel) {
        return null;
    }

    /**
     * Returns facts for the capability report: current limits, versions, results of probes.
     *
     * @return facts by name, in the order of the report
     */
    default Map<String, String> facts() {
        return Map.of();
    }

    /**
     * Advises the kernel how the memory of a mapped file will be used.
     *
     * @param part mapped memory, from index 0 to its capacity; it stays mapped during the call
     * @param advice how the memory will be used
     * @return true if the kernel was advised
     */
    default boolean advise(MappedByteBuffer part, Advice advice) {
        return false;
    }

    /**
     * Tries what the file system of a directory can do, see {@link io.zerocopy.Capabilities#probe}. What is found counts for
     * later {@linkplain Strategy#refusal refusals}.
     *
     * @param directory an existing directory
     * @return facts by name, in the order they should be read
     */
    default Map<String, String> probe(Path directory) {
        return Map.of();
    }

    /**
     * Tests whether a directory's file system clones files, see
     * {@link io.zerocopy.Capabilities#reflinkUnavailableBecause}.
     *
     * @param directory an existing directory
     * @return null if this provider cannot test it; empty if it clones; otherwise the reason why not
     */
    default @Nullable Optional<String> reflinkUnavailableBecause(Path directory) {
        return null;
    }

    /**
     * Returns whether the network interface of a socket gathers, see {@link io.zerocopy.Capabilities#scatterGather}.
     *
     * @param socket a connected channel
     * @return what the driver reports; empty if it cannot be asked
     */
    default Optional<Boolean> scatterGather(SocketChannel socket) {
        return Optional.empty();
    }
}
