package io.zerocopy.nio;

import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.mapped.Advisers;
import io.zerocopy.nio.internal.mapped.MappedMemory;
import io.zerocopy.nio.internal.mapped.MappedView;
import io.zerocopy.nio.internal.mapped.MutableMappedView;
import io.zerocopy.nio.internal.mapped.RegularFile;
import io.zerocopy.spi.Advice;
import io.zerocopy.spi.Nullable;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Maps a file, or a part of one, into memory: any size, in windows of up to 2 GiB, unmapped when it is closed.
 *
 * <p>{@link #view} and {@link #mutableView} return Agrona buffers, {@link #window} returns {@link ByteBuffer}s. All of
 * them share the same bytes. The views are this library's own classes. They work with Agrona 1.x and 2.x without a
 * flag, whereas Agrona's own {@code UnsafeBuffer} needs {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED}
 * from 2.x on. The views expose no address: {@code addressOffset()} and {@code wrap} throw
 * {@link UnsupportedOperationException}, so Agrona code that wants raw memory fails instead of accessing memory that
 * may be unmapped.
 *
 * <p><b>Closing</b> unmaps at once. A later access through a view throws {@link IllegalStateException}, even if both
 * happen at the same moment; the JVM never crashes. From Java 22 on the same holds for windows. Before Java 22 the
 * JDK's buffers cannot check this: if a window has been handed out, {@code close()} ends the views only, and the
 * garbage collector unmaps the file when the last window is unreachable. Until then windows can still be read. The same
 * happens if a thread does not leave a view within a second, which is possible after an access to truncated pages, see
 * below.
 *
 * <p><b>Truncation.</b> If a file is truncated while it is mapped, some of its pages cannot be accessed. A view then
 * throws {@link FileTruncatedException}. A window throws the JDK's {@link InternalError}; {@link #truncation()} then
 * returns the exception. According to {@link java.nio.MappedByteBuffer}, the JVM throws that error "at the time of the
 * access or at some later time": in inlined code in the caller, and up to Java 21 anywhere in the same thread. A view
 * therefore checks the file's size before it copies 4 KiB or more at once, so that it reliably throws
 * {@code FileTruncatedException}. If you read smaller pieces of a file that others may truncate, also catch
 * {@code InternalError} and check {@link #truncation()}. On the last page of the truncated file, the bytes after its
 * end read as zeros.
 *
 * <p><b>Threads.</b> Any thread may call any method. The bytes are plain memory, without any ordering between threads.
 */
public final class MappedFile implements Closeable {
    /** How the bytes may be accessed, and who sees changes. */
    public enum Access {
        /** Bytes can only be read. */
        READ_ONLY(MapMode.READ_ONLY),
        /** Written bytes are in the file at once, and on disk after {@link MappedFile#force}. */
        READ_WRITE(MapMode.READ_WRITE),
        /** Written bytes are visible only in this mapping: a page is copied when it is first written to. */
        PRIVATE(MapMode.PRIVATE);

        private final MapMode mode;

        Access(MapMode mode) {
            this.mode = mode;
        }
    }

    private static final int STRIDE = 1 << 30;

    private final MappedMemory memory;
    private final Access access;
    private final @Nullable FileChannel own; // null if the caller opened the file

    private MappedFile(MappedMemory memory, Access access, @Nullable FileChannel own) {
        this.own = own;
        this.memory = memory;
        this.access = access;
    }

    /**
     * Maps a whole file, with its current size.
     *
     * @param path the file
     * @param access the access wanted; {@link Access#PRIVATE} also needs a file that may be written to
     * @return its mapping
     * @throws IOException if it cannot be opened or mapped, or is no regular file: a FIFO is not waited for
     */
    public static MappedFile open(Path path, Access access) throws IOException {
        Set<OpenOption> options = access == Access.READ_ONLY
                ? Set.of(StandardOpenOption.READ)
                : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        return owning(path, options, access, -1);
    }

    /**
     * Maps the first {@code size} bytes of a file for reading and writing. Creates the file if it does not exist, and
     * makes it longer if it is too short.
     *
     * @param path the file
     * @param size bytes to map
     * @return its mapping, with {@link Access#READ_WRITE}
     * @throws IllegalArgumentException if the size is negative, or more than a processor can address; nothing was created
     * @throws IOException if it cannot be opened, extended, or mapped
     */
    public static MappedFile create(Path path, long size) throws IOException {
        if (size < 0 || size > MappedMemory.MOST) {
            throw new IllegalArgumentException("a mapping of " + size + " bytes");
        }
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        return owning(path, options, Access.READ_WRITE, size);
    }

    /** Maps a file that is opened here, and keeps it open so that its size can be read. */
    private static MappedFile owning(Path path, Set<OpenOption> options, Access access, long size) throws IOException {
        FileChannel channel = RegularFile.open(path, options);
        try {
            if (channel.size() < size) {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
            return map(channel, path.toString(), access, 0, size < 0 ? channel.size() : size);
        } catch (IOException e) {
            channel.close();
            throw RegularFile.named(path.toString(), e);
        } catch (RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Maps a part of an open file.
     *
     * @param channel the file; its position is not used, and it may be closed while the mapping is in use
     * @param access the access wanted
     * @param position first byte
     * @param size bytes
     * @return the mapping
     * @throws IllegalArgumentException if the file does not have these bytes, or a number is negative
     * @throws java.nio.channels.NonReadableChannelException if the channel was not opened to be read
     * @throws java.nio.channels.NonWritableChannelException if access is more than {@link Access#READ_ONLY} and the
     *     channel was not opened to be written
     * @throws IOException if it cannot be mapped
     */
    public static MappedFile map(FileChannel channel, Access access, long position, long size) throws IOException {
        if (position < 0 || size < 0 || size > channel.size() - position) {
            throw new IllegalArgumentException(
                    "[" + position + ", +" + size + ") of a file of " + channel.size() + " bytes");
        }
        return map(channel, "", access, position, size);
    }

    /** @param file the path of a file that was opened here, and so is closed here; else empty */
    private static MappedFile map(FileChannel channel, String file, Access access, long position, long size)
            throws IOException {
        LongSupplier sizeNow = () -> {
            long now = sizeOf(channel);
            return now < 0 ? -1 : Math.min(size, Math.max(0, now - position));
        };
        FileChannel own = file.isEmpty() ? null : channel;
        return new MappedFile(MappedMemory.map(channel, file, access.mode, position, size, sizeNow), access, own);
    }

    private static long sizeOf(FileChannel channel) {
        try {
            return JdkChannels.size(channel);
        } catch (IOException closed) {
            return -1;
        }
    }

    /**
     * Returns how many bytes are mapped.
     *
     * @return bytes
     */
    public long size() {
        return memory.size();
    }

    /**
     * Returns how the bytes may be accessed.
     *
     * @return the access with which the file was mapped
     */
    public Access access() {
        return access;
    }

    /**
     * Returns whether the file is still mapped.
     *
     * @return false once closed
     */
    public boolean isOpen() {
        return memory.isOpen();
    }

    /**
     * Returns a byte buffer over a part.
     *
     * @param offset first byte, relative to the start of the mapping
     * @param length bytes. Before Java 22, in a mapping larger than 2 GiB, a window of up to 1 GiB is possible at any
     *     offset; in a private mapping it must not cross a multiple of 1 GiB
     * @return a direct buffer in native byte order; read-only if the access is
     * @throws IndexOutOfBoundsException if the range is not mapped
     * @throws UnsupportedOperationException if the range is not available in one piece, see {@code length}
     * @throws IllegalStateException if closed
     */
    public ByteBuffer window(long offset, int length) {
        return memory.lend(offset, length).order(java.nio.ByteOrder.nativeOrder());
    }

    /**
     * Returns a read-only Agrona buffer over a part.
     *
     * @param offset first byte, relative to the start of the mapping
     * @param length bytes, as for {@link #window}
     * @return a buffer whose methods throw {@link IllegalStateException} once the file is closed
     * @throws IndexOutOfBoundsException if the range is not mapped
     * @throws UnsupportedOperationException if the range is not available in one piece
     * @throws IllegalStateException if closed
     */
    public DirectBuffer view(long offset, int length) {
        return new MappedView(memory, offset, length);
    }

    /**
     * Returns an Agrona buffer over a part, for reading and writing.
     *
     * @param offset first byte, relative to the start of the mapping
     * @param length bytes, as for {@link #window}
     * @return a buffer whose methods throw {@link IllegalStateException} once the file is closed
     * @throws ReadOnlyBufferException if the access is {@link Access#READ_ONLY}
     * @throws IndexOutOfBoundsException if the range is not mapped
     * @throws UnsupportedOperationException if the range is not available in one piece
     * @throws IllegalStateException if closed
     */
    public MutableDirectBuffer mutableView(long offset, int length) {
        if (access == Access.READ_ONLY) {
            throw new ReadOnlyBufferException();
        }
        return new MutableMappedView(memory, offset, length);
    }

    /**
     * Advises the kernel how a part will be used. {@link Advice#DONT_NEED} releases pages that can be read again; it
     * does nothing on a private mapping, whose changed pages would be lost.
     *
     * @param advice how the part will be used
     * @param offset first byte
     * @param length bytes
     * @return true if the kernel was advised. Without the native part always false, except for
     *     {@link Advice#WILL_NEED}, which then reads the pages
     * @throws IndexOutOfBoundsException if the range is not mapped
     * @throws IllegalStateException if closed
     */
    public boolean advise(Advice advice, long offset, long length) {
        Objects.requireNonNull(advice, "advice");
        if (advice == Advice.DONT_NEED && access == Access.PRIVATE) {
            return false;
        }
        boolean told = true;
        synchronized (memory) {
            long end = end(offset, length);
            for (long at = offset; at < end && told; at += STRIDE - at % STRIDE) {
                told = Advisers.advise(memory.slice(at, piece(at, end)), advice);
            }
        }
        return told;
    }

    /** Pieces end at multiples of 1 GiB, so that each lies in one region. */
    private static int piece(long from, long end) {
        return (int) Math.min(end - from, STRIDE - from % STRIDE);
    }

    private long end(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, memory.size());
        memory.slice(offset, 0);
        return offset + length;
    }

    /**
     * Forces the changes in a part to disk; does nothing unless the access is {@link Access#READ_WRITE}.
     *
     * @param offset first byte
     * @param length bytes
     * @throws IOException if the disk fails
     * @throws IndexOutOfBoundsException if the range is not mapped
     * @throws IllegalStateException if closed
     */
    public void force(long offset, long length) throws IOException {
        synchronized (memory) {
            long end = end(offset, length);
            for (long at = offset; at < end && access == Access.READ_WRITE; at += STRIDE - at % STRIDE) {
                try {
                    memory.slice(at, piece(at, end)).force();
                } catch (UncheckedIOException e) {
                    throw RegularFile.named(memory.file(), e.getCause());
                }
            }
        }
    }

    /**
     * Forces all changes to disk, see {@link #force(long, long)}.
     *
     * @throws IOException if the disk fails
     */
    public void force() throws IOException {
        force(0, memory.size());
    }

    /**
     * Checks whether the file has become shorter than the mapping.
     *
     * @return an exception to throw, which has the remaining size; empty if no mapped byte is missing or if the size is
     *     unknown
     */
    public Optional<FileTruncatedException> truncation() {
        long now = memory.sizeNow();
        return now < 0 || now >= memory.size()
                ? Optional.empty()
                : Optional.of(new FileTruncatedException(memory.file(), memory.size(), now, null));
    }

    /**
     * Unmaps the file; the class description says what happens to views and windows. A second call does nothing.
     *
     * @throws IllegalStateException from Java 22 on, if a channel is reading into or writing from a window at this
     *     moment; the file then stays mapped
     */
    @Override
    public void close() {
        memory.close();
        if (own != null) {
            try {
                own.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
