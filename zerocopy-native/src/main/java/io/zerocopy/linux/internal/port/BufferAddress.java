package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.sys.memory.Memory;
import java.nio.ByteBuffer;

/** Where the bytes of a buffer lie. A pooled buffer comes again and again, and its address is looked up once. */
final class BufferAddress {
    private ByteBuffer last;
    private long address; // of its first byte

    /** Whether a buffer's bytes may be used where they lie. */
    boolean uses(ByteBuffer buffer) {
        return buffer == last || found(buffer, Memory.stableAddressOf(buffer));
    }

    /** As {@link #uses}, of a buffer that is the library's own. */
    boolean usesOwn(ByteBuffer buffer) {
        return buffer == last || (buffer.isDirect() && found(buffer, Memory.addressOfOwn(buffer)));
    }

    private boolean found(ByteBuffer buffer, long at) {
        last = at == 0 ? null : buffer;
        address = at;
        return at != 0;
    }

    /** Lets go of a buffer that may be pooled. */
    void forget() {
        last = null;
    }

    /** Where the next byte of the buffer lies that was asked for last. */
    long next() {
        return last.position() + address;
    }

    /** Where the next byte of a direct buffer lies. */
    long nextOf(ByteBuffer direct) {
        return direct.position() + (direct == last ? address : Memory.addressOf(direct));
    }
}
