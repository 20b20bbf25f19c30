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

    private static final boolean HAS_ARENAS = Runtime.version().feature() >= 22; // before, only as a preview

    /** The class of scopes that cannot be closed; null if there are no arenas, or if it could not be found. */
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
            forEver = scope.invoke(lookup.findStaticGetter(type, "NULL", type).invoke()) // needs no memory
                    .getClass();
        } catch (Throwable none) {
            forEver = null;
        }
        SEGMENT = segment;
        SCOPE = scope;
        FOR_EVER = forEver;
    }

    private ArenaScopes() {}

    /** Returns whether a direct buffer's memory may be freed before the buffer is. */
    static boolean canBeClosed(ByteBuffer direct) {
        if (FOR_EVER == null) {
            return HAS_ARENAS; // then nothing is known to live long enough
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
