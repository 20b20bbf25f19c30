package io.zerocopy.linux.internal.port;

import io.zerocopy.linux.internal.fd.ChannelLease;
import io.zerocopy.linux.internal.fd.LeaseUse;
import io.zerocopy.linux.sys.memory.Memory;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;

/**
 * A use of a descriptor that knows the address of the buffer that it used last, by the buffer's identity, so that a
 * mover's buffer is looked up once. These fields belong to the port, so a short transfer makes one object less.
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

    /** Has a mapping, which nobody unmaps meanwhile, used where it lies until another buffer is asked for. */
    final void lookUpMapped(ByteBuffer buffer) {
        if (buffer != last && buffer.isDirect()) {
            found(buffer, Memory.addressOfOwn(buffer));
        }
    }

    private boolean found(ByteBuffer buffer, long at) {
        last = at == 0 ? null : buffer;
        address = at;
        return at != 0;
    }

    /** Forgets a buffer that may be pooled. */
    final void forgetBuffer() {
        last = null;
    }

    /** The address of the next byte of the buffer that was asked for last. */
    final long nextAddress() {
        return last.position() + address;
    }

    /** The address of the next byte of a direct buffer. */
    final long nextAddressOf(ByteBuffer direct) {
        return direct.position() + (direct == last ? address : Memory.addressOf(direct));
    }
}
