package io.zerocopy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What to move, from where to where. Immutable, with final fields, so any thread may get it by any means. Nothing moves
 * until {@link #run()} or {@link #open()} is called. Each call opens the transfer's paths anew; channels, streams and
 * buffers continue at their current position.
 *
 * <p><b>By reference.</b> {@link Mechanism#SENDFILE}, {@link Mechanism#SPLICE} and {@link Mechanism#TRANSFER_TO} hand
 * the receiver references to a file's pages. If the file changes after the transfer has returned, a receiver that has
 * not read yet can still get the changed bytes. To a pipe they are therefore used only with
 * {@link Builder#stableSource()} or if required. If this matters for sockets too, exclude them with
 * {@link Preference#NEVER}.
 *
 * <p><b>Errors.</b> Misuse throws before anything moves. A failure during the transfer is a {@link TransferFailure},
 * which carries the count and the bytes that were taken but not delivered. The transfer closes nothing that the caller
 * passed in. But if the thread is interrupted inside an operation of a JDK channel, the JDK closes that channel
 * ({@link TransferClosedByInterruptException}). What a listener, or the caller's own stream or channel, throws is thrown
 * unchanged, with a {@link TransferAccount} among its {@linkplain Throwable#getSuppressed() suppressed} exceptions.
 * {@link TransferFailure#of} finds the account in both cases.
 */
public interface Transfer {
    /**
     * Returns which mechanisms would be tried, in order, and why each is in or out. Moves, opens and creates nothing. If
     * {@link #run()} would refuse the transfer, every mechanism is out, and the reason says why. A mechanism that is in may
     * still decline if only a system call can find that out: a file system counts as one that shares extents until a
     * transfer or {@link Capabilities#probe} has tried it.
     *
     * @return the plan, as of now
     */
    TransferPlan plan();

    /**
     * Moves the bytes and returns when all of them have reached the target.
     *
     * <p><b>Blocking:</b> until the end of the source, the count, an error, the timeout, an interrupt, or a close of
     * either channel. <b>Closing</b> a socket or a pipe from another thread does not wait for the file at the other end,
     * even if its server does not answer. Closing a file channel waits for the read, write or force of that file that is
     * under way, as the JDK's own {@code FileChannel.close} does (seen on 17 and 25).
     *
     * <p><b>Threads:</b> any. If two runs use the same channels at the same time, the order of their bytes is unspecified.
     *
     * @return what the transfer did
     * @throws java.nio.channels.IllegalBlockingModeException if a channel is in non-blocking mode
     * @throws java.nio.channels.ClosedChannelException if a channel is already closed
     * @throws java.nio.file.NoSuchFileException if the source path does not exist
     * @throws IllegalArgumentException if source and target are overlapping ranges of one file
     * @throws MechanismUnavailableException if the required mechanisms cannot serve this pair
     * @throws TransferClosedException if another thread closes a channel during the transfer
     * @throws TransferInterruptedException if the thread is interrupted; the channels stay open
     * @throws TransferClosedByInterruptException if the thread is interrupted inside an operation of a JDK channel
     * @throws TransferException if the source or the target fails, or the timeout expires
     *     ({@link TransferTimeoutException})
     * @throws IOException if a path cannot be opened
     */
    TransferResult run() throws IOException;

    /**
     * Opens the transfer for a caller that drives it itself, for instance from a selector loop.
     *
     * @return a session that has moved nothing yet
     * @throws java.nio.channels.ClosedChannelException if a channel is already closed
     * @throws IllegalArgumentException if source and target are overlapping ranges of one file
     * @throws MechanismUnavailableException if the required mechanisms cannot serve this pair
     * @throws IOException if a path cannot be opened
     */
    TransferSession open() throws IOException;

    /** Collects what to move. Not thread-safe; each method returns this builder. */
    interface Builder {
        /**
         * Sets the target to a file, which each run opens at its start and closes at its end. A transfer that is refused
         * neither creates nor changes the file; a file that is to be truncated keeps its content until the first bytes have
         * arrived.
         *
         * @param target the file; a FIFO or a device is written to as it is
         * @param options as for {@link java.nio.file.Files#newOutputStream}; without options the file is created,
         *     truncated and written. If you pass any option, even only {@code NOFOLLOW_LINKS}, your options replace
         *     these
         * @return this
         * @throws IllegalArgumentException if the options ask for reading or contradict each other
         */
        Builder to(Path target, OpenOption... options);

        /**
         * Sets the target to a channel. A file channel is written at its own position, which advances, unless
         * {@link #targetPosition} is set.
         *
         * @param target the channel; it stays open
         * @return this
         * @throws IllegalArgumentException if it is a datagram channel
         */
        Builder to(WritableByteChannel target);

        /**
         * Sets the target to a stream. A {@link java.io.FileOutputStream}, and a stream of
         * {@link java.nio.channels.Channels} over a channel, are treated as the file or channel that they wrap. Every
         * other stream gets its bytes by {@link OutputStream#write(byte[], int, int)} and is neither flushed nor
         * closed.
         *
         * @param target the stream; it stays open
         * @return this
         */
        Builder to(OutputStream target);

        /**
         * Reads a range of a source file; a channel's own position is neither used nor moved. If the file is shorter,
         * the transfer ends early, and {@link TransferResult#end()} is {@code SOURCE_ENDED}.
         *
         * @param position first byte, 0 or more
         * @param count bytes at most, 0 or more
         * @return this
         * @throws IllegalArgumentException if either is negative, if the source is memory, or if {@link #count} was called
         *     before. {@link Transfer#run()} and {@link Transfer#open()} throw the same exception if the source has no
         *     positions, such as a socket
         */
        Builder range(long position, long count);

        /**
         * Reads at most this many bytes from the source's current position. After {@link #range} both limits hold.
         *
         * @param count bytes at most, 0 or more
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        Builder count(long count);

        /**
         * Writes to a file target from this position on; a channel's own position is neither used nor moved. If the
         * position is beyond the end of the file, the gap reads as zeros. A target path without options is created if
         * it does not exist, and is not truncated: its other bytes are kept.
         *
         * @param position 0 or more
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        Builder targetPosition(long position);

        /**
         * Sends these buffers before the body. A second call replaces the first.
         *
         * @param before buffers; their positions advance by the bytes delivered
         * @return this
         */
        Builder header(ByteBuffer... before);

        /**
         * Sends these buffers after the body. A second call replaces the first.
         *
         * @param after buffers; their positions advance by the bytes delivered
         * @return this
         */
        Builder trailer(ByteBuffer... after);

        /**
         * Sets the preference for one mechanism that may move the body. With {@link Preference#REQUIRE} only required
         * mechanisms move it; if you require several, any of them may. Refusals that are known in advance are thrown
         * before any byte moves. Refusals that only the system call reveals are thrown before the target is modified:
         * where a header or earlier parts go first, the required mechanism is tried before, without moving a byte. A
         * few refusals cannot be found by a trial: those of a device as source, of the JDK's own {@code transferTo} and
         * {@code transferFrom}, of a file system that opens a file for direct I/O and then does not read or write it,
         * and, to a channel of yours, those of a file system that copies or clones files by itself. Then the transfer
         * fails behind the header or the earlier parts, with a {@link TransferException} that has their count, and with
         * a {@link MechanismUnavailableException} as its cause.
         *
         * @param mechanism the mechanism
         * @param preference the default is {@link Preference#AUTO}
         * @return this
         */
        Builder use(Mechanism mechanism, Preference preference);

        /**
         * Sets the preference for one mechanism by its name, for mechanisms that a provider
         * {@linkplain io.zerocopy.spi.Strategy#name() added}. Such a mechanism counts as one of {@link Mechanism}: a
         * preference for that one is its preference, too, unless its own is set here.
         *
         * @param mechanism the name, as {@link TransferPlan} shows it; case, {@code -} and {@code _} do not matter
         * @param preference as for {@link #use(Mechanism, Preference)}
         * @return this
         * @throws IllegalArgumentException if no provider has a mechanism of this name
         */
        Builder use(String mechanism, Preference preference);

        /**
         * Promises that the source does not change until the receiver has every byte. Pages may then be sent to a pipe
         * by reference.
         *
         * @return this
         */
        Builder stableSource();

        /**
         * Forces the data and, for a target path, its name to disk before the transfer is done. Has no effect on
         * targets that are not files.
         *
         * @return this
         */
        Builder durable();

        /**
         * Keeps this transfer's files out of the page cache: pages that it has read or written are dropped soon after,
         * the target's pages once they are on disk. Use it for large copies that nobody reads again soon. The transfer
         * then waits for the disk, and pages that were cached before are dropped, too. Without the native part it does
         * nothing.
         *
         * @return this
         */
        Builder dropBehind();

        /**
         * Limits how many reads and writes of {@link Mechanism#DIRECT_IO} and {@link Mechanism#IO_URING} may be under
         * way at once. Each of them holds a buffer of its own while the transfer runs. Other mechanisms make one call
         * at a time.
         *
         * @param operations 1 to 256; by default the mechanism chooses
         * @return this
         * @throws IllegalArgumentException if it is outside that range
         */
        Builder queueDepth(int operations);

        /**
         * Limits the time from the start of the transfer to its end. When the time is over, the transfer fails with a
         * {@link TransferTimeoutException}. The limit holds wherever the transfer itself waits. It does not wake a
         * stream, or a channel of an unknown class, that blocks inside its own read or write. Without the native part,
         * it also does not end a wait for the other end of a FIFO that is opened by its path, even if the path was a file
         * shortly before, or a read or write of a FIFO or device.
         *
         * @param timeout longer than zero
         * @return this
         * @throws IllegalArgumentException if it is zero or negative
         */
        Builder timeout(Duration timeout);

        /**
         * Limits how many bytes one {@link TransferSession#advance()} moves before others get their turn. Has no effect
         * on {@link Transfer#run()}.
         *
         * @param bytes 1 or more; the default is 2 MiB
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        Builder fairChunk(long bytes);

        /**
         * Sets a listener, which is called after each step.
         *
         * @param listener called on the thread that moves the bytes
         * @return this
         */
        Builder onProgress(ProgressListener listener);

        /**
         * Builds the transfer.
         *
         * @return an immutable transfer
         * @throws IllegalStateException if no target was set
         * @throws IllegalArgumentException if the settings contradict each other, such as a target position for a
         *     socket
         */
        Transfer build();
    }
}
