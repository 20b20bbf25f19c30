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
 * A supplier of mechanisms and ports, found through {@link java.util.ServiceLoader}. Providers are asked in the order
 * of their {@linkplain #rank() rank}; the first that can describe an end gives its port. Creating one must never fail:
 * what cannot work is told by {@link Strategy#unavailableBecause()} and {@link #unavailableBecause()}. Thread-safe.
 */
public interface Provider {
    /**
     * Names the provider, for reports and for its kill switch ({@code -Dzerocopy.disable=NAME}).
     *
     * @return lower-case word
     */
    String name();

    /**
     * Tells in which order providers are asked for ports.
     *
     * @return lower is earlier
     */
    int rank();

    /**
     * Tells whether this provider can work in this process at all.
     *
     * @return null when it can; else the cause
     */
    default @Nullable String unavailableBecause() {
        return null;
    }

    /**
     * Lists its mechanisms, usable or not.
     *
     * @return one strategy per mechanism
     */
    List<Strategy> strategies();

    /**
     * Describes a path without opening it. A target that does not exist is described as the file that would be
     * created: kind {@link Kind#FILE}, size 0, the device and file system of its directory, inode 0.
     *
     * @param path the path
     * @param target whether it is to be written
     * @return facts; null if this provider cannot tell
     */
    @Nullable
    Facts describe(Path path, boolean target);

    /**
     * Opens a path that the JDK would open in a call that nothing wakes: a FIFO, which waits for its other end.
     *
     * @param path the path
     * @param options {@code WRITE} among them to write to it, else to read; {@code NOFOLLOW_LINKS} to refuse a link
     * @param patience asked again and again while the other end is not there; throws when the wait is over
     * @return a channel for {@link #source} or {@link #target}; null if this provider knows no better way than the JDK
     * @throws IOException if it cannot be opened, or what {@code patience} threw
     */
    default @Nullable Channel open(Path path, Set<? extends OpenOption> options, Patience patience) throws IOException {
        return null;
    }

    /** Says how long to wait for the other end of a FIFO. */
    @FunctionalInterface
    interface Patience {
        /**
         * Returns while waiting is still wanted.
         *
         * @throws IOException when it is not: the thread was interrupted or the time is over
         */
        void check() throws IOException;
    }

    /**
     * Makes a port to read from a channel or stream. Datagram channels have been refused before.
     *
     * @param source an open {@link java.nio.channels.ReadableByteChannel}, or an {@link java.io.InputStream}
     * @return the port; null if this provider knows nothing better than others about it
     */
    @Nullable
    Source source(Closeable source);

    /**
     * Makes a port to write to a channel or stream.
     *
     * @param target an open {@link java.nio.channels.WritableByteChannel}, or an {@link java.io.OutputStream}
     * @return the port; null if this provider knows nothing better than others about it
     */
    @Nullable
    Target target(Closeable target);

    /**
     * Finds the channel that a stream of {@link java.nio.channels.Channels} wraps.
     *
     * @param stream an input or output stream
     * @return the channel; null unless the stream surely adds nothing to it
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
     * Adds facts to the capability report: limits in force, versions, what probes found.
     *
     * @return facts by name, in the order they should be read
     */
    default Map<String, String> facts() {
        return Map.of();
    }

    /**
     * Tells the kernel how memory over a file is going to be used.
     *
     * @param part mapped memory, from its index 0 to its capacity, which stays mapped during the call
     * @param advice what is going to happen
     * @return whether it was told
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
     * Tries whether a directory's file system clones files, see
     * {@link io.zerocopy.Capabilities#reflinkUnavailableBecause}.
     *
     * @param directory an existing directory
     * @return null if this provider cannot try; empty when it clones; else why not
     */
    default @Nullable Optional<String> reflinkUnavailableBecause(Path directory) {
        return null;
    }

    /**
     * Asks the interface of a socket, see {@link io.zerocopy.Capabilities#scatterGather}.
     *
     * @param socket a connected channel
     * @return what the driver says; empty if it cannot be asked
     */
    default Optional<Boolean> scatterGather(SocketChannel socket) {
        return Optional.empty();
    }
}
