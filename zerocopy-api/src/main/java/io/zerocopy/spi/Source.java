package io.zerocopy.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The end that bytes are taken from. */
public interface Source extends Endpoint {
    /**
     * Reads once. On an end in non-blocking mode, or one that {@link #acquire()} made so, this never blocks.
     *
     * @param target where to; at least one byte remains; its position advances by the count
     * @param position file position to read at, without use of the channel's own; ignored where there are no positions
     * @return bytes read, more than 0; or {@link Step#AWAIT_SOURCE} or {@link Step#END}
     * @throws IOException if reading fails or the end was closed
     */
    long read(ByteBuffer target, long position) throws IOException;

    /**
     * The buffers behind a {@link Kind#MEMORY} source, whose positions the mover advances by what was delivered.
     *
     * @return the caller's buffers; null for every other kind
     */
    default ByteBuffer[] buffers() {
        return null;
    }
}
