package io.zerocopy.tests.contract;

import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Source;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.QueueChannel;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A source that is fed by the same thread that steps the mover, so that its content at each step is known. Nothing here
 * waits. Its bytes are those of {@link Content#PATTERN}; if it has positions, from {@link #start} on.
 */
final class SourceDriver {
    /** The kinds of source. */
    enum Of {
        FILE,
        HEAP_BUFFERS,
        DIRECT_BUFFERS,
        PIPE,
        TCP,
        UNIX,
        OPAQUE;

        /** Whether fed bytes can be read at once. */
        boolean deliversAtOnce() {
            return this == PIPE || this == UNIX || this == OPAQUE;
        }

        /** Whether taken bytes are no longer in the source. */
        boolean stream() {
            return this == PIPE || this == TCP || this == UNIX || this == OPAQUE;
        }
    }

    /** The own position of a source file's channel, which a mover must not change. */
    static final long OWN_POSITION = 77;

    private final Of of;
    private final Closeable subject; // null for memory
    private final ByteBuffer[] buffers; // null for all other kinds
    private final WritableByteChannel peer; // null if all bytes are there from the start
    private final long start;
    private long fed;
    private boolean ended;

    private SourceDriver(Of of, Closeable subject, ByteBuffer[] buffers, WritableByteChannel peer, long start) {
        this.of = of;
        this.subject = subject;
        this.buffers = buffers;
        this.peer = peer;
        this.start = start;
    }

    /**
     * Creates a source.
     *
     * @param total bytes in it, if they must be there from the start
     * @param start where the mover starts in a file
     */
    static SourceDriver open(TestFixture fixture, Of of, int total, long start) throws IOException {
        switch (of) {
            case FILE:
                return new SourceDriver(of, fixture.keep(file(fixture, total, start)), null, null, start).filled(total);
            case HEAP_BUFFERS, DIRECT_BUFFERS:
                return new SourceDriver(of, null, memory(total, of == Of.DIRECT_BUFFERS), null, 0).filled(total);
            case PIPE:
                Pipe pipe = fixture.pipe();
                pipe.source().configureBlocking(false);
                pipe.sink().configureBlocking(false);
                return new SourceDriver(of, pipe.source(), null, pipe.sink(), 0);
            case TCP, UNIX:
                SocketChannel[] pair = of == Of.TCP ? fixture.tcp() : fixture.unix();
                pair[0].configureBlocking(false);
                pair[1].configureBlocking(false);
                return new SourceDriver(of, pair[0], null, pair[1], 0);
            default:
                QueueChannel queue = new QueueChannel();
                return new SourceDriver(of, queue, null, queue.end(), 0);
        }
    }

    /** Creates a file that has its bytes from {@code start} on, and a hole before. */
    private static FileChannel file(TestFixture fixture, int total, long start) throws IOException {
        Path path = fixture.path("source");
        try (FileChannel out = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(Content.PATTERN.bytes(start, total));
            while (bytes.hasRemaining()) {
                out.write(bytes, start + bytes.position());
            }
        }
        return FileChannel.open(path).position(OWN_POSITION);
    }

    private static ByteBuffer[] memory(int total, boolean direct) {
        ByteBuffer[] parts = new ByteBuffer[5];
        for (int i = 0; i < parts.length; i++) {
            int from = (int) ((long) total * i / parts.length);
            int to = (int) ((long) total * (i + 1) / parts.length);
            ByteBuffer part = direct ? ByteBuffer.allocateDirect(to - from) : ByteBuffer.allocate(to - from);
            parts[i] = part.put(Content.PATTERN.bytes(from, to - from)).flip();
        }
        return parts;
    }

    private SourceDriver filled(int total) {
        fed = total;
        ended = true;
        return this;
    }

    Of of() {
        return of;
    }

    Closeable subject() {
        return subject;
    }

    /** Position at which the mover starts. */
    long start() {
        return start;
    }

    /** Fails if the underlying channel or buffer was closed or has changed, except for the bytes that were taken. */
    void isUntouched() throws IOException {
        if (subject instanceof Channel channel && !channel.isOpen()) {
            throw new AssertionError("the source was closed");
        }
        if (subject instanceof FileChannel file && file.position() != OWN_POSITION) {
            throw new AssertionError("the source's own position has moved, which is for the loop to do");
        }
        long at = 0;
        for (ByteBuffer part : buffers == null ? new ByteBuffer[0] : buffers) {
            ByteBuffer all = part.duplicate().clear();
            if (!all.equals(ByteBuffer.wrap(Content.PATTERN.bytes(at, all.capacity())))) {
                throw new AssertionError("the caller's buffers have other bytes");
            }
            at += all.capacity();
        }
    }

    /** Creates a port over memory; the provider creates the ports for all other kinds. */
    Source memory() {
        return buffers == null ? null : new Memory(buffers);
    }

    /** Returns how many bytes have been fed. */
    long fed() {
        return fed;
    }

    boolean ended() {
        return ended;
    }

    /** Feeds more bytes, as many as there is room for; returns how many. */
    int feed(int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Content.PATTERN.bytes(fed, most));
        int n = peer.write(bytes);
        fed += n;
        return n;
    }

    /** Ends the stream. */
    void end() throws IOException {
        if (peer instanceof SocketChannel socket) {
            socket.shutdownOutput();
        } else if (peer != null) {
            peer.close();
        }
        ended = true;
    }

    /**
     * Returns the bytes that are still in the source after the mover is closed.
     *
     * @return bytes, in order
     */
    byte[] rest() throws IOException {
        if (buffers != null) {
            ByteBuffer all = ByteBuffer.allocate((int) fed);
            for (ByteBuffer part : buffers) {
                all.put(part);
            }
            return Arrays.copyOf(all.array(), all.position());
        }
        if (!ended) {
            end();
        }
        ByteBuffer all = ByteBuffer.allocate((int) fed + 1);
        ReadableByteChannel from = (ReadableByteChannel) subject;
        TestFixture.until("the rest of the source is read", () -> {
            try {
                int n = from.read(all);
                while (n > 0) {
                    n = from.read(all);
                }
                return n < 0;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return Arrays.copyOf(all.array(), all.position());
    }

    /** The caller's buffers as a port. */
    private static final class Memory implements Source {
        private final ByteBuffer[] buffers;
        private final EndpointFacts facts;

        Memory(ByteBuffer[] buffers) {
            this.buffers = buffers;
            long size = Arrays.stream(buffers).mapToLong(ByteBuffer::remaining).sum();
            String place = buffers[0].isDirect() ? "direct" : "heap";
            this.facts = new EndpointFacts(EndpointKind.MEMORY, size, false, true, false, 0, 0, place);
        }

        @Override
        public EndpointFacts facts() {
            return facts;
        }

        @Override
        public Channel channel() {
            return null;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean await(long nanos) {
            return true;
        }

        @Override
        public ByteBuffer[] buffers() {
            return buffers;
        }

        @Override
        public long read(ByteBuffer target, long position) {
            for (ByteBuffer from : buffers) {
                if (from.hasRemaining()) {
                    int n = Math.min(from.remaining(), target.remaining());
                    target.put(from.slice().limit(n));
                    from.position(from.position() + n);
                    return n;
                }
            }
            return io.zerocopy.spi.Step.END;
        }
    }
}
