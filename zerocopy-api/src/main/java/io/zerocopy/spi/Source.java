package io.zerocopy.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The end from which bytes are taken. */
public interface Source extends Endpoint {
    /**
     * Instead of a file position: the channel's own position, which a read moves by the bytes that it has read. Only for
     * ports whose {@link #lastSize()} is not negative.
     */
    long OWN_POSITION = -1;

    /**
     * Reads once. Never blocks if the end is in non-blocking mode, or if {@link #acquire()} made it so.
     *
     * @param target the buffer to read into; at least one byte remains; its position advances by the count
     * @param position file position to read at, without using the channel's own position; or {@link #OWN_POSITION};
     *     ignored if there are no positions
     * @return bytes read, more than 0; or {@link Step#AWAIT_SOURCE} or {@link Step#END}
     * @throws IOException if reading fails or the end was closed
     */
    long read(ByteBuffer target, long position) throws IOException;

    /**
     * Returns the size of the file when it was last looked at, without a look. It may have another size by now, so this
     * is only good for an expectation.
     *
     * @return bytes; -1 if that is not known, or if this port does not read at the channel's own position
     */
    default long lastSize() {
        return -1;
    }

    /**
     * Moves the channel's own position back by bytes that were read there and not delivered.
     *
     * @param count how many
     * @throws IOException if it cannot be moved
     */
    default void stepBack(long count) throws IOException {
        throw new UnsupportedOperationException("this port does not read at the channel's own position");
    }

    /**
     * Returns the buffers behind a {@link EndpointKind#MEMORY} source. The mover advances their positions by the bytes
     * delivered.
     *
     * @return the caller's buffers; null for every other kind
     */
    default ByteBuffer @Nullable [] buffers() {
        return null;
    }

    /**
     * Finds the data at or after a position of a file, so that holes need not be read. If the file is being written to,
     * the answer may be out of date at once, like anything else that is read from it.
     *
     * @param position file position, before the file's end
     * @param ownPositionUntouched whether the channel's own position must not be moved, not even for a moment, if
     *     another thread could see it
     * @return the first extent that ends after the position; null if holes cannot be distinguished from data, or if
     *     there are certainly none
     * @throws IOException if the end was closed
     */
    default @Nullable Extent extent(long position, boolean ownPositionUntouched) throws IOException {
        return null;
    }
}
