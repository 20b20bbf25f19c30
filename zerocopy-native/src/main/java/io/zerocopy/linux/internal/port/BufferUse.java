package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.LeaseUse;
import io.zerocopy.linux.sys.memory.Memory;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/**
 * A use of a descriptor that knows where the bytes of its buffers lie. A pooled buffer comes again and again, and its address
 * is looked up once. These are fields of the port and no object of their own, so that a short transfer makes one less.
 */
abstract class BufferUse extends LeaseUse {
    private ByteBuffer last;
    private long address; // of its first byte

    BufferUse(Channel channel, ChannelLease lease) {
        super(channel, lease);
    }

    /** Whether a buffer's bytes may be used where they lie. */
    final boolean usesAddressOf(ByteBuffer buffer) {
        return buffer == last || found(buffer, Memory.stableAddressOf(buffer));
    }

    /** As {@link #usesAddressOf}, of a buffer that is the library's own. */
    final boolean usesAddressOfOwn(ByteBuffer buffer) {
        return buffer == last || (buffer.isDirect() && found(buffer, Memory.addressOfOwn(buffer)));
    }

    private boolean found(ByteBuffer buffer, long at) {
        last = at == 0 ? null : buffer;
        address = at;
        return at != 0;
    }

    /** Lets go of a buffer that may be pooled. */
    final void forgetBuffer() {
        last = null;
    }

    /** Where the next byte of the buffer lies that was asked for last. */
    final long nextAddress() {
        return last.position() + address;
    }

    /** Where the next byte of a direct buffer lies. */
    final long nextAddressOf(ByteBuffer direct) {
        return direct.position() + (direct == last ? address : Memory.addressOf(direct));
    }
}
