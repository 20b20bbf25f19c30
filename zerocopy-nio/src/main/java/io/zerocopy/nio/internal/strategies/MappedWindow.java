package io.zerocopy.nio.internal.strategies;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/**
 * A read-only mapping of a part of a file that is gone when it is closed, not when the collector comes by.
 *
 * <p>From 22 on the JDK has that: a mapping in an {@code Arena}, found by name since this library is compiled for 17.
 * Before, {@code sun.misc.Unsafe.invokeCleaner} ends a mapping, without a warning up to 23. (Agrona's {@code
 * IoUtil.unmap} is the same call, but its 1.x line brings a warning on 24 and its 2.x line fails without a flag.) Where
 * neither works the collector ends it.
 */
final class MappedWindow implements Closeable {
    private static final MethodHandle INVOKE_CLEANER;
    private static final Arenas ARENAS;

    static {
        ARENAS = Runtime.version().feature() >= 22 ? Arenas.find() : null;
        INVOKE_CLEANER = ARENAS == null ? findInvokeCleaner() : null;
    }

    private final ByteBuffer buffer;
    private AutoCloseable arena;
    private boolean closed;

    private MappedWindow(ByteBuffer buffer, AutoCloseable arena) {
        this.buffer = buffer;
        this.arena = arena;
    }

    static MappedWindow map(FileChannel channel, long position, long size) throws IOException {
        if (ARENAS == null) {
            return new MappedWindow(channel.map(MapMode.READ_ONLY, position, size), null);
        }
        AutoCloseable arena = ARENAS.open();
        try {
            return new MappedWindow(ARENAS.map(channel, position, size, arena), arena);
        } catch (IOException | RuntimeException | Error e) {
            close(arena);
            throw e;
        }
    }

    /** The mapped bytes; not to be touched once the window is closed. */
    ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (arena != null) {
            close(arena);
            arena = null;
        } else if (INVOKE_CLEANER != null) {
            try {
                INVOKE_CLEANER.invoke(buffer);
            } catch (Throwable unmappedLater) {
                closed = true; // the collector does it
            }
        }
    }

    private static void close(AutoCloseable arena) {
        try {
            arena.close();
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

    /** {@code Arena.ofShared()}, {@code FileChannel.map(mode, position, size, arena)} and {@code asByteBuffer()}. */
    private record Arenas(MethodHandle ofShared, MethodHandle mapSegment, MethodHandle asByteBuffer) {
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
                        lookup.findVirtual(segment, "asByteBuffer", MethodType.methodType(ByteBuffer.class)));
            } catch (ReflectiveOperationException absent) {
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

        ByteBuffer map(FileChannel channel, long position, long size, AutoCloseable arena) throws IOException {
            try {
                Object segment = mapSegment.invoke(channel, MapMode.READ_ONLY, position, size, arena);
                return (ByteBuffer) asByteBuffer.invoke(segment);
            } catch (IOException e) {
                throw e;
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
