package io.zerocopy.linux;

import io.zerocopy.Preference;
import io.zerocopy.linux.internal.direct.DirectBlocks;
import io.zerocopy.linux.internal.direct.NamedFailures;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.nio.Buffers;
import io.zerocopy.spi.Provider;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
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
 * Reads and writes a file without the page cache ({@code O_DIRECT}, see open(2)), at any position and with any length.
 *
 * <pre>{@code
 * try (DirectFile file = DirectFile.open(path)) {
 *     MutableDirectBuffer block = file.allocate(1 << 20);
 *     int n = file.read(0, block, 0, block.capacity());
 * }
 * }</pre>
 *
 * <p><b>Alignment.</b> If position, address and length are multiples of {@link #alignment()}, the device reads and
 * writes the caller's memory directly. A buffer of {@link #allocate} starts at such an address. Anything else works
 * too, with one copy through an aligned block of this library. At either end of a range, bytes that do not fill a block
 * of the device are read without the page cache and written through it.
 *
 * <p><b>Buffers</b> are {@link ByteBuffer}s, or Agrona's buffers over an array or a byte buffer. While a call uses a
 * buffer, do not free its memory by hand; only the garbage collector may free it.
 *
 * <p><b>Blocking.</b> Calls wait for the device, and an interrupt does not end the wait. On a virtual thread they hold
 * its carrier, as all file I/O does.
 *
 * <p><b>Threads.</b> Any number of threads at a time; {@link #close()} waits for running calls. If ranges overlap, the
 * callers must order their calls.
 */
public final class DirectFile implements Closeable {
    private static final Set<OpenOption> UNKNOWN_HERE = Set.of(
            StandardOpenOption.APPEND,
            StandardOpenOption.DELETE_ON_CLOSE,
            StandardOpenOption.SYNC,
            StandardOpenOption.DSYNC);

    private final NamedFailures failures;
    private final FileChannel channel;
    private final DirectBlocks blocks;
    private final boolean readable;
    private final boolean writable;
    private final Lock use;
    private final Lock end;

    private DirectFile(Path path, FileChannel channel, DirectBlocks blocks, Set<OpenOption> options) {
        ReadWriteLock lock = new ReentrantReadWriteLock();
        this.failures = new NamedFailures(path.toString());
        this.channel = channel;
        this.blocks = blocks;
        this.readable = options.contains(StandardOpenOption.READ);
        this.writable = options.contains(StandardOpenOption.WRITE);
        this.use = lock.readLock();
        this.end = lock.writeLock();
    }

    /**
     * Opens a file for direct I/O, and fails if the page cache cannot be bypassed.
     *
     * @param path a regular file of the default file system
     * @param options as for {@link FileChannel#open}; the default is {@code READ}. {@code APPEND},
     *     {@code DELETE_ON_CLOSE}, {@code SYNC} and {@code DSYNC} are not allowed
     * @return the file
     * @throws FileSystemException if the file system does not support direct I/O, or refuses it for this file; the
     *     message has the cause
     * @throws IllegalArgumentException if an option is not allowed
     * @throws UnsupportedOperationException if the native part cannot work here, if the path is not a regular file of
     *     the default file system, or if its size means nothing, as in {@code /proc}; the message has the cause
     * @throws IOException if the file cannot be opened
     */
    public static DirectFile open(Path path, OpenOption... options) throws IOException {
        return open(path, Preference.REQUIRE, options);
    }

    /**
     * Opens a file for direct I/O or, depending on the preference, for I/O through the page cache.
     *
     * @param path a regular file of the default file system
     * @param preference if the page cache cannot be bypassed, {@code REQUIRE} fails, and {@code AUTO} reads and writes
     *     through it, for the reason in {@link #bufferedBecause()}; {@code NEVER} always uses the page cache
     * @param options as for {@link #open(Path, OpenOption...)}
     * @return the file
     * @throws FileSystemException as for {@link #open(Path, OpenOption...)}, with {@code REQUIRE}
     * @throws IllegalArgumentException as for {@link #open(Path, OpenOption...)}
     * @throws UnsupportedOperationException as for {@link #open(Path, OpenOption...)}
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
        FileChannel channel = open(kernel, path, set);
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
            return new DirectFile(path, channel, blocks, set);
        } catch (UnsupportedOperationException e) {
            channel.close();
            throw new UnsupportedOperationException(path + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException | Error e) {
            if (blocks != null) {
                blocks.close();
            }
            channel.close();
            throw e;
        }
    }

    /** What is a FIFO by now is not waited for. */
    private static FileChannel open(Kernel kernel, Path path, Set<OpenOption> options) throws IOException {
        Provider.Patience none = () -> {
            throw new UnsupportedOperationException("this is a FIFO, no regular file: " + path);
        };
        Channel opened = kernel.openPinned(path, options, none);
        if (opened != null && !(opened instanceof FileChannel)) {
            opened.close();
            none.check();
        }
        return opened != null ? (FileChannel) opened : FileChannel.open(path, options);
    }

    /**
     * Returns why the page cache is not bypassed.
     *
     * @return the system call that refused and its error, or the caller's preference; empty if it is bypassed
     */
    public Optional<String> bufferedBecause() {
        return Optional.of(blocks.refused()).filter(why -> !why.isEmpty());
    }

    /**
     * Returns the alignment that positions, lengths and addresses should have: from {@code statx(STATX_DIOALIGN)} if
     * the kernel has it, otherwise the file system's block size, otherwise 4096.
     *
     * @return bytes, a power of two; 1 if the page cache is not bypassed
     */
    public int alignment() {
        return blocks.alignment();
    }

    /**
     * Allocates a buffer that the device can read and write directly.
     *
     * @param capacity bytes, 0 or more
     * @return a buffer as from {@link Buffers#allocateAligned}
     * @throws IllegalArgumentException if the capacity is negative or too large
     */
    public MutableDirectBuffer allocate(int capacity) {
        return Buffers.allocateAligned(capacity, alignment());
    }

    /**
     * Returns the size of the file.
     *
     * @return bytes
     * @throws ClosedChannelException if it is closed
     * @throws IOException if the size cannot be read
     */
    public long size() throws IOException {
        use.lock();
        try {
            requireOpen();
            return blocks.size();
        } catch (IOException e) {
            throw failures.of(e);
        } finally {
            use.unlock();
        }
    }

    /**
     * Reads into a part of a buffer until the part is full or the file ends.
     *
     * @param position first byte in the file, 0 or more
     * @param target the buffer to read into
     * @param index index of the first byte in the target
     * @param length most bytes
     * @return bytes read; fewer than {@code length} only at the end of the file; -1 if there are none
     * @throws IndexOutOfBoundsException if the part is not inside the target
     * @throws IllegalArgumentException as for {@link #read(long, ByteBuffer)}, or if the buffer is over a bare address
     * @throws NonReadableChannelException if the file was opened for writing only
     * @throws ClosedChannelException if it is closed
     * @throws IOException if the device fails
     */
    public int read(long position, MutableDirectBuffer target, int index, int length) throws IOException {
        return read(position, Buffers.of(target, index, length));
    }

    /**
     * Reads into a buffer, from its position to its limit, until it is full or the file ends. The buffer's position
     * advances by the bytes read.
     *
     * @param position first byte in the file, 0 or more
     * @param target the buffer to read into
     * @return bytes read; fewer than the buffer had room for only at the end of the file; -1 if there are none
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
                throw failures.notReadable();
            }
            int room = target.remaining();
            int n = blocks.read(position, target);
            return n == 0 && room > 0 ? -1 : n;
        } catch (IOException e) {
            throw failures.of(e);
        } finally {
            use.unlock();
        }
    }

    /**
     * Writes a part of a buffer completely. If the position is beyond the end of the file, the gap becomes a hole.
     *
     * @param position first byte in the file, 0 or more
     * @param source the buffer with the bytes
     * @param index index of the first byte in the source
     * @param length bytes to write
     * @throws IndexOutOfBoundsException if the part is not inside the source
     * @throws IllegalArgumentException as for {@link #write(long, ByteBuffer)}, or if the buffer is over a bare address
     * @throws NonWritableChannelException if the file was opened for reading only
     * @throws ClosedChannelException if it is closed
     * @throws IOException as for {@link #write(long, ByteBuffer)}
     */
    public void write(long position, DirectBuffer source, int index, int length) throws IOException {
        write(position, Buffers.of(source, index, length));
    }

    /**
     * Writes a buffer completely, from its position to its limit. Its position advances by the bytes written, even if
     * the write fails. The bytes are on disk after {@link #force()}.
     *
     * @param position first byte in the file, 0 or more
     * @param source the buffer with the bytes
     * @throws IllegalArgumentException if the position is negative or the end would be beyond {@link Long#MAX_VALUE}
     * @throws NonWritableChannelException if the file was opened for reading only
     * @throws ClosedChannelException if it is closed
     * @throws IOException if the device fails or is full; the message says how many bytes were written
     */
    public void write(long position, ByteBuffer source) throws IOException {
        if (position < 0 || position > Long.MAX_VALUE - source.remaining()) {
            throw new IllegalArgumentException(source.remaining() + " bytes at position " + position);
        }
        use.lock();
        try {
            requireOpen();
            if (!writable) {
                throw failures.notWritable();
            }
            blocks.write(position, source);
        } catch (IOException e) {
            throw failures.of(e);
        } finally {
            use.unlock();
        }
    }

    /**
     * Waits until all written bytes and the file's size are on the device: fsync(2).
     *
     * @throws ClosedChannelException if it is closed
     * @throws IOException if the device fails
     */
    public void force() throws IOException {
        use.lock();
        try {
            requireOpen();
            blocks.sync();
        } catch (IOException e) {
            throw failures.of(e);
        } finally {
            use.unlock();
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw failures.closed();
        }
    }

    /**
     * Closes the file after all running calls have returned. A second call does nothing.
     *
     * @throws IOException if the system reports an error
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
