package io.zerocopy.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Streams and channels that throw after some bytes, and what they throw. */
final class Throwers {
    /** Bytes that move before the exception. */
    static final int BEFORE = 3000;

    private Throwers() {}

    /** Like the exception of a server for an aborted request: the server recognises it by its class. */
    static final class ClientAbort extends IOException {
        private static final long serialVersionUID = 1;

        ClientAbort() {
            super(new IOException("Broken pipe"));
        }
    }

    /** An exception that keeps no suppressed exceptions, and has no text. */
    static final class Bare extends RuntimeException {
        private static final long serialVersionUID = 1;

        Bare() {
            super(null, null, false, false);
        }
    }

    /** An exception that throws if it is asked for its text. */
    static final class Mute extends IOException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("asked for a text");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("asked for a text");
        }
    }

    /** Takes some bytes, and throws. */
    static final class Target implements WritableByteChannel {
        private final Throwable thrown;
        private long taken;

        Target(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public int write(ByteBuffer bytes) {
            int n = (int) Math.min(BEFORE - taken, bytes.remaining());
            taken += n;
            bytes.position(bytes.position() + n);
            if (n == 0) {
                Throwers.<RuntimeException>sneak(thrown);
            }
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
    }

    /** Throws at once. */
    static final class TargetStream extends OutputStream {
        private final Throwable thrown;

        TargetStream(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public void write(int b) {
            throw new AssertionError("not by single bytes");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Throwers.<RuntimeException>sneak(thrown);
        }

        @Override
        public void close() {
            throw new AssertionError("not theirs to close");
        }
    }

    /** Gives some bytes, and throws. */
    static final class SourceStream extends InputStream {
        private final Throwable thrown;
        private boolean given;

        SourceStream(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public int read() {
            throw new AssertionError("not by single bytes");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (given) {
                Throwers.<RuntimeException>sneak(thrown);
            }
            given = true;
            return Math.min(BEFORE, length);
        }

        @Override
        public void close() {
            throw new AssertionError("not theirs to close");
        }
    }

    /** The same as a channel. */
    static final class Source implements ReadableByteChannel {
        private final SourceStream stream;

        Source(Throwable thrown) {
            this.stream = new SourceStream(thrown);
        }

        @Override
        public int read(ByteBuffer bytes) {
            byte[] some = new byte[bytes.remaining()];
            int n = stream.read(some, 0, some.length);
            bytes.put(some, 0, n);
            return n;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
