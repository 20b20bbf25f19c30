package io.zerocopy.nio.internal.ports;

import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.Thrown;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.Source;
import io.zerocopy.spi.Step;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;

/**
 * A source whose readiness cannot be observed. For a JDK channel, a heap buffer is replaced by a pooled direct buffer;
 * the JDK would use a temporary direct buffer, which the thread then keeps for ever. A foreign source fills
 * {@link SeenMemory}, unless the mover says that its buffer belongs to this transfer alone.
 */
public abstract class SourcePort implements Source {
    private final Closeable end; // null unless foreign
    private final boolean foreign;
    private final boolean directOnly;
    private final SeenMemory seen; // null unless foreign
    private LimitedWait limited; // null unless the transfer has a timeout
    private final Thrown thrown;

    SourcePort(Closeable end) {
        this(JdkChannels.isOfJdk(end) ? null : end, end instanceof Channel && JdkChannels.isOfJdk(end));
    }

    SourcePort(Closeable foreign, boolean directOnly) {
        this.end = foreign;
        this.foreign = foreign != null;
        this.directOnly = directOnly;
        this.seen = this.foreign ? new SeenMemory() : null;
        this.thrown = new Thrown(this.foreign);
    }

    /** Whether foreign code sees the memory that the source reads into. */
    public final boolean isForeign() {
        return foreign;
    }

    /** Reads once. Returns a count, 0 if there is nothing now, or -1 at the end. */
    abstract int readOnce(ByteBuffer target, long position) throws IOException;

    @Override
    public final long read(ByteBuffer target, long position) throws IOException {
        try {
            return outcome(
                    foreign
                            ? readApart(target, position)
                            : directOnly && !target.isDirect()
                                    ? readStaged(target, position)
                                    : readOnce(target, position));
        } catch (Throwable e) {
            thrown.here(e);
            throw e;
        }
    }

    /** Reads like {@link #read}, into memory of this transfer alone, which a foreign source may see and keep. */
    public final long readShown(ByteBuffer target, long position) throws IOException {
        boolean asItIs = foreign && (channel() != null || target.hasArray()); // a stream fills arrays
        if (!asItIs) {
            return read(target, position);
        }
        try {
            return outcome(readForeign(target, position));
        } catch (Throwable e) {
            thrown.here(e);
            throw e;
        }
    }

    private static long outcome(int n) {
        return n > 0 ? n : n == 0 ? Step.AWAIT_SOURCE : Step.END;
    }

    private int readApart(ByteBuffer target, long position) throws IOException {
        ByteBuffer room = seen.room(target.remaining());
        try {
            return readForeign(room, position);
        } finally {
            target.put(room.flip()); // also the bytes read before it failed
        }
    }

    /**
     * Reads from a foreign source. The position of the buffer says what the source has read, even if the source fails
     * or returns another count. The source gets a buffer object of its own, so that it cannot move the position later.
     */
    private int readForeign(ByteBuffer target, long position) throws IOException {
        ByteBuffer shown = target.duplicate();
        int answer;
        IOException contradiction;
        try {
            answer = readOnce(shown, position);
            contradiction = Answer.contradiction(end, "read", answer, target, shown);
        } catch (Throwable e) {
            thrown.there(e);
            throw e;
        } finally {
            target.position(target.position() + Answer.moved(target, shown));
        }
        if (contradiction != null) {
            throw contradiction;
        }
        return answer;
    }

    private int readStaged(ByteBuffer target, long position) throws IOException {
        ByteBuffer staging = BufferPool.DIRECT.take(target.remaining());
        try {
            staging.limit(Math.min(staging.capacity(), target.remaining()));
            return readOnce(staging, position);
        } finally {
            target.put(staging.flip()); // also the bytes read before an interrupt made the JDK throw
            BufferPool.DIRECT.give(staging);
        }
    }

    @Override
    public final boolean hasThrown(Throwable failure) {
        return thrown.is(failure);
    }

    @Override
    public final boolean isForeign(Throwable failure) {
        return thrown.isTheirs(failure);
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
        limited = LimitedWait.on(channel(), SelectionKey.OP_READ);
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
        EndpointFacts facts = facts();
        return facts.label();
    }
}
