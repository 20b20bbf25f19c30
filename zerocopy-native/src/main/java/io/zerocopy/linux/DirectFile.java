package io.zerocopy.linux;

import io.zerocopy.Preference;
import io.zerocopy.linux.internal.DirectBlocks;
import io.zerocopy.linux.internal.Kernel;
import io.zerocopy.nio.Buffers;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A file that is read and written past the page cache ({@code O_DIRECT}, see open(2)), at any position and of any length.
 *
 * <pre>{@code
 * try (DirectFile file = DirectFile.open(path)) {
 *     MutableDirectBuffer block = file.allocate(1 << 20);
 *     int n = file.read(0, block, 0, block.capacity());
 * }
 * }</pre>
 *
 * <p><b>Alignment.</b> The device reads and writes the caller's memory itself where position, address and length are
 * multiples of {@link #alignment()}, as they are at the start of what {@link #allocate} gives. Anything else works as
 * well: through an aligned block of this library's, with one copy; what does not fill a block of the device, at either
 * end of a range, is read past the page cache and written through it.
 *
 * <p><b>Buffers</b> are Agrona's, over an array or a byte buffer, or {@link ByteBuffer}s. They must not be freed by other
 * means than the collector while a call uses them.
 *
 * <p><b>Blocking.</b> Calls wait for the device, and an interrupt does not end that. On a virtual thread they hold its
 * carrier, as all file I/O does.
 *
 * <p><b>Threads.</b> Any number at a time; {@link #close()} waits for those that are under way. Ranges that overlap are
 * the callers' affair.
 */
public final class DirectFile implements Closeable {
    private static final Set<OpenOption> UNKNOWN_HERE = Set.of(
            StandardOpenOption.APPEND,
            StandardOpenOption.DELETE_ON_CLOSE,
            StandardOpenOption.SYNC,
            StandardOpenOption.DSYNC);

    private final FileChannel channel;
    private final DirectBlocks blocks;
    private final boolean readable;
    private final boolean writable;
    private final Lock use;
    private final Lock end;

    private DirectFile(FileChannel channel, DirectBlocks blocks, Set<OpenOption> options) {
        ReadWriteLock lock = new ReentrantReadWriteLock();
        this.channel = channel;
        this.blocks = blocks;
        this.readable = options.contains(StandardOpenOption.READ);
        this.writable = options.contains(StandardOpenOption.WRITE);
        this.use = lock.readLock();
        this.end = lock.writeLock();
    }

    /**
     * Opens a file that must be read and written past the page cache.
     *
     * @param path a regular file of the default file system
     * @param options as for {@link FileChannel#open}, {@code READ} if there are none; not {@code APPEND}, {@code
     *     DELETE_ON_CLOSE}, {@code SYNC} or {@code DSYNC}
     * @return the file
     * @throws FileSystemException if its file system has no direct I/O, or refuses it for this file, with the cause
     * @throws IllegalArgumentException for the options named above
     * @throws UnsupportedOperationException if the native part cannot work here, or the path is no regular file of the
     *     default file system, or one whose size says nothing, such as those of {@code /proc}; with the cause
     * @throws IOException if the file cannot be opened
     */
    public static DirectFile open(Path path, OpenOption... options) throws IOException {
        return open(path, Preference.REQUIRE, options);
    }

    /**
     * Opens a file.
     *
     * @param path a regular file of the default file system
     * @param preference {@code REQUIRE} to fail where the page cache cannot be bypassed, {@code AUTO} to read and write
     *     through it there, which {@link #bufferedBecause()} tells, {@code NEVER} to do that always
     * @param options as {@link #open(Path, OpenOption...)}
     * @return the file
     * @throws FileSystemException as {@link #open(Path, OpenOption...)}, with {@code REQUIRE}
     * @throws IllegalArgumentException as {@link #open(Path, OpenOption...)}
     * @throws UnsupportedOperationException as {@link #open(Path, OpenOption...)}
     * @throws IOException if the file cannot be opened
     */
    public static DirectFile open(Path path, Preference preference, OpenOption... options) throws IOException {
        Set<OpenOption> set = new HashSet<>(Arrays.asList(options));
        for (OpenOption option : set) {
            if (UNKNOWN_HERE.contains(option)) {
                throw new IllegalArgumentException(option + " cannot be had with direct I/O");
            }
        }
        if (!set.contains(StandardOpenOption.WRITE)) {
            set.add(StandardOpenOption.READ);
        }
        Kernel kernel = Kernel.available();
        FileChannel channel = FileChannel.open(path, set);
        DirectBlocks blocks = null;
        try {
            blocks = kernel.directBlocks(
                    channel,
                    preference != Preference.NEVER,
                    set.contains(StandardOpenOption.READ),
                    set.contains(StandardOpenOption.WRITE));
            if (preference == Preference.REQUIRE && !blocks.refused().isEmpty()) {
                throw new FileSystemException(path.toString(), null, "no direct I/O: " + blocks.refused());
            }
            return new DirectFile(channel, blocks, set);
        } catch (IOException | RuntimeException | Error e) {
            if (blocks != null) {
                blocks.close();
            }
            channel.close();
            throw e;
        }
    }

    /**
     * Tells why the page cache is not bypassed.
     *
     * @return the system call that refused and its error, or the wish; empty where it is bypassed
     */
    public Optional<String> bufferedBecause() {
        return Optional.of(blocks.refused()).filter(why -> !why.isEmpty());
    }

    /**
     * Tells what positions, lengths and addresses are best multiples of; from {@code statx(STATX_DIOALIGN)} where the
     * kernel has that, else the file system's block size, else 4096.
     *
     * @return bytes, a power of two; 1 where the page cache is not bypassed
     */
    public int alignment() {
        return blocks.alignment();
    }

    /**
     * Makes a buffer that the device can read and write in place.
     *
     * @param capacity bytes
     * @return as {@link Buffers#allocateAligned}
     * @throws IllegalArgumentException if that is negative, or too much
     */
    public MutableDirectBuffer allocate(int capacity) {
        return Buffers.allocateAligned(capacity, alignment());
    }

    /**
     * Tells how long the file is.
     *
     * @return bytes
     * @throws ClosedChannelException if it is closed
     * @throws IOException if it cannot be asked
     */
    public long size() throws IOException {
        use.lock();
        try {
            requireOpen();
            return blocks.size();
        } finally {
            use.unlock();
        }
    }

    /**
     * Reads into a part of a buffer until it is full or the file ends.
     *
     * @param position of the first byte in the file
     * @param target gets the bytes
     * @param index of the first one in the target
     * @param length most bytes
     * @return how many were read; fewer than {@code length} only at the end of the file; -1 if there were none
     * @throws IndexOutOfBoundsException if the part is not inside the target
     * @throws IllegalArgumentException as {@link #read(long, ByteBuffer)}, or if the buffer is over a bare address
     * @throws NonReadableChannelException if the file was opened for writing only
     * @throws ClosedChannelException if it is closed
     * @throws IOException if the device fails
     */
    public int read(long position, MutableDirectBuffer target, int index, int length) throws IOException {
        return read(position, Buffers.of(target, index, length));
    }

    /**
     * Reads into what remains of a buffer until it is full or the file ends. Its position advances.
     *
     * @param position of the first byte in the file
     * @param target gets the bytes
     * @return how many were read; fewer than there was room for only at the end of the file; -1 if there were none
     * @throws IllegalArgumentException if the position is negative or the target is read-only
     * @throws NonReadableChannelException if the file was opened for writing only
     * @throws ClosedChannelException if it is closed
     * @throws IOException if the device fails
     */
    public int read(long position, ByteBuffer target) throws IOException {
        if (position < 0 || target.isReadOnly()) {
            throw new IllegalArgumentException("position " + position + (target.isReadOnly() ? ", read-only" : ""));
        }
        use.lock();
        try {
            requireOpen();
            if (!readable) {
                throw new NonReadableChannelException();
            }
            int room = target.remaining();
            int n = blocks.read(position, target);
            return n == 0 && room > 0 ? -1 : n;
        } finally {
            use.unlock();
        }
    }

    /**
     * Writes a part of a buffer, all of it. Behind the end, what lies between is a hole.
     *
     * @param position of the first byte in the file
     * @param source has the bytes
     * @param index of the first one in the source
     * @param length how many
     * @throws IndexOutOfBoundsException if the part is not inside the source
     * @throws IllegalArgumentException as {@link #write(long, ByteBuffer)}, or if the buffer is over a bare address
     * @throws NonWritableChannelException if the file was opened for reading only
     * @throws ClosedChannelException if it is closed
     * @throws IOException as {@link #write(long, ByteBuffer)}
     */
    public void write(long position, DirectBuffer source, int index, int length) throws IOException {
        write(position, Buffers.of(source, index, length));
    }

    /**
     * Writes what remains of a buffer, all of it. Its position advances by what was written, also when that fails. It is
     * on disk after {@link #force()}.
     *
     * @param position of the first byte in the file
     * @param source has the bytes
     * @throws IllegalArgumentException if the position is negative or the end would be beyond {@link Long#MAX_VALUE}
     * @throws NonWritableChannelException if the file was opened for reading only
     * @throws ClosedChannelException if it is closed
     * @throws IOException if the device fails or is full; the message tells how many bytes were written
     */
    public void write(long position, ByteBuffer source) throws IOException {
        if (position < 0 || position > Long.MAX_VALUE - source.remaining()) {
            throw new IllegalArgumentException(source.remaining() + " bytes at position " + position);
        }
        use.lock();
        try {
            requireOpen();
            if (!writable) {
                throw new NonWritableChannelException();
            }
            blocks.write(position, source);
        } finally {
            use.unlock();
        }
    }

    /**
     * Waits until everything that was written is on the device, with the file's size: fsync(2).
     *
     * @throws ClosedChannelException if it is closed
     * @throws IOException if the device fails
     */
    public void force() throws IOException {
        use.lock();
        try {
            requireOpen();
            blocks.sync();
        } finally {
            use.unlock();
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /**
     * Closes the file, once the calls that are under way have returned; once more does nothing.
     *
     * @throws IOException if the system tells of an error
     */
    @Override
    public void close() throws IOException {
        end.lock();
        try {
            blocks.close();
            channel.close();
        } finally {
            end.unlock();
        }
    }
}
