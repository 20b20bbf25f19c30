package io.zerocopy.nio;

import io.zerocopy.nio.internal.Channels;
import io.zerocopy.nio.internal.mapped.Advisers;
import io.zerocopy.nio.internal.mapped.MappedMemory;
import io.zerocopy.nio.internal.mapped.MappedView;
import io.zerocopy.nio.internal.mapped.MutableMappedView;
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
 * A file, or a part of one, as memory: of any size, in windows of up to 2 GiB, gone when it is closed.
 *
 * <p>{@link #view} and {@link #mutableView} give Agrona buffers, {@link #window} gives {@link ByteBuffer}s. All of them see
 * the same bytes. The views are this library's own: they work with Agrona 1.x and 2.x without any flag, whose {@code
 * UnsafeBuffer} needs {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED} from 2.x on. They have no address to
 * give away: {@code addressOffset()} and {@code wrap} throw {@link UnsupportedOperationException}, so that Agrona code
 * which reaches for raw memory fails instead of touching what may be gone.
 *
 * <p><b>Closing</b> unmaps at once. Whoever uses a view afterwards gets an {@link IllegalStateException}, also when both
 * happen in one moment; the JVM never crashes for it. From Java 22 on the same is true of windows. Before, the JDK's
 * buffers cannot tell: once a window was given out, {@code close()} ends the views and leaves it to the collector to
 * unmap, when the last window is unreachable; until then windows can still be read. The same is done where a thread does
 * not come out of a view within a second, as it may after an access beneath a truncation, see below.
 *
 * <p><b>Truncation.</b> A file that is cut short beneath its mapping has pages that cannot be reached. A view throws
 * {@link FileTruncatedException}; a window throws the JDK's {@link InternalError}, upon which {@link #truncation()} tells
 * the same. The JVM throws that error "at the time of the access or at some later time", says {@link
 * java.nio.MappedByteBuffer}: in code that the compiler has made one with its caller that is the caller, and up to Java 21
 * it can be anywhere in the same thread. A view therefore looks at the file's size before it copies 4 KiB or more at once,
 * and says {@code FileTruncatedException} for sure; whoever reads in smaller pieces from a file that others may cut has to
 * catch {@code InternalError}, too, and to ask {@link #truncation()}. What lies on the page that the file now ends on reads as zeros behind that end.
 *
 * <p><b>Threads.</b> All methods may be called from any thread; the bytes are plain memory without any order between
 * threads.
 */
public final class MappedFile implements Closeable {
    /** What may be done to the bytes, and who sees it. */
    public enum Access {
        /** Bytes can be read. */
        READ_ONLY(MapMode.READ_ONLY),
        /** What is written is in the file at once, and on disk after {@link MappedFile#force}. */
        READ_WRITE(MapMode.READ_WRITE),
        /** What is written is seen by this mapping alone: pages are copied when they are first written to. */
        PRIVATE(MapMode.PRIVATE);

        private final MapMode mode;

        Access(MapMode mode) {
            this.mode = mode;
        }
    }

    private static final int STRIDE = 1 << 30;

    private final MappedMemory memory;
    private final Access access;
    private final @Nullable FileChannel own; // null where the caller opened the file

    private MappedFile(MappedMemory memory, Access access, @Nullable FileChannel own) {
        this.own = own;
        this.memory = memory;
        this.access = access;
    }

    /**
     * Maps a file as long as it is now.
     *
     * @param path the file
     * @param access what may be done to it; {@link Access#PRIVATE}, too, needs a file that may be written to
     * @return its mapping
     * @throws IOException if it cannot be opened or mapped
     */
    public static MappedFile open(Path path, Access access) throws IOException {
        Set<OpenOption> options = access == Access.READ_ONLY
                ? Set.of(StandardOpenOption.READ)
                : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        return owning(FileChannel.open(path, options), access, -1);
    }

    /**
     * Maps so many bytes of a file to be written; creates it, or makes it longer, where it is not there or too short.
     *
     * @param path the file
     * @param size bytes
     * @return its mapping, with {@link Access#READ_WRITE}
     * @throws IllegalArgumentException if the size is negative, or more than a processor can address; nothing was created
     * @throws IOException if it cannot be opened, made so long, or mapped
     */
    public static MappedFile create(Path path, long size) throws IOException {
        if (size < 0 || size > MappedMemory.MOST) {
            throw new IllegalArgumentException("a mapping of " + size + " bytes");
        }
        Set<OpenOption> options = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        return owning(FileChannel.open(path, options), Access.READ_WRITE, size);
    }

    /** Maps what was opened here, and keeps it open, to be asked how long it is. */
    private static MappedFile owning(FileChannel channel, Access access, long size) throws IOException {
        try {
            if (channel.size() < size) {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
            return map(channel, access, 0, size < 0 ? channel.size() : size, channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Maps a part of an open file.
     *
     * @param channel the file; its position is not used, and it may be closed while the mapping lives on
     * @param access what may be done to it
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
        return map(channel, access, position, size, null);
    }

    private static MappedFile map(
            FileChannel channel, Access access, long position, long size, @Nullable FileChannel own)
            throws IOException {
        LongSupplier sizeNow = () -> {
            long now = sizeOf(channel);
            return now < 0 ? -1 : Math.min(size, Math.max(0, now - position));
        };
        return new MappedFile(MappedMemory.map(channel, access.mode, position, size, sizeNow), access, own);
    }

    private static long sizeOf(FileChannel channel) {
        try {
            return Channels.size(channel);
        } catch (IOException closed) {
            return -1;
        }
    }

    /**
     * Tells how much is mapped.
     *
     * @return bytes
     */
    public long size() {
        return memory.size();
    }

    /**
     * Tells what may be done to the bytes.
     *
     * @return as it was mapped
     */
    public Access access() {
        return access;
    }

    /**
     * Tells whether it is still mapped.
     *
     * @return false once closed
     */
    public boolean isOpen() {
        return memory.isOpen();
    }

    /**
     * Gives a buffer over a part.
     *
     * @param offset of its first byte, in the mapped part
     * @param length bytes. Before Java 22, in mappings beyond 2 GiB, up to 1 GiB can be had anywhere, and of a private one
     *     nothing that crosses a multiple of 1 GiB
     * @return a direct buffer in the order of the processor; read-only as the access is
     * @throws IndexOutOfBoundsException if that is not mapped
     * @throws UnsupportedOperationException if it cannot be had in one piece, see {@code length}
     * @throws IllegalStateException if closed
     */
    public ByteBuffer window(long offset, int length) {
        return memory.lend(offset, length).order(java.nio.ByteOrder.nativeOrder());
    }

    /**
     * Gives an Agrona buffer over a part, to be read.
     *
     * @param offset of its first byte, in the mapped part
     * @param length bytes, as for {@link #window}
     * @return a buffer that fails once the file is closed
     * @throws IndexOutOfBoundsException if that is not mapped
     * @throws UnsupportedOperationException if it cannot be had in one piece
     * @throws IllegalStateException if closed
     */
    public DirectBuffer view(long offset, int length) {
        return new MappedView(memory, offset, length);
    }

    /**
     * Gives an Agrona buffer over a part, to be read and written.
     *
     * @param offset of its first byte, in the mapped part
     * @param length bytes, as for {@link #window}
     * @return a buffer that fails once the file is closed
     * @throws ReadOnlyBufferException if the access is {@link Access#READ_ONLY}
     * @throws IndexOutOfBoundsException if that is not mapped
     * @throws UnsupportedOperationException if it cannot be had in one piece
     * @throws IllegalStateException if closed
     */
    public MutableDirectBuffer mutableView(long offset, int length) {
        if (access == Access.READ_ONLY) {
            throw new ReadOnlyBufferException();
        }
        return new MutableMappedView(memory, offset, length);
    }

    /**
     * Tells the kernel how a part is going to be used. {@link Advice#DONT_NEED} gives pages back that can be read again;
     * a private mapping, whose own pages would be lost, keeps them.
     *
     * @param advice what is going to happen
     * @param offset first byte
     * @param length bytes
     * @return whether it was told: never without the native part, but that {@link Advice#WILL_NEED} then reads the pages
     * @throws IndexOutOfBoundsException if that is not mapped
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

    /** Pieces end at multiples of a GiB, so that each is in one region. */
    private static int piece(long from, long end) {
        return (int) Math.min(end - from, STRIDE - from % STRIDE);
    }

    private long end(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, memory.size());
        memory.slice(offset, 0);
        return offset + length;
    }

    /**
     * Brings a part to disk as far as it was written to; does nothing unless the access is {@link Access#READ_WRITE}.
     *
     * @param offset first byte
     * @param length bytes
     * @throws IOException if the disk refuses
     * @throws IndexOutOfBoundsException if that is not mapped
     * @throws IllegalStateException if closed
     */
    public void force(long offset, long length) throws IOException {
        synchronized (memory) {
            long end = end(offset, length);
            for (long at = offset; at < end && access == Access.READ_WRITE; at += STRIDE - at % STRIDE) {
                try {
                    memory.slice(at, piece(at, end)).force();
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }
        }
    }

    /** Brings all of it to disk, see {@link #force(long, long)}.
     *
     * @throws IOException if the disk refuses
     */
    public void force() throws IOException {
        force(0, memory.size());
    }

    /**
     * Looks whether the file has become shorter than what is mapped.
     *
     * @return an exception to throw, which says how much is left; empty while all of it is there
     */
    public Optional<FileTruncatedException> truncation() {
        long now = memory.sizeNow();
        return now < 0 || now >= memory.size()
                ? Optional.empty()
                : Optional.of(new FileTruncatedException(memory.size(), now, null));
    }

    /**
     * Unmaps; see above for what becomes of views and windows. Once more does nothing.
     *
     * @throws IllegalStateException from Java 22 on, if a channel is reading into or writing from a window at this
     *     moment; the file is still mapped then
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
