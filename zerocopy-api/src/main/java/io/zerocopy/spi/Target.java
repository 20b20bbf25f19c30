package io.zerocopy.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** The end to which bytes are brought. */
public interface Target extends Endpoint {
    /** Stands for the target's current position: used for streams, and for files opened for append. */
    long NO_POSITION = -1;

    /**
     * Tells whether a call that cannot be told not to wait, such as sendfile(2), would have to switch the mode of this end
     * before and back after, while its plain writes need no switch.
     *
     * @return true if so now; false if the mode is as such a call needs it, if there is no mode, or if writes need a switch
     *     as well
     */
    default boolean switchesMode() {
        return false;
    }

    /**
     * Writes once. Never blocks if the end is in non-blocking mode, or if {@link #acquire()} made it so.
     *
     * @param source the bytes to write; at least one byte remains; its position advances by the count
     * @param position file position to write at, without using the channel's own position; {@link #NO_POSITION} if
     *     there are no positions
     * @return bytes written, more than 0; or {@link Step#AWAIT_TARGET}
     * @throws IOException if writing fails or the end was closed; the buffer's position then shows how much was written
     */
    long write(ByteBuffer source, long position) throws IOException;

    /**
     * Writes several buffers at once, as many as one call takes; otherwise like {@link #write(ByteBuffer, long)}.
     *
     * @param sources the bytes to write; positions advance by the bytes written
     * @param from index of the first buffer
     * @param to index after the last buffer, more than {@code from}
     * @param position as for {@link #write(ByteBuffer, long)}
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
     * Writes pages of a file that the mover itself has mapped; otherwise like {@link #write(ByteBuffer, long)}. The mover
     * promises that they stay mapped during the call. Of other memory a target does not know that: a program may close the
     * {@code Arena} of its buffer at any time, so that a target whose system calls get an address alone copies such bytes.
     *
     * @param source the mapped bytes to write; its position advances by the count
     * @param position file position, or {@link #NO_POSITION}
     * @return bytes written, or a code of {@link Step}
     * @throws IOException if writing fails or the end was closed
     */
    default long writeMapped(ByteBuffer source, long position) throws IOException {
        return write(source, position);
    }

    /**
     * Announces whether more bytes will directly follow the bytes written from now on, so that a last packet that is
     * not full may wait for them. It only sets a flag: it makes no system call and sends nothing.
     *
     * @param follows false, which is the initial state, for the last bytes, or if it is not known
     */
    default void more(boolean follows) {}

    /**
     * Sends the bytes that have been waiting for more bytes since {@link #more}. Called when the transfer waits for its
     * source or is complete, and by {@link #release()}. Does nothing if no bytes wait.
     *
     * @throws IOException if the end is closed or refuses
     */
    default void push() throws IOException {}

    /**
     * Waits, after {@link Step#AWAIT_RELEASE}, until the kernel may have released memory that a mover has sent in
     * place; otherwise like {@link #await(long, BooleanSupplier)}.
     *
     * @param nanos longest wait in nanoseconds, more than 0
     * @param alive returns false once the wait is no longer needed
     * @return true if the kernel may have released it
     * @throws IOException if waiting fails
     */
    default boolean awaitRelease(long nanos, BooleanSupplier alive) throws IOException {
        return await(nanos, alive);
    }

    /**
     * Forces a file's data and size to disk; does nothing if the target is not a file.
     *
     * @throws IOException if that fails
     */
    default void force() throws IOException {}

    /**
     * Makes the kernel start to write a part of the file to disk, without waiting for it; does nothing if that is not
     * possible.
     *
     * @param position first byte
     * @param count bytes
     * @throws IOException if the end was closed
     */
    default void beginWriting(long position, long count) throws IOException {}

    /**
     * Makes a range of a file read as zeros without writing them: existing data becomes a hole. The size of the file
     * does not change, even if the range goes beyond its end.
     *
     * @param position first byte
     * @param count bytes, more than 0
     * @return true if done; false if this end cannot do that, and then nothing has changed
     * @throws IOException if the end was closed
     */
    default boolean zero(long position, long count) throws IOException {
        return false;
    }

    /**
     * Makes a file at least this long, after a range at its end was {@linkplain #zero zeroed}. Never makes it shorter.
     *
     * @param zeros first byte of the zeroed range
     * @param size size of the file afterwards, more than {@code zeros}
     * @param alone whether no one else can be writing to the file, so that its size may be set directly instead of by a
     *     write
     * @throws IOException if the file cannot be that long, or the end was closed
     */
    default void extend(long zeros, long size, boolean alone) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Cuts a file to a size. A file that is not longer stays as it is. An end with a descriptor does this even if the thread
     * is interrupted, and stays open.
     *
     * @param size the new size, 0 or more
     * @throws IOException if the file cannot be cut, or the end was closed
     */
    default void truncate(long size) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Announces that bytes written from now on need not stay in the page cache. This is a hint, which may have no
     * effect; it does nothing if there is no page cache.
     */
    default void dropWritten() {}
}
