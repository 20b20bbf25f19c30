package io.zerocopy.nio.internal.ports;

import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.Thrown;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;

/**
 * A target whose readiness cannot be observed. For a JDK channel, a heap buffer is replaced by a pooled direct buffer;
 * the JDK would use a temporary direct buffer, which the thread then keeps for ever. A foreign target gets the bytes in
 * {@link SeenMemory}, unless the mover says that they are in memory of the caller, or of this transfer alone.
 */
public abstract class TargetPort implements Target {
    private final Closeable end; // null unless foreign
    private final boolean foreign;
    private final boolean directOnly;
    private final SeenMemory seen; // null unless foreign
    private LimitedWait limited; // null unless the transfer has a timeout
    private final Thrown thrown;
    private Throwable failure; // the failure of a write that took some bytes before it failed; the next write throws it

    TargetPort(Closeable end) {
        this.foreign = !JdkChannels.isOfJdk(end);
        this.end = foreign ? end : null;
        this.directOnly = !foreign && end instanceof Channel;
        this.seen = foreign ? new SeenMemory() : null;
        this.thrown = new Thrown(foreign);
    }

    /** Whether foreign code sees the memory that the target writes from. */
    public final boolean isForeign() {
        return foreign;
    }

    /** Writes once. Returns a count, or 0 if the target takes nothing now. */
    abstract int writeOnce(ByteBuffer source, long position) throws IOException;

    @Override
    public final long write(ByteBuffer source, long position) throws IOException {
        return outcome(
                foreign
                        ? writeApart(source, position)
                        : directOnly && !source.isDirect()
                                ? writeStaged(source, position)
                                : writeTold(source, position));
    }

    /**
     * Writes like {@link #write(ByteBuffer, long)} from memory that a foreign target may see and keep: memory of this
     * transfer alone, or of the caller, who would pass it to that target without this library too.
     */
    public final long writeShown(ByteBuffer source, long position) throws IOException {
        boolean asItIs = foreign && (channel() != null || source.hasArray()); // a stream takes arrays
        return asItIs ? outcome(writeTold(source, position)) : write(source, position);
    }

    /**
     * Writes once. If an interrupt makes the JDK throw although bytes were written, the buffer's position shows how
     * many.
     */
    private int writeTold(ByteBuffer source, long position) throws IOException {
        tellFailure();
        if (foreign) {
            return writeForeign(source, position);
        }
        int before = source.position();
        try {
            return writeOnce(source, position);
        } catch (IOException e) {
            return (int) taken(source.position() - before, e);
        }
    }

    /**
     * Writes to a foreign target. The position of the buffer says what the target has taken, even if the target fails
     * or returns another count. The target gets a buffer object of its own, so that it cannot move the position later.
     */
    private int writeForeign(ByteBuffer source, long position) throws IOException {
        ByteBuffer shown = source.duplicate();
        Throwable failed;
        try {
            int answer = writeOnce(shown, position);
            failed = thrown.here(Answer.contradiction(end, "write", answer, source, shown));
        } catch (Throwable e) { // foreign code may throw anything
            failed = thrown.there(e);
        }
        int moved = Answer.moved(source, shown);
        source.position(source.position() + moved);
        return failed == null ? moved : (int) taken(moved, failed);
    }

    /** Returns the bytes that a write took before it failed, because they count; the next write throws the failure. */
    final long taken(long bytes, Throwable e) throws IOException {
        failure = thrown.here(e);
        if (bytes <= 0) {
            tellFailure();
        }
        return bytes;
    }

    /** Throws the failure of the last write, if that write took some bytes. */
    public final void tellFailure() throws IOException {
        Throwable told = failure;
        failure = null;
        if (told != null) {
            Thrown.<IOException>again(told);
        }
    }

    /** Throws the failure of the write of the last bytes to a foreign target, if it failed. */
    @Override
    public void push() throws IOException {
        if (foreign) {
            tellFailure();
        }
    }

    static long outcome(long n) {
        return n > 0 ? n : Step.AWAIT_TARGET;
    }

    private int writeApart(ByteBuffer source, long position) throws IOException {
        ByteBuffer room = seen.room(source.remaining());
        room.put(0, source, source.position(), room.limit());
        int n = writeTold(room, position);
        source.position(source.position() + n);
        return n;
    }

    private int writeStaged(ByteBuffer source, long position) throws IOException {
        ByteBuffer staging = BufferPool.DIRECT.take(source.remaining());
        try {
            int offered = Math.min(staging.capacity(), source.remaining());
            staging.put(0, source, source.position(), offered).limit(offered);
            int n = writeTold(staging, position);
            source.position(source.position() + n);
            return n;
        } finally {
            BufferPool.DIRECT.give(staging);
        }
    }

    @Override
    public final boolean hasThrown(Throwable failed) {
        return thrown.is(failed);
    }

    @Override
    public final boolean isForeign(Throwable failed) {
        return thrown.isTheirs(failed);
    }

    /** Remembers what another call of the end has thrown. No lambda makes the call: see {@link Thrown}. */
    final void told(Throwable failure) {
        thrown.there(failure);
    }

    @Override
    public String name() {
        return foreign ? end.getClass().getName() : facts().kind().label();
    }

    @Override
    public void limitWaits() throws IOException {
        limited = LimitedWait.on(channel(), SelectionKey.OP_WRITE);
    }

    @Override
    public final boolean await(long nanos) throws IOException {
        return limited != null ? limited.await(nanos) : Pause.atMost(nanos);
    }

    @Override
    public void release() {
        if (foreign) {
            seen.forget();
        }
        if (limited != null) {
            limited.end();
            limited = null;
        }
    }

    @Override
    public String toString() {
        return facts().label();
    }
}
