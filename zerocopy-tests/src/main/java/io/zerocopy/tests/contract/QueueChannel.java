package io.zerocopy.tests.contract;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;

/**
 * A channel of an unknown class that never waits. A read returns written bytes, at most 7,777 at a time, and 0 if there
 * are none. It holds up to 50,000 bytes and takes more only after some are read. For one thread.
 */
final class QueueChannel implements ByteChannel {
    private static final int MOST = 7777;

    private final ByteBuffer held = ByteBuffer.allocate(50_000); // in write mode, except during a read
    private boolean ended;
    private boolean open = true;

    /** Returns the end to write to; closing it ends the stream. */
    WritableByteChannel end() {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) throws ClosedChannelException {
                return QueueChannel.this.write(source);
            }

            @Override
            public boolean isOpen() {
                return !ended;
            }

            @Override
            public void close() {
                ended = true;
            }
        };
    }

    @Override
    public int read(ByteBuffer target) throws ClosedChannelException {
        checkOpen();
        held.flip();
        int n = Math.min(Math.min(held.remaining(), target.remaining()), MOST);
        target.put(held.slice().limit(n));
        held.position(n).compact();
        return n == 0 && ended ? -1 : n;
    }

    @Override
    public int write(ByteBuffer source) throws ClosedChannelException {
        checkOpen();
        int n = Math.min(held.remaining(), source.remaining());
        held.put(source.slice().limit(n));
        source.position(source.position() + n);
        return n;
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
