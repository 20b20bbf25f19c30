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
     * Reads into a mover's own buffer, whose memory nobody but that mover can take away; otherwise as {@link #read}.
     *
     * @param target where to; its position advances by the count
     * @param position file position, ignored where there are no positions
     * @return bytes read, or a code of {@link Step}
     * @throws IOException if reading fails or the end was closed
     */
    default long readOwn(ByteBuffer target, long position) throws IOException {
        return read(target, position);
    }

    /**
     * The buffers behind a {@link Kind#MEMORY} source, whose positions the mover advances by what was delivered.
     *
     * @return the caller's buffers; null for every other kind
     */
    default ByteBuffer @Nullable [] buffers() {
        return null;
    }

    /**
     * Finds the data at or behind a position of a file, so that holes need not be read. The answer may be out of date at
     * once where somebody writes to the file, as anything that is read from it.
     *
     * @param position file position, before the file's end
     * @param ownPositionUntouched whether the channel's own position is the caller's, not to be moved even for a moment
     *     where somebody else could see it
     * @return the first extent that ends behind the position; null where holes cannot be told from data, or where there
     *     are surely none
     * @throws IOException if the end was closed
     */
    default @Nullable Extent extent(long position, boolean ownPositionUntouched) throws IOException {
        return null;
    }
}
