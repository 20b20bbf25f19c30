package io.zerocopy;

import io.zerocopy.internal.CapabilityReport;
import io.zerocopy.internal.Duplex;
import io.zerocopy.internal.Parts;
import io.zerocopy.internal.PathCopy;
import io.zerocopy.internal.RelayPlan;
import io.zerocopy.internal.TransferBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Where every transfer starts: one call that copies, or a builder for everything else.
 *
 * <p>The {@code copy} methods block until the source has ended. A {@link java.nio.channels.FileChannel} is used at, and
 * advances, its own position, on either side. All of them throw what {@link Transfer#run()} throws. Thread-safe.
 */
public final class Transfers {
    private Transfers() {}

    /**
     * Copies a file, by the rules of {@link java.nio.file.Files#copy(Path, Path, CopyOption...)}: the target must not
     * exist unless {@code REPLACE_EXISTING} is given, a source that is the target is left alone, a directory is
     * created empty, and a copy that fails leaves no new target. Other than there, a device or FIFO is written to and
     * never replaced, and holes of the source stay holes. {@code COPY_ATTRIBUTES} gives the times, the attributes that
     * users have given and, as far as the process may, owner, group and permissions; access lists and capabilities, which
     * are copied there, are not. Set-id bits are given last, and only to a copy whose owner and group are the source's.
     *
     * <p>What the call does to the file that it makes, it does to that file and no other, whoever changes names meanwhile.
     * Without the native part, and where the JDK cannot tell whose a folder is, owner and set-id bits are not given.
     *
     * <p>With {@code ATOMIC_MOVE} the target appears whole or not at all, and what it replaces is there until then,
     * whatever ends this call, process or machine: bytes go to a file without a name, whose data is on disk before it
     * gets that. Without the native part, and where the file system has no such files, it lies in a folder called
     * {@code .zerocopy-*} beside the target; an exception leaves no such folder, a process that is killed does. Where the
     * file system has no hard links, a target that appears in the very last moment may be replaced, asked for or not.
     *
     * @param source the file
     * @param target its new name
     * @param options {@code REPLACE_EXISTING}, {@code COPY_ATTRIBUTES}, {@code NOFOLLOW_LINKS}, {@code ATOMIC_MOVE}
     * @return what was moved
     * @throws NullPointerException if anything is null
     * @throws UnsupportedOperationException if an option is none of those
     * @throws java.nio.file.NoSuchFileException if there is no source
     * @throws java.nio.file.FileAlreadyExistsException if there is a target and it is not to be replaced
     * @throws java.nio.file.AtomicMoveNotSupportedException if {@code ATOMIC_MOVE} is given and what is to be replaced is
     *     neither a file nor a link, or the file system cannot rename
     * @throws java.nio.file.DirectoryNotEmptyException if the target to be replaced is a directory with entries
     * @throws IOException if it fails
     */
    public static TransferResult copy(Path source, Path target, CopyOption... options) throws IOException {
        return PathCopy.copy(source, target, options);
    }

    /**
     * Copies a file to a channel.
     *
     * @param source the file, from its first byte
     * @param target the channel; it stays open
     * @return what was moved
     * @throws IOException if it fails
     */
    public static TransferResult copy(Path source, WritableByteChannel target) throws IOException {
        return from(source).to(target).build().run();
    }

    /**
     * Copies the rest of a channel to a file, which is made as {@link java.nio.file.Files#newOutputStream} makes one. What
     * reached the file stays there when the source fails in the middle.
     *
     * @param source the channel; it stays open
     * @param target the file's name
     * @param options {@code REPLACE_EXISTING} or nothing
     * @return what was moved
     * @throws UnsupportedOperationException if there are other options
     * @throws java.nio.file.FileAlreadyExistsException if there is a target and it is not to be replaced
     * @throws IOException if it fails
     */
    public static TransferResult copy(ReadableByteChannel source, Path target, CopyOption... options)
            throws IOException {
        return PathCopy.copy(source, target, options);
    }

    /**
     * Copies the rest of a channel to another.
     *
     * @param source the channel; it stays open
     * @param target the channel; it stays open
     * @return what was moved
     * @throws IOException if it fails
     */
    public static TransferResult copy(ReadableByteChannel source, WritableByteChannel target) throws IOException {
        return from(source).to(target).build().run();
    }

    /**
     * Copies the rest of a stream to another. File streams and the streams of {@link java.nio.channels.Channels} count
     * as the channels they wrap; other streams are read and written through their own methods.
     *
     * @param source the stream; it stays open
     * @param target the stream; it stays open and is not flushed
     * @return what was moved
     * @throws IOException if it fails
     */
    public static TransferResult copy(InputStream source, OutputStream target) throws IOException {
        return from(source).to(target).build().run();
    }

    /**
     * Starts a transfer from a file.
     *
     * @param source opened at the start and closed at the end of each run
     * @return a builder
     */
    public static Transfer.Builder from(Path source) {
        return new TransferBuilder(source);
    }

    /**
     * Starts a transfer from a channel.
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
     * Starts a transfer from memory. The buffers are sent one after the other and never merged; the position of each
     * advances by what was delivered of it.
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
     * order and number, such as the body of a {@code multipart/byteranges} reply. One transfer, one result: its legs
     * tell what moved by which mechanism.
     *
     * <p>Each part goes by the mechanism that suits it. Buffers and small regions that follow one another are gathered
     * into one write, and on TCP no packet ends where a part does. {@link Transfer.Builder#use} with
     * {@link Preference#REQUIRE} binds the parts whose kind the mechanism is for, of which there must be one; buffers
     * beside a file that has to go by {@link Mechanism#SENDFILE} are written as ever.
     *
     * <p>Every region is there as a whole or the transfer fails: what follows a region that came short would stand in
     * the wrong place. {@link Transfer.Builder#count} bounds the parts together; {@link Transfer.Builder#range} is
     * refused, since each part has its own.
     *
     * @param parts buffers and regions of files, in any order
     * @return a builder
     * @throws IllegalArgumentException if one buffer comes twice
     */
    public static Transfer.Builder concat(List<Part> parts) {
        return new TransferBuilder(new Parts(parts));
    }

    /**
     * Joins two channels of one direction each into one of both, as a {@link #relay} wants it: the pipes to and from a
     * child process, say. Transfers look through it, so each end keeps the mechanisms it has by itself. Closing it
     * closes both; {@link HalfCloseChannel#shutdownOutput()} closes {@code output}, since a pipe has no other way to
     * tell its reader the end. Thread-safe as far as the two are.
     *
     * @param input what is read
     * @param output what is written
     * @return both as one
     */
    public static HalfCloseChannel duplex(ReadableByteChannel input, WritableByteChannel output) {
        return new Duplex(input, output);
    }

    /**
     * Starts a relay: two transfers between two channels, one per direction, until both have ended. Where one side has
     * ended, the output to the other one is shut down, if it is a {@link java.nio.channels.SocketChannel} or a
     * {@link HalfCloseChannel}; nothing else is closed.
     *
     * @param left one channel; it stays open
     * @param right the other channel; it stays open
     * @return a builder
     * @throws IllegalArgumentException if both are the same channel or one is a datagram channel
     */
    public static Relay.Builder relay(ByteChannel left, ByteChannel right) {
        return new RelayPlan(left, right);
    }

    /**
     * Tells what this process can use.
     *
     * @return a report, as of now
     */
    public static Capabilities capabilities() {
        return new CapabilityReport();
    }
}
