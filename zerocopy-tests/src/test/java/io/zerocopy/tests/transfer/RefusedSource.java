package io.zerocopy.tests.transfer;

import io.zerocopy.Part;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** Sources that are correct, for transfers that are refused for another reason. */
enum RefusedSource {
    PATH {
        @Override
        Object open(TestFixture fixture) throws IOException {
            return fixture.file(SIZE);
        }
    },
    FILE_CHANNEL {
        @Override
        Object open(TestFixture fixture) throws IOException {
            return fixture.keep(FileChannel.open(fixture.file(SIZE))).position(STANDS);
        }
    },
    SOCKET {
        @Override
        Object open(TestFixture fixture) throws IOException {
            SocketChannel[] pair = fixture.tcp();
            pair[1].write(ByteBuffer.allocate(STANDS));
            return pair[0];
        }
    },
    PIPE {
        @Override
        Object open(TestFixture fixture) throws IOException {
            Pipe pipe = fixture.pipe();
            pipe.sink().write(ByteBuffer.allocate(STANDS));
            return pipe.source();
        }
    },
    STREAM {
        @Override
        Object open(TestFixture fixture) {
            return new ByteArrayInputStream(new byte[SIZE]);
        }
    },
    MEMORY {
        @Override
        Object open(TestFixture fixture) {
            return new ByteBuffer[] {ByteBuffer.allocate(SIZE), ByteBuffer.allocateDirect(SIZE)};
        }
    },
    PARTS {
        @Override
        Object open(TestFixture fixture) throws IOException {
            return List.of(Part.of(ByteBuffer.allocate(4096)), Part.of(fixture.file(SIZE), 0, 4096));
        }
    },
    FOREIGN {
        @Override
        Object open(TestFixture fixture) {
            return new Foreign();
        }
    };

    private static final int SIZE = 9000;
    private static final int STANDS = 7;

    /** Opens one. */
    abstract Object open(TestFixture fixture) throws IOException;

    /** Begins a transfer from one. */
    @SuppressWarnings("unchecked")
    static Transfer.Builder builder(Object from) {
        if (from instanceof Path path) {
            return Transfers.from(path);
        }
        if (from instanceof ReadableByteChannel channel) {
            return Transfers.from(channel);
        }
        if (from instanceof ByteBuffer[] buffers) {
            return Transfers.from(buffers);
        }
        return from instanceof ByteArrayInputStream stream
                ? Transfers.from(stream)
                : Transfers.concat(((List<Part>) from).toArray(Part[]::new));
    }

    /** Returns the source's position, or the number of its remaining bytes. */
    static long left(Object source) throws IOException {
        if (source instanceof FileChannel file) {
            return file.position();
        }
        if (source instanceof ByteBuffer[] buffers) {
            return buffers[0].remaining() + buffers[1].remaining();
        }
        if (source instanceof SocketChannel || source instanceof Pipe.SourceChannel) {
            ByteBuffer read = ByteBuffer.allocate(SIZE);
            ((ReadableByteChannel) source).read(read);
            return read.position();
        }
        return source instanceof ByteArrayInputStream stream
                ? stream.available()
                : source instanceof Foreign foreign ? foreign.read : 0;
    }

    /** A channel of an unknown class. */
    private static final class Foreign implements ReadableByteChannel {
        private int read;

        @Override
        public int read(ByteBuffer target) {
            target.put((byte) 1);
            return ++read;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new AssertionError("it belongs to the caller");
        }
    }
}
