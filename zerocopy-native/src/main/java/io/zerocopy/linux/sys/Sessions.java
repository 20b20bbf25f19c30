package io.zerocopy.linux.sys;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Tells buffers whose memory stays for as long as they are reachable from those whose memory somebody can take away, or
 * keep for one thread: the buffers of an {@code Arena}, of Java 22 and newer. What a call is given is an address, which
 * nobody checks and which keeps nobody from closing the arena; so such a buffer is read and written through the JDK, which
 * does both, and only copies of its bytes are used by address.
 */
final class Sessions {
    private static final MethodHandle SEGMENT;
    private static final MethodHandle SCOPE;

    /** The kind of scope that nobody can close; null where there are no arenas. */
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
            forEver = scope.invoke(segment.invoke((Buffer) ByteBuffer.allocateDirect(1)))
                    .getClass();
        } catch (Throwable none) {
            forEver = null; // before 22 there are none, or only as a preview
        }
        SEGMENT = segment;
        SCOPE = scope;
        FOR_EVER = forEver;
    }

    private Sessions() {}

    /** Whether a direct buffer's memory may go before the buffer does. */
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
