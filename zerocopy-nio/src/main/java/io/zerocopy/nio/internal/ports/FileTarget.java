package io.zerocopy.nio.internal.ports;

import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.internal.memory.BufferSizes;
import io.zerocopy.nio.internal.JdkChannels;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * Writes a file channel, by position if it has one. A channel without a position is a pipe. A channel that does not
 * keep the position that it was given was opened for append, or is a device such as {@code /dev/null}: both are written
 * at their current position.
 */
public final class FileTarget extends TargetPort {
    private static final Object PROBING = new Object();

    private final FileChannel channel;
    private final EndpointFacts facts;
    private GatherBatch batch;

    /** Finds out the channel's position, size and append mode; none of them changes. */
    public FileTarget(FileChannel channel) {
        super(channel);
        this.channel = channel;
        this.facts = factsOf(channel);
    }

    private static EndpointFacts factsOf(FileChannel channel) {
        try {
            long size = JdkChannels.size(channel);
            return new EndpointFacts(EndpointKind.FILE, size, ignoresPositions(channel, size), true, false, 0, 0, "");
        } catch (ClosedChannelException closed) {
            return EndpointFacts.of(EndpointKind.FILE, -1, true);
        } catch (IOException unseekable) {
            return EndpointFacts.of(EndpointKind.PIPE, -1, true);
        }
    }

    /**
     * No method returns whether a channel appends, but a channel that does always reports the file's size as its
     * position. So a position beyond the end is set, which is legal and does not change the file, and then read. If a
     * mover has borrowed the position, this was done before and the channel did not append. A thread that writes at the
     * channel's own position at this very moment would write at the wrong place. If
     * the file has the largest possible size, there is no such position, and nothing can be appended.
     */
    private static boolean ignoresPositions(FileChannel channel, long size) throws IOException {
        long position = JdkChannels.position(channel);
        if (position != size || size == Long.MAX_VALUE) {
            return false;
        }
        synchronized (PROBING) {
            OwnPosition own = OwnPosition.borrow(channel);
            if (own == null) {
                return false;
            }
            try (own) {
                own.moveTo(size + 1);
                return JdkChannels.position(channel) != size + 1;
            } catch (ClosedChannelException closed) {
                throw closed;
            } catch (IOException noSuchPosition) {
                return false; // the longest file of its file system
            }
        }
    }

    @Override
    public EndpointFacts facts() {
        return facts;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    int writeOnce(ByteBuffer source, long position) throws IOException {
        return position >= 0 ? channel.write(source, position) : channel.write(source);
    }

    /**
     * The JDK gathers only at the channel's own position, so buffers for a given position are gathered here: small
     * buffers, and heap buffers, which must be copied anyway, share one call.
     */
    @Override
    public long write(ByteBuffer[] sources, int from, int to, long position) throws IOException {
        if (position < 0 && JdkChannels.isOfJdk(channel)) {
            batch = batch == null ? new GatherBatch(this) : batch;
            return outcome(batch.write(channel, sources, from, to));
        }
        int first = from;
        while (first < to - 1 && !sources[first].hasRemaining()) {
            first++;
        }
        if (first == to - 1 || position < 0 || deservesOwnCall(sources[first])) {
            return write(sources[first], position);
        }
        return outcome(writeMerged(sources, first, to, position));
    }

    private static boolean deservesOwnCall(ByteBuffer buffer) {
        return buffer.remaining() >= (buffer.isDirect() ? BufferSizes.WORTH_A_CALL : BufferSizes.MEDIUM);
    }

    private long writeMerged(ByteBuffer[] sources, int from, int to, long position) throws IOException {
        ByteBuffer staging = BufferPool.DIRECT.take(BufferSizes.MEDIUM);
        try {
            for (int i = from; i < to && staging.hasRemaining() && !deservesOwnCall(sources[i]); i++) {
                int n = Math.min(staging.remaining(), sources[i].remaining());
                staging.put(staging.position(), sources[i], sources[i].position(), n);
                staging.position(staging.position() + n);
            }
            long written = write(staging.flip(), position);
            long left = written;
            for (int i = from; left > 0; i++) {
                int n = (int) Math.min(left, sources[i].remaining());
                sources[i].position(sources[i].position() + n);
                left -= n;
            }
            return written;
        } finally {
            BufferPool.DIRECT.give(staging);
        }
    }

    @Override
    public void release() {
        super.release();
        if (batch != null) {
            batch.close();
        }
    }

    @Override
    public long position() throws IOException {
        try {
            return facts.kind() == EndpointKind.FILE ? JdkChannels.position(channel) : 0;
        } catch (Throwable e) {
            told(e);
            throw e;
        }
    }

    @Override
    public void position(long position) throws IOException {
        try {
            if (facts.kind() == EndpointKind.FILE) {
                JdkChannels.position(channel, position);
            }
        } catch (Throwable e) {
            told(e);
            throw e;
        }
    }

    @Override
    public long size() throws IOException {
        try {
            return facts.kind() == EndpointKind.FILE ? JdkChannels.size(channel) : -1;
        } catch (Throwable e) {
            told(e);
            throw e;
        }
    }

    @Override
    public void force() throws IOException {
        try {
            if (facts.kind() == EndpointKind.FILE) {
                channel.force(true);
            }
        } catch (Throwable e) {
            told(e);
            throw e;
        }
    }
}
