package io.zerocopy.spi;

import java.io.IOException;
import java.nio.channels.Channel;
import java.util.function.BooleanSupplier;

/**
 * One end of a running transfer: a port over a channel, stream or buffers that the caller owns. Used by one thread at a
 * time. A port never closes the caller's object.
 */
public interface Endpoint {
    /**
     * Longest wait, in nanoseconds, before interrupts and closes are checked: a quarter of the time within which they
     * must be noticed.
     */
    long SLICE_NANOS = 50_000_000;

    /**
     * Describes this end.
     *
     * @return the facts at the time the port was created
     */
    EndpointFacts facts();

    /**
     * Returns the channel that the port was created from.
     *
     * @return the caller's channel; null if there is none (buffers, and streams that wrap no channel)
     */
    @Nullable
    Channel channel();

    /**
     * Tells whether this port can serve the next transfer of the same channel: the channel is open, and the facts are still
     * what they were when the port was made.
     *
     * @return true if it can; false if a new port has to be made
     */
    default boolean isCurrent() {
        return false;
    }

    /**
     * Returns the file descriptor of this end, if system calls can be made on it.
     *
     * @return the same descriptor at every call; null, as by default, if there is none
     */
    default @Nullable Descriptor descriptor() {
        return null;
    }

    /**
     * Names this end for messages: the file's path, the peer's address, or else what kind of end it is. Looks up no host name,
     * calls no code of others, and asks nothing of a channel that is closed.
     *
     * @return such as {@code /127.0.0.1:5555}
     */
    default String name() {
        return facts().kind().label();
    }

    /**
     * Returns whether a call on this end has thrown this very object. Ports that throw an {@link EndpointException} need not
     * remember it.
     *
     * @param thrown what ended the transfer
     * @return true if it came out of this end
     */
    default boolean hasThrown(Throwable thrown) {
        return false;
    }

    /**
     * Returns whether this very object was thrown by code behind this end that is neither the library's nor the JDK's, such as
     * somebody's own stream. Such an object passes through to the caller.
     *
     * @param thrown what ended the transfer
     * @return true if somebody else's code has thrown it
     */
    default boolean isForeign(Throwable thrown) {
        return false;
    }

    /**
     * Returns whether the end is still open.
     *
     * @return false once any thread has closed the channel
     */
    boolean isOpen();

    /**
     * Refuses what {@link #acquire()} would refuse for what the end is, such as a descriptor that cannot be read. Changes
     * nothing, and makes no system call.
     *
     * @throws IOException if the end cannot serve
     */
    default void requireUsable() throws IOException {}

    /**
     * Begins a transfer: sets what must hold during it, such as the descriptor's non-blocking flag. {@link #release()}
     * ends it.
     *
     * @throws IOException if the end is closed or cannot be prepared
     */
    default void acquire() throws IOException {}

    /**
     * Makes calls on the {@linkplain #channel() channel} itself return instead of waiting, until {@link #release()}, if
     * this port can do that. The port's own reads and writes do not need it.
     *
     * @throws IOException if the end is closed, or if the kernel refuses, so that a call on the channel may wait
     */
    default void keepFromWaiting() throws IOException {}

    /**
     * Makes this end wait only in {@link #await}, which can end on time, and never inside a read or a write, until
     * {@link #release()}. Called on ends without a descriptor if a blocking transfer has a timeout. Does nothing if the
     * end cannot do it.
     *
     * @throws IOException if the end is closed
     */
    default void limitWaits() throws IOException {}

    /**
     * Ends the transfer that {@link #acquire()} began and restores everything that it changed. Never throws, even if
     * the channel has been closed or has failed.
     */
    default void release() {}

    /**
     * Called before every wait for this end, including a wait in a caller's {@code Selector}. Removes any condition
     * that would end the wait at once, again and again, although the end is not ready. Never waits and never throws.
     */
    default void beforeWaiting() {}

    /**
     * Waits until this end may be ready, for at most the given time. May return early. Must return early if the thread
     * is interrupted, and leaves the interrupt status set. If readiness cannot be observed, this is a short pause.
     *
     * @param nanos longest wait in nanoseconds, more than 0
     * @return true if the end may be ready, so that another step is worth trying
     * @throws IOException if waiting fails
     */
    boolean await(long nanos) throws IOException;

    /**
     * Waits like {@link #await(long)}, but for longer if the port itself, or a helper thread, keeps checking whether the wait
     * still makes sense. Other ports return after one slice, during which they may not notice interrupts and closes.
     *
     * @param nanos longest wait in nanoseconds, more than 0
     * @param alive returns false once the wait is no longer needed. It calls nothing of the application's and never blocks,
     *     so that any thread may ask it
     * @return true if the end may be ready
     * @throws IOException if waiting fails
     */
    default boolean await(long nanos, BooleanSupplier alive) throws IOException {
        return await(Math.min(nanos, SLICE_NANOS));
    }

    /**
     * Waits until this end or another one may be ready; otherwise like {@link #await(long, BooleanSupplier)}. An end
     * that cannot watch the other one waits only for itself, and only for a short time.
     *
     * @param other the other end, never the same port
     * @param nanos longest wait in nanoseconds, more than 0
     * @param alive as for {@link #await(long, BooleanSupplier)}
     * @return true if one of them may be ready
     * @throws IOException if waiting fails
     */
    default boolean awaitEither(Endpoint other, long nanos, BooleanSupplier alive) throws IOException {
        await(Math.min(nanos, 1_000_000));
        return true;
    }

    /**
     * Checks whether the peer has reset the connection behind this end, without reading or writing. Never waits.
     *
     * @return true if it was reset; false if it was not, if there is no connection, or if only a read or a write could
     *     reveal it
     * @throws IOException if the check fails
     */
    default boolean isReset() throws IOException {
        return false;
    }

    /**
     * Reads the position of the file behind this end.
     *
     * @return the channel's own position; 0 if there are no positions
     * @throws IOException if it cannot be read
     */
    default long position() throws IOException {
        return 0;
    }

    /**
     * Sets the position of the file behind this end; does nothing if there are no positions. If the thread is
     * interrupted, it must neither fail nor close the channel.
     *
     * @param position the channel's new position
     * @throws IOException if it cannot be set
     */
    default void position(long position) throws IOException {}

    /**
     * Advises the kernel how a part of the file behind this end will be used; does nothing if that is not possible.
     * {@link Advice#DONT_NEED} for written bytes waits until they are on disk.
     *
     * @param advice how the bytes will be used
     * @param position first byte
     * @param count bytes
     * @throws IOException if the end was closed
     */
    default void advise(Advice advice, long position, long count) throws IOException {}

    /**
     * Reads the size of the file behind this end, as it is now.
     *
     * @return bytes, or -1 if there is no size that can be trusted
     * @throws IOException if it cannot be read
     */
    default long size() throws IOException {
        return facts().size();
    }

    /**
     * Reads the size of the file behind this end, as it was when its channel was first seen or later. Asked only if that
     * channel was opened for this transfer.
     *
     * @return bytes, or -1 if there is no size that can be trusted
     * @throws IOException if it cannot be read
     */
    default long openedSize() throws IOException {
        return size();
    }
}
