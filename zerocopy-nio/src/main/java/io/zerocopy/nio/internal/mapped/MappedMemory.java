package io.zerocopy.nio.internal.mapped;

import io.zerocopy.nio.FileTruncatedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The memory behind a mapped file: one region where the JDK maps any size, else regions that begin at every GiB and
 * overlap, so that every GiB of the file lies in one. Private ones must not overlap, for each has pages of its own.
 */
public final class MappedMemory implements Closeable, ViewedMemory {
    private static final long STRIDE = 1L << 30;

    /** More than this no processor can address: 57 bits, of which programs have the lower half. */
    public static final long MOST = 1L << 56;

    /** Half of the mappings that Linux lets a process have, of which the JVM needs some: see vm.max_map_count. */
    private static final int MOST_REGIONS = 1 << 15;

    /** Bytes that take as long to copy as the file's size takes to ask for. */
    private static final int WORTH_A_LOOK = 4096;

    private final MappedRegion[] regions;
    private final long size;
    private final boolean isPrivate;
    private final LongSupplier sizeNow; // of the file's part, or -1
    private final Pins pins = MappedRegion.GUARDED ? null : new Pins();
    private volatile boolean closed;
    private boolean lent; // whether somebody has a buffer that does not know when the mapping is gone

    private MappedMemory(MappedRegion[] regions, long size, boolean isPrivate, LongSupplier sizeNow) {
        this.regions = regions;
        this.size = size;
        this.isPrivate = isPrivate;
        this.sizeNow = sizeNow;
    }

    /** Maps; the channel may be closed afterwards, {@code sizeNow} says how many of the bytes the file still has. */
    public static MappedMemory map(FileChannel channel, MapMode mode, long position, long size, LongSupplier sizeNow)
            throws IOException {
        boolean isPrivate = mode == MapMode.PRIVATE;
        long length = size <= MappedRegion.LARGEST ? size : isPrivate ? STRIDE : MappedRegion.LARGEST;
        long count = size <= MappedRegion.LARGEST ? 1 : (size - 1) / STRIDE + 1;
        if (size > MOST || count > MOST_REGIONS) {
            throw new IOException("a file of " + size + " bytes cannot be mapped: "
                    + (size > MOST ? "no processor can address so many" : "it takes too many mappings before Java 22"));
        }
        List<MappedRegion> regions = new ArrayList<>(); // not an array, which would be large where the first map fails
        try {
            for (int i = 0; i < count; i++) {
                long offset = i * STRIDE;
                regions.add(MappedRegion.map(channel, mode, position + offset, Math.min(length, size - offset)));
            }
            return new MappedMemory(regions.toArray(MappedRegion[]::new), size, isPrivate, sizeNow);
        } catch (IOException | RuntimeException | Error e) {
            regions.forEach(MappedRegion::close);
            throw e;
        }
    }

    public long size() {
        return size;
    }

    public boolean isOpen() {
        return !closed;
    }

    /** Where the buffer does not know when the mapping is gone, this keeps the mapping. */
    @Override
    public synchronized MappedByteBuffer lend(long offset, int length) {
        MappedByteBuffer slice = slice(offset, length);
        lent |= !MappedRegion.GUARDED;
        return slice;
    }

    /** A buffer to be used between {@link #enter()} and {@link #exit()} alone, or inside this object's monitor. */
    @Override
    public synchronized MappedByteBuffer slice(long offset, int length) {
        if (closed) {
            throw gone();
        }
        if (length < 0 || offset < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException("[" + offset + ", +" + length + ") of " + size + " mapped bytes");
        }
        int index = regions.length == 1 ? 0 : (int) Math.min(regions.length - 1, offset / STRIDE);
        long within = offset - index * STRIDE;
        if (length > regions[index].size() - within) {
            throw new UnsupportedOperationException("before Java 22 a "
                    + (isPrivate
                            ? "private view of a file beyond 2 GiB cannot cross a multiple of 1 GiB"
                            : "view of a" + " file beyond 2 GiB is sure to be had up to 1 GiB only"));
        }
        return regions[index].slice(within, length);
    }

    @Override
    public void enter() {
        if (pins == null ? closed : !pins.enter()) {
            throw gone();
        }
    }

    /**
     * Enters for an access to many bytes, before which it is worth a look whether the file still has them: the fault that
     * would follow is thrown late by most JDKs, at some other place of the thread.
     */
    @Override
    public void enter(long offset, int length) {
        enter();
        if (length >= WORTH_A_LOOK) {
            long now = sizeNow.getAsLong();
            if (now >= 0 && now < Math.min(size, offset + length)) {
                exit();
                throw new FileTruncatedException(size, now, null);
            }
        }
    }

    @Override
    public void exit() {
        if (pins != null) {
            pins.exit();
        }
    }

    private static IllegalStateException gone() {
        return new IllegalStateException("the mapped file is closed");
    }

    /** What an access came to that the JVM could not make: the file has become shorter, or its disk has failed. */
    @Override
    public RuntimeException failed(InternalError error) {
        long now = sizeNow.getAsLong();
        return new FileTruncatedException(size, now, error);
    }

    /** Bytes of the mapped part that the file still has; -1 where that is not known. */
    public long sizeNow() {
        return sizeNow.getAsLong();
    }

    /**
     * Unmaps.
     *
     * @throws IllegalStateException if a channel is reading or writing a buffer at this moment; nothing has changed then
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        boolean empty = true;
        if (pins != null) {
            closed = true;
            empty = pins.close();
        }
        for (MappedRegion region : regions) {
            if (lent || !empty) {
                region.abandon();
            } else {
                region.close();
            }
        }
        closed = true;
    }
}
