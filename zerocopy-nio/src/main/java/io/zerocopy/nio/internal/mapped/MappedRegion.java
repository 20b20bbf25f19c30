package io.zerocopy.nio.internal.mapped;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * A mapping of a part of a file that is unmapped when it is closed, not when the garbage collector runs.
 *
 * <p>From 22 on the JDK supports this: a mapping in an {@code Arena} can have any size, and its buffers check that it
 * still exists. The methods are found by name, because this library is compiled for 17. Before 22,
 * {@code sun.misc.Unsafe.invokeCleaner} unmaps, without a warning up to 23. An access to a buffer afterwards then
 * crashes the JVM, so close such a region only when no thread can access it any more. (Agrona's {@code IoUtil.unmap} is
 * the same call, but 1.x causes a warning on 24 and 2.x fails without a flag.) If neither works, the garbage collector
 * unmaps.
 */
public final class MappedRegion implements Closeable {
    private static final Arenas ARENAS = Runtime.version().feature() >= 22 ? Arenas.find() : null;
    private static final MethodHandle INVOKE_CLEANER = ARENAS == null ? findInvokeCleaner() : null;

    /** Whether buffers of a region check at each access that it still exists, so that it can be closed at any time. */
    public static final boolean GUARDED = ARENAS != null;

    /** Bytes of the largest region that can be mapped. */
    public static final long LARGEST = ARENAS != null ? Long.MAX_VALUE : Integer.MAX_VALUE;

    private final long size;
    private final Object segment; // the mapping in the arena, or null
    private MappedByteBuffer buffer; // the mapping if there is no arena; null once closed
    private AutoCloseable arena;

    private MappedRegion(long size, Object segment, AutoCloseable arena, MappedByteBuffer buffer) {
        this.size = size;
        this.segment = segment;
        this.arena = arena;
        this.buffer = buffer;
    }

    /**
     * Maps a part of a file.
     *
     * @param channel the file; it may be closed afterwards
     * @param mode as for {@link FileChannel#map}
     * @param position first byte
     * @param size bytes, at most {@link #LARGEST}
     * @return the mapping
     * @throws IOException if the file cannot be mapped
     */
    public static MappedRegion map(FileChannel channel, MapMode mode, long position, long size) throws IOException {
        if (ARENAS == null) {
            return new MappedRegion(size, null, null, channel.map(mode, position, size));
        }
        AutoCloseable arena = ARENAS.open();
        try {
            return new MappedRegion(size, ARENAS.map(channel, mode, position, size, arena), arena, null);
        } catch (IOException | RuntimeException | Error e) {
            close(arena);
            throw e;
        }
    }

    public long size() {
        return size;
    }

    /** Returns a part of the region. It must not be accessed after the region is closed, unless {@link #GUARDED}. */
    public MappedByteBuffer slice(long offset, int length) {
        if (segment != null) {
            return (MappedByteBuffer) ARENAS.slice(segment, offset, length);
        }
        if (buffer == null) {
            throw new IllegalStateException("the mapping is gone");
        }
        return buffer.slice((int) offset, length);
    }

    /**
     * Unmaps. A second call does nothing.
     *
     * @throws IllegalStateException if a buffer of a {@link #GUARDED} region is being read or written by a channel
     */
    @Override
    public void close() {
        if (arena != null) {
            close(arena);
            arena = null;
        }
        MappedByteBuffer unmapped = buffer;
        buffer = null;
        if (unmapped != null && INVOKE_CLEANER != null) {
            try {
                INVOKE_CLEANER.invoke((ByteBuffer) unmapped);
            } catch (Throwable unmappedLater) {
                buffer = null; // the garbage collector unmaps it
            }
        }
    }

    /** Leaves the unmapping to the garbage collector, when no buffer of the region is reachable any more. */
    public void abandon() {
        buffer = null;
    }

    private static void close(AutoCloseable arena) {
        try {
            arena.close();
        } catch (RuntimeException inUse) {
            throw inUse;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static MethodHandle findInvokeCleaner() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field instance = unsafe.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return MethodHandles.publicLookup()
                    .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(instance.get(null));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError absent) {
            return null;
        }
    }

    /** {@code Arena.ofShared()}, {@code FileChannel.map(mode, position, size, arena)}, {@code asSlice} and {@code asByteBuffer}. */
    private record Arenas(
            MethodHandle ofShared, MethodHandle mapSegment, MethodHandle asSlice, MethodHandle asByteBuffer) {
        static Arenas find() {
            try {
                Class<?> arena = Class.forName("java.lang.foreign.Arena");
                Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                return new Arenas(
                        lookup.findStatic(arena, "ofShared", MethodType.methodType(arena)),
                        lookup.findVirtual(
                                FileChannel.class,
                                "map",
                                MethodType.methodType(segment, MapMode.class, long.class, long.class, arena)),
                        lookup.findVirtual(segment, "asSlice", MethodType.methodType(segment, long.class, long.class)),
                        lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class)));
            } catch (ReflectiveOperationException | RuntimeException | LinkageError absent) {
                return null;
            }
        }

        /** Shared, because the next step of a session may run on another thread. */
        AutoCloseable open() {
            try {
                return (AutoCloseable) ofShared.invoke();
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        Object map(FileChannel channel, MapMode mode, long position, long size, AutoCloseable arena)
                throws IOException {
            try {
                return mapSegment.invoke(channel, mode, position, size, arena);
            } catch (IOException e) {
                throw e;
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        ByteBuffer slice(Object segment, long offset, long length) {
            try {
                Object part = asSlice.invoke(segment, offset, length);
                return (ByteBuffer) asByteBuffer.invoke(part);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        private static RuntimeException unexpected(Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
        }
    }
}
