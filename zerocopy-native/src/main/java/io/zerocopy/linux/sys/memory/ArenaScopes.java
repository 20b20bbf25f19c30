package io.zerocopy.linux.sys.memory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Distinguishes buffers whose memory lives as long as they are reachable from buffers of an {@code Arena} (Java 22 and
 * newer) that can be closed or belongs to one thread. A system call gets only an address: nothing checks it, and
 * nothing keeps the arena from being closed meanwhile. A buffer of such an arena is therefore read and written through
 * the JDK, which does both, and only copies of its bytes are used by address.
 */
final class ArenaScopes {
    private static final MethodHandle SEGMENT;
    private static final MethodHandle SCOPE;

    /** The class of scopes that cannot be closed; null if there are no arenas. */
    private static final Class<?> FOR_EVER;

    static {
        MethodHandle segment = null;
        MethodHandle scope = null;
        Class<?> forEver = null;
        try {
            Class<?> type = Class.forName("java.lang.foreign.MemorySegment");
            Class<?> scopes = Class.forName("java.lang.foreign.MemorySegment$Scope");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            segment = lookup.findStatic(type, "ofBuffer", MethodType.methodType(type, Buffer.class))
                    .asType(MethodType.methodType(Object.class, Buffer.class));
            scope = lookup.findVirtual(type, "scope", MethodType.methodType(scopes))
                    .asType(MethodType.methodType(Object.class, Object.class));
            forEver = scope.invoke(segment.invoke((Buffer) withoutArena())).getClass();
        } catch (Throwable none) {
            forEver = null; // before 22 there are no arenas, or only as a preview
        }
        SEGMENT = segment;
        SCOPE = scope;
        FOR_EVER = forEver;
    }

    private ArenaScopes() {}

    /** A direct buffer; where there is no memory for it now, one on the heap, whose scope is of the same class. */
    private static ByteBuffer withoutArena() {
        try {
            return ByteBuffer.allocateDirect(1);
        } catch (OutOfMemoryError noDirectMemory) {
            return ByteBuffer.allocate(1);
        }
    }

    /** Returns whether a direct buffer's memory may be freed before the buffer is. */
    static boolean canBeClosed(ByteBuffer direct) {
        if (FOR_EVER == null) {
            return false;
        }
        try {
            Object scope = (Object) SCOPE.invokeExact((Object) SEGMENT.invokeExact((Buffer) direct));
            return scope.getClass() != FOR_EVER;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable never) {
            throw new IllegalStateException(never);
        }
    }
}
