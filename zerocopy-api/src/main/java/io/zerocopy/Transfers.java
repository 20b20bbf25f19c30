package io.zerocopy;

import io.zerocopy.internal.build.DuplexChannel;
import io.zerocopy.internal.build.HeldChannels;
import io.zerocopy.internal.build.TransferBuilder;
import io.zerocopy.internal.path.PathCopy;
import io.zerocopy.internal.plan.CapabilityReport;
import io.zerocopy.internal.plan.Parts;
import io.zerocopy.internal.relay.RelayBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts every transfer: one call that copies, or a builder for everything else.
 *
 * <p>The {@code copy} methods block until the source has ended. A {@link java.nio.channels.FileChannel}, as source or
 * as target, is used at its own position, which advances. All of them throw the exceptions of {@link Transfer#run()}.
 * Thread-safe.
 */
public final class Transfers {
    private Transfers() {}

    /**
     * Copies a file, by the rules of {@link java.nio.file.Files#copy(Path, Path, CopyOption...)}: the target must not
     * exist unless {@code REPLACE_EXISTING} is given; if source and target are the same file, nothing happens; a
     * directory is created empty; and a copy that fails leaves no new target. Unlike {@code Files.copy}, it writes to a
     * device or FIFO, unless another user may have put it there, and it keeps the holes of the source. {@code COPY_ATTRIBUTES} copies the
     * times, the user-defined attributes and, if the process is permitted to, owner, group and permissions. It does not
     * copy access control lists and capabilities, which {@code Files.copy} does. Set-id bits are set last, and only if
     * the copy has the source's owner and group.
     *
     * <p>The call changes no file but the one that it has created, even if another process renames files at the same
     * time. Without the native part, if the JDK cannot make the identity of the file sure, owner and set-id bits are not
     * copied.
     *
     * <p>With {@code ATOMIC_MOVE} the target appears complete or not at all, and an existing target stays until then,
     * even if the call, the process or the machine stops. The bytes are written to a file without a name, which is forced
     * to disk before it gets the target's name. Without the native part, or on a file system without such files, a
     * directory named {@code .zerocopy-*} beside the target holds the file. After an exception there is no such
     * directory; a process that is killed leaves one. On a file system without hard links, a target that another process
     * creates at the last moment may be replaced, even without {@code REPLACE_EXISTING}.
     *
     * @param source the file
     * @param target its new name
     * @param options {@code REPLACE_EXISTING}, {@code COPY_ATTRIBUTES}, {@code NOFOLLOW_LINKS}, {@code ATOMIC_MOVE}
     * @return the result
     * @throws NullPointerException if an argument is null
     * @throws UnsupportedOperationException if there is any other option
     * @throws java.nio.file.NoSuchFileException if the source does not exist
     * @throws java.nio.file.FileAlreadyExistsException if the target exists and {@code REPLACE_EXISTING} is not given
     * @throws java.nio.file.AtomicMoveNotSupportedException if {@code ATOMIC_MOVE} is given and the target to be
     *     replaced is neither a file nor a link, or the file system cannot rename
     * @throws java.nio.file.DirectoryNotEmptyException if the target to be replaced is a directory with entries
     * @throws IOException if the copy fails
     */
    public static TransferResult copy(Path source, Path target, CopyOption... options) throws IOException {
        return PathCopy.copy(source, target, options);
    }

    /**
     * Copies a file to a channel.
     *
     * @param source the file, read from its first byte
     * @param target the channel; it stays open
     * @return the result
     * @throws IOException if the copy fails
     */
    public static TransferResult copy(Path source, WritableByteChannel target) throws IOException {
        return from(source).to(target).build().run();
    }

    /**
     * Copies the rest of a channel to a file, which is created as {@link java.nio.file.Files#newOutputStream} creates
     * it. If the source fails during the copy, the bytes that have reached the file stay there.
     *
     * @param source the channel; it stays open
     * @param target the file
     * @param options {@code REPLACE_EXISTING} or none
     * @return the result
     * @throws UnsupportedOperationException if there is any other option
     * @throws java.nio.file.FileAlreadyExistsException if the target exists and {@code REPLACE_EXISTING} is not given
     * @throws IOException if the copy fails
     */
    public static TransferResult copy(ReadableByteChannel source, Path target, CopyOption... options)
            throws IOException {
        return PathCopy.copy(source, target, options);
    }

    /**
     * Copies the rest of a channel to another channel.
     *
     * @param source the channel; it stays open
     * @param target the channel; it stays open
     * @return the result
     * @throws IOException if the copy fails
     */
    public static TransferResult copy(ReadableByteChannel source, WritableByteChannel target) throws IOException {
        return from(source).to(target).build().run();
    }

    /**
     * Copies the rest of a stream to another stream. File streams and the streams of {@link java.nio.channels.Channels}
     * are treated as the channels that they wrap. Other streams are read and written through their own methods.
     *
     * @param source the stream; it stays open
     * @param target the stream; it stays open and is not flushed
     * @return the result
     * @throws IOException if the copy fails
     */
    public static TransferResult copy(InputStream source, OutputStream target) throws IOException {
        return from(source).to(target).build().run();
    }

    /**
     * Starts a transfer from a file.
     *
     * @param source the file; each run opens it at its start and closes it at its end
     * @return a builder
     */
    public static Transfer.Builder from(Path source) {
        return new TransferBuilder(source);
    }

    /**
     * Starts a transfer from a channel. Urgent TCP data is treated as by a plain read: the urgent byte is left out, or, on
     * a socket with {@link java.net.Socket#setOOBInline SO_OOBINLINE}, stays in its place.
     *
     * @param source the channel; it stays open
     * @return a builder
     * @throws IllegalArgumentException if it is a datagram channel
     */
    public static Transfer.Builder from(ReadableByteChannel source) {
        return new TransferBuilder(source);
    }

    /**
     * Starts a transfer from a stream.
     *
     * @param source the stream; it stays open
     * @return a builder
     */
    public static Transfer.Builder from(InputStream source) {
        return new TransferBuilder(source);
    }

    /**
     * Starts a transfer from memory. The buffers are sent one after the other and are not merged. The position of each
     * advances by the bytes delivered.
     *
     * @param source the bytes between position and limit of each
     * @return a builder
     */
    public static Transfer.Builder from(ByteBuffer... source) {
        return new TransferBuilder(source);
    }

    /**
     * Starts a transfer from several parts, as if they were one source: see {@link #concat(List)}.
     *
     * @param parts buffers and regions of files, in any order
     * @return a builder
     */
    public static Transfer.Builder concat(Part... parts) {
        return concat(List.of(parts));
    }

    /**
     * Starts a transfer from several parts, as if they were one source: slices of buffers and regions of files, in any
     * order and number, such as the body of a {@code multipart/byteranges} reply. It is one transfer with one result;
     * the result's legs say how many bytes each mechanism moved.
     *
     * <p>Each part moves by the mechanism that suits it. Buffers and small regions that follow one another are gathered
     * into one write, and on TCP parts share packets. {@link Transfer.Builder#use} with {@link Preference#REQUIRE}
     * applies to the parts of the kind that the mechanism serves; at least one such part must exist. For example, if
     * you require {@link Mechanism#SENDFILE}, it applies to regions of files, and buffers are still written.
     *
     * <p>If a file ends before its region does, the transfer fails, because the following parts would arrive at the
     * wrong place. {@link Transfer.Builder#count} limits the parts together. {@link Transfer.Builder#range} is refused,
     * because each part has its own range.
     *
     * @param parts buffers and regions of files, in any order
     * @return a builder
     * @throws IllegalArgumentException if a buffer occurs twice
     */
    public static Transfer.Builder concat(List<Part> parts) {
        return new TransferBuilder(new Parts(parts));
    }

    /**
     * Joins two channels of one direction each into one channel of both directions, for a {@link #relay}: for example
     * the pipes to and from a child process. Transfers use the two channels directly, so each keeps its own mechanisms.
     * Closing the joined channel closes both. {@link HalfCloseChannel#shutdownOutput()} closes {@code output}, because
     * a pipe has no other way to signal the end of the stream. Thread-safe if both channels are.
     *
     * @param input the channel to read from
     * @param output the channel to write to
     * @return the joined channel
     */
    public static HalfCloseChannel duplex(ReadableByteChannel input, WritableByteChannel output) {
        return DuplexChannel.of(input, output);
    }

    /**
     * Starts a relay: two transfers between two channels, one per direction, until both have ended. When one side has
     * ended, the relay shuts down the output to the other side, if that is a {@link java.nio.channels.SocketChannel} or
     * a {@link HalfCloseChannel}. Nothing else is closed.
     *
     * @param left one channel; it stays open
     * @param right the other channel; it stays open
     * @return a builder
     * @throws IllegalArgumentException if both are the same channel or one is a datagram channel
     */
    public static Relay.Builder relay(ByteChannel left, ByteChannel right) {
        return RelayBuilder.of(left, right);
    }

    /**
     * Keeps channels prepared for many transfers: what each transfer would set up and put back again stays as it is until
     * the hold is closed. For a connection that carries one small transfer after another, which then makes no system call
     * beside those that move its bytes. Take one hold for each connection, and close it before or after the channel.
     *
     * <p>A hold has one side effect. On Linux the descriptor is non-blocking ({@code O_NONBLOCK}) while it is held,
     * although {@link java.nio.channels.SelectableChannel#isBlocking() isBlocking()} still returns what the owner has set.
     * The channel's own reads and writes wait as usual. {@link java.nio.channels.FileChannel#transferTo transferTo} of the
     * JDK returns 0 if it would otherwise wait for room. Other processes that share the descriptor see the flag as well.
     * The owner may change the mode during the hold; when the hold is closed, the descriptor has the mode that the owner
     * then wants. In case the owner makes a held socket block, a limit of 20 ms ({@code SO_RCVTIMEO}, {@code SO_SNDTIMEO})
     * is set on a socket that has none; it has no effect on a non-blocking descriptor, and is removed with the hold.
     *
     * <p>Several holds of one channel count together: it is put back when the last one is closed. A channel that is closed
     * already, or for which nothing has to be set up, such as a file or an in-memory channel, is ignored. Without the
     * native part a hold does nothing.
     *
     * @param channels what to keep prepared
     * @return ends it
     * @throws NullPointerException if anything is null
     */
    public static ChannelHold hold(Channel... channels) {
        return HeldChannels.hold(List.of(channels));
    }

    /**
     * Returns what this process can use.
     *
     * @return a report of the current state
     */
    public static Capabilities capabilities() {
        return CapabilityReport.now();
    }
}
