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
 * The memory of a mapped file. If the JDK can map any size, it is one region. Otherwise a region starts at every
 * multiple of 1 GiB and the regions overlap, so that any 1 GiB of the file lies within one region. Private regions must
 * not overlap, because each has its own pages.
 */
public final class MappedMemory implements Closeable, ViewedMemory {
    private static final long STRIDE = 1L << 30;

    /** No processor can address more than this: 57 bits, of which programs have the lower half. */
    public static final long MOST = 1L << 56;

    /** Half of the mappings that Linux lets a process have, some of which the JVM needs: see vm.max_map_count. */
    private static final int MOST_REGIONS = 1 << 15;

    /** Copying this many bytes takes as long as reading the file's size. */
    private static final int WORTH_A_LOOK = 4096;

    private final MappedRegion[] regions;
    private final long size;
    private final boolean isPrivate;
    private final LongSupplier sizeNow; // current size of the mapped part, or -1
    private final Pins pins = MappedRegion.GUARDED ? null : new Pins();
    private volatile boolean closed;
    private boolean lent; // whether a buffer was handed out that cannot check whether the mapping still exists

    private MappedMemory(MappedRegion[] regions, long size, boolean isPrivate, LongSupplier sizeNow) {
        this.regions = regions;
        this.size = size;
        this.isPrivate = isPrivate;
        this.sizeNow = sizeNow;
    }

    /**
     * Maps a part of a file. The channel may be closed afterwards; {@code sizeNow} returns how many of the bytes the
     * file still has.
     */
    public static MappedMemory map(FileChannel channel, MapMode mode, long position, long size, LongSupplier sizeNow)
            throws IOException {
        boolean isPrivate = mode == MapMode.PRIVATE;
        long length = size <= MappedRegion.LARGEST ? size : isPrivate ? STRIDE : MappedRegion.LARGEST;
        long count = size <= MappedRegion.LARGEST ? 1 : (size - 1) / STRIDE + 1;
        if (size > MOST || count > MOST_REGIONS) {
            throw new IOException("a file of " + size + " bytes cannot be mapped: "
                    + (size > MOST ? "no processor can address so many" : "it takes too many mappings before Java 22"));
        }
        List<MappedRegion> regions = new ArrayList<>(); // an array could be large, for nothing if the first map fails
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

    /** Returns a buffer that may be kept. If it cannot check whether the mapping still exists, the mapping is kept. */
    @Override
    public synchronized MappedByteBuffer lend(long offset, int length) {
        MappedByteBuffer slice = slice(offset, length);
        lent |= !MappedRegion.GUARDED;
        return slice;
    }

    /**
     * Returns a buffer to be used only between {@link #enter()} and {@link #exit()}, or inside this object's monitor.
     */
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
                            : "view of a" + " file beyond 2 GiB is guaranteed only up to 1 GiB"));
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
     * Enters for an access to {@code length} bytes. If they are many, checks first whether the file still has them,
     * because most JDKs throw the fault late, at some other place in the thread.
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

    /**
     * Returns the exception for an access that the JVM could not make: the file has become shorter, or its disk has
     * failed.
     */
    @Override
    public RuntimeException failed(InternalError error) {
        long now = sizeNow.getAsLong();
        return new FileTruncatedException(size, now, error);
    }

    /** Bytes of the mapped part that the file still has; -1 if unknown. */
    public long sizeNow() {
        return sizeNow.getAsLong();
    }

    /**
     * Unmaps the file.
     *
     * @throws IllegalStateException if a channel is reading or writing a buffer at this moment; nothing has then
     *     changed
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
