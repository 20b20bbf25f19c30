package io.zerocopy.tests.contract;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Every kind of source of a transfer, each with its feeder. */
public enum SourceCase {
    PATH {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            return opened(fixture.file(size), Content.PATTERN, size);
        }
    },
    FILE_CHANNEL {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            FileChannel file = fixture.keep(FileChannel.open(fixture.file(size)));
            return opened(file, Content.PATTERN, size);
        }
    },
    FIFO {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            Path fifo = fixture.fifo();
            fixture.peer(() -> {
                try (OutputStream out = Files.newOutputStream(fifo, StandardOpenOption.WRITE)) {
                    TestFixture.write(out, Content.PATTERN, size);
                }
                return null;
            });
            return opened(fifo, Content.PATTERN, size);
        }
    },
    PROC {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            return virtual(Path.of("/proc/version"));
        }
    },
    SYS {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            return virtual(Path.of("/sys/devices/system/cpu/online"));
        }
    },
    DEVICE {
        @Override
        public Opened open(TestFixture fixture, long size) {
            return opened(Path.of("/dev/zero"), Content.ZEROS, size).counted();
        }
    },
    PIPE {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            var pipe = fixture.pipe();
            feed(fixture, pipe.sink(), size);
            return opened(pipe.source(), Content.PATTERN, size);
        }
    },
    TCP {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            return socket(fixture, fixture.tcp(), size);
        }
    },
    UNIX {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            return socket(fixture, fixture.unix(), size);
        }
    },
    HEAP_BUFFERS {
        @Override
        public Opened open(TestFixture fixture, long size) {
            return memory(size, false);
        }
    },
    DIRECT_BUFFERS {
        @Override
        public Opened open(TestFixture fixture, long size) {
            return memory(size, true);
        }
    },
    BUFFERED_STREAM {
        @Override
        public Opened open(TestFixture fixture, long size) {
            byte[] bytes = Content.PATTERN.bytes(0, (int) size);
            return opened(new BufferedInputStream(new ByteArrayInputStream(bytes)), Content.PATTERN, size);
        }
    },
    FILE_STREAM {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            FileInputStream stream =
                    fixture.keep(new FileInputStream(fixture.file(size).toFile()));
            return opened(stream, Content.PATTERN, size).over(stream.getChannel());
        }
    },
    SOCKET_STREAM {
        @Override
        public Opened open(TestFixture fixture, long size) throws IOException {
            SocketChannel[] pair = fixture.tcp();
            feed(fixture, pair[1], size);
            return opened(Channels.newInputStream(pair[0]), Content.PATTERN, size)
                    .over(pair[0]);
        }
    },
    OPAQUE {
        @Override
        public Opened open(TestFixture fixture, long size) {
            ReadableByteChannel channel = new ShortReads(size);
            return opened(channel, Content.PATTERN, size);
        }
    };

    /**
     * A source for one test.
     *
     * @param builder starts a transfer from it
     * @param subject the source itself: a path, a channel, a stream or an array of buffers
     * @param channel its underlying channel; null if the test has none
     * @param content its bytes
     * @param size number of bytes
     */
    public record Opened(Transfer.Builder builder, Object subject, Channel channel, Content content, long size) {
        private Opened counted() {
            return new Opened(builder.count(size), subject, channel, content, size);
        }

        private Opened over(Channel under) {
            return new Opened(builder, subject, under, content, size);
        }
    }

    private static Opened opened(Object subject, Content content, long size) {
        Transfer.Builder builder;
        if (subject instanceof Path path) {
            builder = Transfers.from(path);
        } else if (subject instanceof InputStream stream) {
            builder = Transfers.from(stream);
        } else if (subject instanceof ByteBuffer[] buffers) {
            builder = Transfers.from(buffers);
        } else {
            builder = Transfers.from((ReadableByteChannel) subject);
        }
        return new Opened(builder, subject, subject instanceof Channel channel ? channel : null, content, size);
    }

    /**
     * Creates a source.
     *
     * @param fixture closes what is opened
     * @param size bytes in it; ignored unless it is {@link #sized()}
     * @return the source
     * @throws IOException if it cannot be created
     */
    public abstract Opened open(TestFixture fixture, long size) throws IOException;

    /**
     * Returns whether it has as many bytes as the test wants.
     *
     * @return false if the machine decides
     */
    public boolean sized() {
        return this != PROC && this != SYS;
    }

    private static Opened virtual(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        return opened(path, Content.of(bytes), bytes.length);
    }

    private static Opened socket(TestFixture fixture, SocketChannel[] pair, long size) {
        feed(fixture, pair[1], size);
        return opened(pair[0], Content.PATTERN, size);
    }

    private static void feed(TestFixture fixture, WritableByteChannel out, long size) {
        fixture.peer(() -> {
            TestFixture.write(Channels.newOutputStream(out), Content.PATTERN, size);
            if (out instanceof SocketChannel socket) {
                socket.shutdownOutput();
            } else {
                out.close();
            }
            return null;
        });
    }

    private static Opened memory(long size, boolean direct) {
        int[] cuts = {0, (int) (size / 3), (int) (size / 2), (int) size};
        ByteBuffer[] buffers = new ByteBuffer[3];
        for (int i = 0; i < 3; i++) {
            byte[] part = Content.PATTERN.bytes(cuts[i], cuts[i + 1] - cuts[i]);
            ByteBuffer buffer =
                    direct ? ByteBuffer.allocateDirect(part.length + 5) : ByteBuffer.allocate(part.length + 5);
            buffer.position(2).put(2, part).limit(2 + part.length);
            buffers[i] = i == 1 ? buffer.asReadOnlyBuffer() : buffer;
        }
        return opened(buffers, Content.PATTERN, size);
    }

    /** A channel of an unknown class that returns odd, short counts. */
    private static final class ShortReads implements ReadableByteChannel {
        private final long size;
        private long offset;
        private boolean open = true;

        ShortReads(long size) {
            this.size = size;
        }

        @Override
        public int read(ByteBuffer into) {
            if (offset == size) {
                return -1;
            }
            int n = (int) Math.min(Math.min(7777, into.remaining()), size - offset);
            into.put(Content.PATTERN.bytes(offset, n));
            offset += n;
            return n;
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
}
