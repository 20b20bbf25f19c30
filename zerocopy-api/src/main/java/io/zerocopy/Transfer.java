package io.zerocopy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What to move, from where to where; immutable. Nothing moves until {@link #run()} or {@link #open()}, which open the
 * paths in it anew at each call; a transfer over channels, streams or buffers continues where those stand.
 *
 * <p><b>By reference.</b> {@link Mechanism#SENDFILE}, {@link Mechanism#SPLICE} and {@link Mechanism#TRANSFER_TO} hand
 * the receiver references to a file's pages: a change of the file after the transfer returned can still reach a
 * receiver that has not read yet. To a pipe they are therefore used only with {@link Builder#stableSource()} or when
 * required; where that matters for sockets too, take them out with {@link Preference#NEVER}.
 *
 * <p><b>Errors.</b> Misuse throws before anything moves. In the middle, an exception that is a {@link TransferFailure}
 * carries the count and what was on its way. Nothing that the caller passed in is closed, except by the JDK itself
 * where a thread is interrupted inside a JDK channel's operation ({@link TransferClosedByInterruptException}). What a
 * listener, or a stream or channel of the caller's, throws unchecked is passed on as it is, with such an exception among
 * its {@linkplain Throwable#getSuppressed() suppressed} ones.
 */
public interface Transfer {
    /**
     * Tells which mechanisms would be tried, in order, and why each is in or out. Moves, opens and creates nothing. Where
     * {@link #run()} would refuse the transfer, every mechanism is out, for that reason. What only a system call can find
     * out may still make a mechanism decline: whether a file system shares extents counts as yes until it was tried, by a
     * transfer or by {@link Capabilities#probe}.
     *
     * @return the plan, as of now
     */
    TransferPlan plan();

    /**
     * Moves the bytes and returns when all have reached the target.
     *
     * <p><b>Blocking:</b> until the end of the source, the count, an error, the timeout, an interrupt, or a close of
     * either channel. <b>Threads:</b> any; two runs over the same channels at a time have no defined order.
     *
     * @return what it did
     * @throws java.nio.channels.IllegalBlockingModeException if a channel is in non-blocking mode
     * @throws java.nio.channels.ClosedChannelException if a channel is closed already
     * @throws java.nio.file.NoSuchFileException if the source path does not exist
     * @throws IllegalArgumentException if source and target are overlapping ranges of one file
     * @throws MechanismUnavailableException if a required mechanism cannot take this pair
     * @throws TransferClosedException if another thread closes a channel meanwhile
     * @throws TransferInterruptedException if the thread is interrupted; the channels stay open
     * @throws TransferClosedByInterruptException if the thread is interrupted inside an operation of a JDK channel
     * @throws TransferException if the source or the target fails, or the timeout passes
     * @throws IOException if a path cannot be opened
     */
    TransferResult run() throws IOException;

    /**
     * Opens the transfer for a caller that drives it itself, for instance from a selector loop.
     *
     * @return a session that has moved nothing yet
     * @throws java.nio.channels.ClosedChannelException if a channel is closed already
     * @throws IllegalArgumentException if source and target are overlapping ranges of one file
     * @throws MechanismUnavailableException if a required mechanism cannot take this pair
     * @throws IOException if a path cannot be opened
     */
    TransferSession open() throws IOException;

    /** Collects what to move. Not thread-safe; each method returns this builder. */
    interface Builder {
        /**
         * Sends to a file, which is opened at the start and closed at the end of each run. A transfer that is refused
         * neither makes nor changes it: what truncation takes away is there until the first bytes have arrived.
         *
         * @param target the file; a FIFO or a device is written to as it is
         * @param options as for {@link java.nio.file.Files#newOutputStream}; none means create, truncate, write, and any
         *     at all, such as {@code NOFOLLOW_LINKS}, replace these
         * @return this
         * @throws IllegalArgumentException if the options ask for reading or contradict each other
         */
        Builder to(Path target, OpenOption... options);

        /**
         * Sends to a channel; a file channel is written at, and advances, its own position unless
         * {@link #targetPosition} says otherwise.
         *
         * @param target the channel; it stays open
         * @return this
         * @throws IllegalArgumentException if it is a datagram channel
         */
        Builder to(WritableByteChannel target);

        /**
         * Sends to a stream. A {@link java.io.FileOutputStream} and the streams of
         * {@link java.nio.channels.Channels} over a channel count as what they wrap; every other stream gets its
         * bytes by {@link OutputStream#write(byte[], int, int)} and is neither flushed nor closed.
         *
         * @param target the stream; it stays open
         * @return this
         */
        Builder to(OutputStream target);

        /**
         * Takes a range of a source file; a channel's own position is neither used nor moved. The transfer ends early
         * where the file does, and {@link TransferResult#end()} says so.
         *
         * @param position first byte, 0 or more
         * @param count bytes at most, 0 or more
         * @return this
         * @throws IllegalArgumentException if either is negative, or the source is memory. A source that turns out to
         *     have no positions, such as a socket, is refused with the same exception by {@link Transfer#run()} and
         *     {@link Transfer#open()}
         */
        Builder range(long position, long count);

        /**
         * Takes at most so many bytes from where the source stands.
         *
         * @param count bytes at most, 0 or more
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        Builder count(long count);

        /**
         * Writes to a file target from this position on; a channel's own position is neither used nor moved. Beyond
         * the end of the file the gap reads as zeros. A target path that was named without options is created if it is
         * not there, and what it holds elsewhere is kept: it is not truncated then.
         *
         * @param position 0 or more
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        Builder targetPosition(long position);

        /**
         * Sends these buffers first, then the body. Said again, it replaces what was said before.
         *
         * @param before buffers; their positions advance by what was delivered
         * @return this
         */
        Builder header(ByteBuffer... before);

        /**
         * Sends these buffers after the body. Said again, it replaces what was said before.
         *
         * @param after buffers; their positions advance by what was delivered
         * @return this
         */
        Builder trailer(ByteBuffer... after);

        /**
         * Says how much one mechanism is wanted for the body. With {@link Preference#REQUIRE} nothing else moves it: what
         * can be known is refused before anything moves, and what only the call itself tells before the target is
         * touched, except by a header or parts that go ahead of it. Of several that are required, any may move it.
         *
         * @param mechanism the mechanism
         * @param preference {@link Preference#AUTO} unless said otherwise
         * @return this
         */
        Builder use(Mechanism mechanism, Preference preference);

        /**
         * Promises that the source does not change until the receiver has every byte, so that pages may travel to a
         * pipe by reference.
         *
         * @return this
         */
        Builder stableSource();

        /**
         * Asks that data and, for a target path, its name are on disk before the transfer is done. Targets that are
         * not files are not affected.
         *
         * @return this
         */
        Builder durable();

        /**
         * Leaves the page cache to others: what this transfer has read or written of files is dropped from memory soon
         * behind it, the target's pages once they are on disk. For large copies that nobody reads again at once; it
         * costs the wait for the disk, and drops what was there before, too. Without the native part it does nothing.
         *
         * @return this
         */
        Builder dropBehind();

        /**
         * Says how many reads and writes of {@link Mechanism#DIRECT_IO} and {@link Mechanism#IO_URING} may be under way
         * at once. Other mechanisms make one call at a time. Each takes a buffer of its own while the transfer runs.
         *
         * @param operations 1 to 256; unless said, the mechanism chooses
         * @return this
         * @throws IllegalArgumentException if it is less or more
         */
        Builder queueDepth(int operations);

        /**
         * Limits the time from the start of the transfer to its end. Held wherever the transfer itself waits; a
         * foreign stream or channel that blocks inside its own read or write is not woken, nor is, without the native
         * part, whoever opens a FIFO by its path or reads or writes a FIFO or device. A transfer that is late fails with
         * a {@link TransferTimeoutException}.
         *
         * @param timeout longer than zero
         * @return this
         * @throws IllegalArgumentException if it is zero or negative
         */
        Builder timeout(Duration timeout);

        /**
         * Sets how much one {@link TransferSession#advance()} moves at most before others get their turn. A call of
         * {@link Transfer#run()} is not affected.
         *
         * @param bytes 1 or more; 2 MiB unless said otherwise
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        Builder fairChunk(long bytes);

        /**
         * Tells a listener after each step.
         *
         * @param listener called on the thread that moves the bytes
         * @return this
         */
        Builder onProgress(ProgressListener listener);

        /**
         * Makes the transfer.
         *
         * @return an immutable transfer
         * @throws IllegalStateException if no target was named
         * @throws IllegalArgumentException if the parts contradict each other, such as a target position for a socket
         */
        Transfer build();
    }
}
