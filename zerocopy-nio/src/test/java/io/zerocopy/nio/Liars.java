package io.zerocopy.nio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Channels and streams that return something else than they have done. */
final class Liars {
    /** What is wrong with the answer of the call. */
    enum Lie {
        MORE,
        LESS,
        NOTHING,
        END,
        NEGATIVE,
        HUGE,
        BACKWARDS,
        SHORTER_LIMIT,
        IO_EXCEPTION,
        UNCHECKED,
        ERROR;

        boolean throwsSomething() {
            return this == IO_EXCEPTION || this == UNCHECKED || this == ERROR;
        }

        /** Returns the answer of a call that has moved bytes of this buffer. */
        private int told(ByteBuffer buffer, int moved) throws IOException {
            switch (this) {
                case MORE:
                    return moved + 29;
                case LESS:
                    return moved - 29;
                case NOTHING:
                    return 0;
                case END:
                    return -1;
                case NEGATIVE:
                    return -7;
                case HUGE:
                    return Integer.MAX_VALUE;
                case BACKWARDS:
                    buffer.position(0);
                    return moved;
                case SHORTER_LIMIT:
                    buffer.limit(buffer.position());
                    return moved;
                case IO_EXCEPTION:
                    throw new IOException("theirs");
                case UNCHECKED:
                    throw new IllegalStateException("theirs");
                default:
                    throw new OutOfMemoryError("theirs");
            }
        }
    }

    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    private int taken;

    /** Returns the bytes that the target has taken. */
    byte[] arrived() {
        return arrived.toByteArray();
    }

    /** Returns how many bytes were taken from the source. */
    int taken() {
        return taken;
    }

    private abstract static class Open {
        public boolean isOpen() {
            return true;
        }

        public void close() {
            throw new AssertionError("not theirs to close");
        }
    }

    /** Lies in one call, counted from 0, and takes at most so many bytes in it. */
    WritableByteChannel target(Lie lie, int inCall, int most) {
        class Target extends Open implements WritableByteChannel {
            private int calls;

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                boolean lies = calls++ == inCall;
                byte[] moved = new byte[lies ? Math.min(most, bytes.remaining()) : Math.min(1000, bytes.remaining())];
                bytes.get(moved);
                if (!(lies && lie == Lie.BACKWARDS)) {
                    arrived.writeBytes(moved);
                }
                return lies ? lie.told(bytes, moved.length) : moved.length;
            }
        }
        return new Target();
    }

    /** Like {@link #target}, for a source of these bytes. */
    ReadableByteChannel source(byte[] data, Lie lie, int inCall, int most) {
        class Source extends Open implements ReadableByteChannel {
            private int calls;

            @Override
            public int read(ByteBuffer into) throws IOException {
                boolean lies = calls++ == inCall;
                int n = Math.min(Math.min(into.remaining(), data.length - taken), lies ? most : 1000);
                into.put(data, taken, n);
                if (!(lies && lie == Lie.BACKWARDS)) {
                    taken += n;
                }
                return lies ? lie.told(into, n) : n > 0 ? n : -1;
            }
        }
        return new Source();
    }

    /** A stream whose second read returns this answer. */
    InputStream stream(byte[] data, int answer) {
        return new InputStream() {
            private int calls;

            @Override
            public int read() {
                throw new AssertionError("not by single bytes");
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (calls++ > 0) {
                    return answer == Integer.MAX_VALUE ? length + 1 : answer;
                }
                System.arraycopy(data, 0, into, offset, 1000);
                taken = 1000;
                return 1000;
            }
        };
    }
}
