package io.zerocopy.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** The end that bytes are brought to. */
public interface Target extends Endpoint {
    /** The position that stands for "where the target stands": streams, and files opened for append. */
    long NO_POSITION = -1;

    /**
     * Writes once. On an end in non-blocking mode, or one that {@link #acquire()} made so, this never blocks.
     *
     * @param source what to write; at least one byte remains; its position advances by the count
     * @param position file position to write at, without use of the channel's own; {@link #NO_POSITION} where there
     *     are no positions
     * @return bytes written, more than 0; or {@link Step#AWAIT_TARGET}
     * @throws IOException if writing fails or the end was closed; the buffer's position then tells what was written
     */
    long write(ByteBuffer source, long position) throws IOException;

    /**
     * Writes several buffers at once, as many as one call takes. As {@link #write(ByteBuffer, long)} otherwise.
     *
     * @param sources what to write; positions advance by what was written
     * @param from index of the first buffer
     * @param to index after the last buffer, more than {@code from}
     * @param position as above
     * @return bytes written, more than 0; or {@link Step#AWAIT_TARGET}
     * @throws IOException if writing fails or the end was closed
     */
    default long write(ByteBuffer[] sources, int from, int to, long position) throws IOException {
        for (int i = from; i < to; i++) {
            if (sources[i].hasRemaining()) {
                return write(sources[i], position);
            }
        }
        throw new IllegalArgumentException("no byte remains in the buffers");
    }

    /**
     * Writes bytes of a mover's own buffer, whose memory nobody but that mover can take away; otherwise as {@link
     * #write(ByteBuffer, long)}.
     *
     * @param source bytes; its position moves
     * @param position file position, or {@link #NO_POSITION}
     * @return bytes moved, or a code of {@link Step}
     * @throws IOException if the end fails or is closed
     */
    default long writeOwn(ByteBuffer source, long position) throws IOException {
        return write(source, position);
    }

    /**
     * Says whether bytes follow at once on those that are brought from now on, so that a last packet that is not full
     * may wait for them. Only says: no system call is made and nothing is sent off by it.
     *
     * @param follows false, as it is at the start, for the last bytes or where nobody knows
     */
    default void more(boolean follows) {}

    /**
     * Sends off what waits for more since {@link #more}; called when the transfer waits for its source or is complete,
     * and by {@link #release()}. Does nothing where nothing waits.
     *
     * @throws IOException if the end is closed or refuses
     */
    default void push() throws IOException {}

    /**
     * Waits until the kernel may have let go of memory that a mover has sent in place, after
     * {@link Step#AWAIT_RELEASE}. Otherwise as {@link #await(long, BooleanSupplier)}.
     *
     * @param nanos longest wait in nanoseconds, more than 0
     * @param alive answers false once the wait is of no use
     * @return true if it may have
     * @throws IOException if waiting fails
     */
    default boolean awaitRelease(long nanos, BooleanSupplier alive) throws IOException {
        return await(nanos, alive);
    }

    /**
     * Brings a file's data and size to disk; does nothing where there is no file.
     *
     * @throws IOException if the disk refuses
     */
    default void force() throws IOException {}

    /**
     * Has the kernel begin to bring a part of the file to disk, without waiting; does nothing where that is not possible.
     *
     * @param position first byte
     * @param count bytes
     * @throws IOException if the end was closed
     */
    default void beginWriting(long position, long count) throws IOException {}

    /**
     * Makes a range of a file read as zeros without writing them: what is there becomes a hole, what is behind the end
     * stays there, so the file does not get longer.
     *
     * @param position first byte
     * @param count bytes, more than 0
     * @return false if this end cannot do that, in which case nothing has changed
     * @throws IOException if the end was closed
     */
    default boolean zero(long position, long count) throws IOException {
        return false;
    }

    /**
     * Makes a file at least this long, for what was {@linkplain #zero zeroed} at its end. Never makes it shorter.
     *
     * @param zeros first byte of what was zeroed
     * @param size bytes that the file is to have, more than {@code zeros}
     * @param alone whether nobody else can be writing to the file, so that its size may be set instead of written to
     * @throws IOException if the file cannot be as long, or the end was closed
     */
    default void extend(long zeros, long size, boolean alone) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Says that what is written from now on need not stay in the page cache. A wish, which may come to nothing; does
     * nothing where there is no page cache.
     */
    default void dropWritten() {}
}
