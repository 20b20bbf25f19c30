package io.zerocopy.nio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/** Streams and channels that look at the whole memory of each buffer they get, beyond its limits, and keep it. */
final class Spies {
    /** The value of bytes that other transfers have moved. */
    static final byte SECRET = 0x5e;

    private final List<ByteBuffer> kept = new ArrayList<>();
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    private boolean seen;

    private void look(ByteBuffer handed) {
        ByteBuffer all = handed.duplicate().clear();
        kept.add(all);
        for (int i = 0; i < all.capacity(); i++) {
            seen |= all.get(i) == SECRET;
        }
    }

    /** Returns whether a byte of another transfer could be seen. */
    boolean hasSeenSecrets() {
        return seen;
    }

    /** Returns how many buffers it got so far. */
    int count() {
        return kept.size();
    }

    /** Changes all the buffers that were kept. */
    void spoil() {
        for (ByteBuffer each : kept) {
            for (int i = 0; !each.isReadOnly() && i < each.capacity(); i++) {
                each.put(i, SECRET);
            }
        }
    }

    /** Returns the bytes that the targets got. */
    byte[] arrived() {
        return arrived.toByteArray();
    }

    /** A source of zeros. */
    InputStream stream(int size) {
        return new InputStream() {
            private int left = size;

            @Override
            public int read() {
                throw new AssertionError("not by single bytes");
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                look(ByteBuffer.wrap(into));
                int n = Math.min(left, length);
                left -= n;
                java.util.Arrays.fill(into, offset, offset + n, (byte) 0);
                return n == 0 ? -1 : n;
            }
        };
    }

    /** A source of zeros. */
    ReadableByteChannel channel(int size) {
        InputStream stream = stream(size);
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                look(into);
                byte[] bytes = new byte[into.remaining()];
                int n = stream.read(bytes, 0, bytes.length);
                into.put(bytes, 0, Math.max(0, n));
                return n;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                throw new AssertionError("not theirs to close");
            }
        };
    }

    OutputStream target() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("not by single bytes");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                look(ByteBuffer.wrap(bytes));
                arrived.write(bytes, offset, length);
            }
        };
    }

    /** A target that takes at most so many bytes in one call. */
    WritableByteChannel target(int most) {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) {
                look(bytes);
                byte[] taken = new byte[Math.min(bytes.remaining(), most)];
                bytes.get(taken);
                arrived.writeBytes(taken);
                return taken.length;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                throw new AssertionError("not theirs to close");
            }
        };
    }
}
