package io.zerocopy.spi;

import java.io.IOException;
import java.nio.channels.Channel;
import java.util.function.BooleanSupplier;

/**
 * One end of a transfer while it runs: a port over something the caller owns. Used by one thread at a time; a port
 * never closes what it was made from.
 */
public interface Endpoint {
    /** Longest wait before interrupts and closes are looked at, in nanoseconds: a quarter of what they may take. */
    long SLICE_NANOS = 50_000_000;

    /**
     * Describes this end.
     *
     * @return facts as of the time the port was made
     */
    Facts facts();

    /**
     * Tells what the port was made from.
     *
     * @return the caller's channel; null where there is none (buffers, foreign streams)
     */
    @Nullable
    Channel channel();

    /**
     * Tells whether the end is still open.
     *
     * @return false once anybody has closed the channel
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
     * Begins a transfer: takes what has to be held meanwhile, such as the descriptor's non-blocking flag. Paired with
     * {@link #release()}.
     *
     * @throws IOException if the end is closed or cannot be prepared
     */
    default void acquire() throws IOException {}

    /**
     * Makes calls on the {@linkplain #channel() channel} itself return instead of waiting, until {@link #release()}, where
     * this port can do that. A port's own reads and writes need no such thing.
     *
     * @throws IOException if the end is closed, or the kernel refuses: then a call on the channel may wait
     */
    default void keepFromWaiting() throws IOException {}

    /**
     * Has every wait of this end happen in {@link #await}, where it ends on time, and none inside a read or a write, until
     * {@link #release()}. Asked of ends without a descriptor when a blocking transfer has a timeout; does nothing where it
     * cannot be done.
     *
     * @throws IOException if the end is closed
     */
    default void limitWaits() throws IOException {}

    /**
     * Ends what {@link #acquire()} began and puts everything back as it was. Never throws, whatever happened to the
     * channel.
     */
    default void release() {}

    /**
     * Comes before every wait for this end, whoever waits and by whatever means: a selector of the caller's too. Takes
     * away what would end that wait at once and again and again, though the end is not ready. Never waits, never throws.
     */
    default void beforeWaiting() {}

    /**
     * Waits until this end may be ready, for at most the time given. May return early; must return early when the
     * thread is interrupted, whose status it leaves set. Where readiness cannot be observed this is a short pause.
     *
     * @param nanos longest wait in nanoseconds, more than 0
     * @return true if the end may be ready, so that a step is worth while
     * @throws IOException if waiting fails
     */
    boolean await(long nanos) throws IOException;

    /**
     * Waits as {@link #await(long)}, but for longer where the port itself, or somebody on its behalf, looks whether the
     * wait still makes sense. Others return after a slice in which interrupts and closes may go unnoticed.
     *
     * @param nanos longest wait in nanoseconds, more than 0
     * @param alive answers false once the wait is of no use; asked on any thread, and must not block
     * @return true if the end may be ready
     * @throws IOException if waiting fails
     */
    default boolean await(long nanos, BooleanSupplier alive) throws IOException {
        return await(Math.min(nanos, SLICE_NANOS));
    }

    /**
     * Waits until this end or another may be ready; otherwise as {@link #await(long, BooleanSupplier)}. An end that cannot
     * watch the other one waits for itself only, and for a short time.
     *
     * @param other the other end, never the same port
     * @param nanos longest wait in nanoseconds, more than 0
     * @param alive as above
     * @return true if one of them may be ready
     * @throws IOException if waiting fails
     */
    default boolean awaitEither(Endpoint other, long nanos, BooleanSupplier alive) throws IOException {
        await(Math.min(nanos, 1_000_000));
        return true;
    }

    /**
     * Looks whether the connection behind this end was reset by its peer, without reading or writing; never waits.
     *
     * @return false where it was not, where there is no connection, and where only a read or a write would tell
     * @throws IOException if looking fails
     */
    default boolean isReset() throws IOException {
        return false;
    }

    /**
     * Reads the position of the file behind this end.
     *
     * @return the channel's own position; 0 where there are no positions
     * @throws IOException if it cannot be read
     */
    default long position() throws IOException {
        return 0;
    }

    /**
     * Sets the position of the file behind this end; does nothing where there are no positions. Must neither fail nor
     * close the channel because the thread is interrupted.
     *
     * @param position the channel's new position
     * @throws IOException if it cannot be set
     */
    default void position(long position) throws IOException {}

    /**
     * Tells the kernel how a part of the file behind this end is going to be used; does nothing where that is not
     * possible. {@link Advice#DONT_NEED} of what was written waits until it is on disk.
     *
     * @param advice what is going to happen
     * @param position first byte
     * @param count bytes
     * @throws IOException if the end was closed
     */
    default void advise(Advice advice, long position, long count) throws IOException {}

    /**
     * Reads the size of the file behind this end, as it is now.
     *
     * @return bytes, or -1 where there is no size that can be trusted
     * @throws IOException if it cannot be read
     */
    default long size() throws IOException {
        return facts().size();
    }
}
