package io.zerocopy.tests.contract;

import io.zerocopy.Transfer;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
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
import java.util.concurrent.Future;

/** Every kind of target of a transfer, each with its drain, which checks every byte. */
public enum TargetCase {
    NEW_FILE {
        @Override
        public Opened open(TestFixture fixture, Content content) {
            Path file = fixture.path("new");
            return opened(file, () -> check(file, content));
        }
    },
    EXISTING_FILE {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            Path file = fixture.file(3_000_000);
            return opened(file, () -> check(file, content));
        }
    },
    APPEND_FILE {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            Path file = Files.write(fixture.path("append"), PREFIX);
            return new Opened(
                    b -> b.to(file, StandardOpenOption.APPEND),
                    file,
                    null,
                    () -> check(file, Content.after(PREFIX, content)) - PREFIX.length);
        }
    },
    APPEND_CHANNEL {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            Path file = Files.write(fixture.path("append"), PREFIX);
            FileChannel channel = fixture.keep(FileChannel.open(file, StandardOpenOption.APPEND));
            return opened(channel, () -> check(file, Content.after(PREFIX, content)) - PREFIX.length);
        }
    },
    FILE_CHANNEL {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            Path file = Files.write(fixture.path("channel"), PREFIX);
            FileChannel channel = fixture.keep(FileChannel.open(file, StandardOpenOption.WRITE));
            channel.position(PREFIX.length);
            return opened(channel, () -> {
                long count = check(file, Content.after(PREFIX, content)) - PREFIX.length;
                if (channel.position() != PREFIX.length + count) {
                    throw new AssertionError("position " + channel.position() + " after " + count + " bytes");
                }
                return count;
            });
        }
    },
    FIFO {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            Path fifo = fixture.fifo();
            Future<Long> drained = fixture.peer(() -> {
                try (InputStream in = Files.newInputStream(fifo)) {
                    return TestFixture.drain(in, content);
                }
            });
            return opened(fifo, () -> TestFixture.join(drained));
        }
    },
    DEV_NULL {
        @Override
        public Opened open(TestFixture fixture, Content content) {
            return opened(Path.of("/dev/null"), () -> -1);
        }
    },
    PIPE {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            var pipe = fixture.pipe();
            return drained(fixture, pipe.sink(), pipe.source(), content);
        }
    },
    TCP {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            SocketChannel[] pair = fixture.tcp();
            return drained(fixture, pair[0], pair[1], content);
        }
    },
    UNIX {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            SocketChannel[] pair = fixture.unix();
            return drained(fixture, pair[0], pair[1], content);
        }
    },
    BUFFERED_STREAM {
        @Override
        public Opened open(TestFixture fixture, Content content) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BufferedOutputStream stream = new BufferedOutputStream(bytes);
            return opened(stream, () -> {
                stream.flush();
                Content.Check check = new Content.Check(content);
                check.feed(bytes.toByteArray(), bytes.size());
                return check.count();
            });
        }
    },
    FILE_STREAM {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            Path file = fixture.path("stream");
            FileOutputStream stream = fixture.keep(new FileOutputStream(file.toFile()));
            return new Opened(b -> b.to(stream), stream, stream.getChannel(), () -> {
                long count = check(file, content);
                if (stream.getChannel().position() != count) {
                    throw new AssertionError(
                            "position " + stream.getChannel().position() + " after " + count + " bytes");
                }
                return count;
            });
        }
    },
    SOCKET_STREAM {
        @Override
        public Opened open(TestFixture fixture, Content content) throws IOException {
            SocketChannel[] pair = fixture.tcp();
            Opened plain = drained(fixture, pair[0], pair[1], content);
            return opened(Channels.newOutputStream(pair[0]), plain.finish()).over(pair[0]);
        }
    },
    OPAQUE {
        @Override
        public Opened open(TestFixture fixture, Content content) {
            ShortWrites channel = new ShortWrites(content);
            return opened(channel, channel.check::count);
        }
    };

    private static final byte[] PREFIX = "what was there before ".getBytes();

    /** Sets the target of a builder. */
    public interface Into {
        Transfer.Builder put(Transfer.Builder builder);
    }

    /** Ends the target's stream and returns how many bytes arrived, all of them checked; -1 if this cannot be known. */
    public interface Finish {
        long count() throws Exception;
    }

    /**
     * A target for one test.
     *
     * @param into sets it as the target of a transfer
     * @param subject the target itself: a path, a channel or a stream
     * @param channel its underlying channel; null if the test has none
     * @param finish checks what arrived
     */
    public record Opened(Into into, Object subject, Channel channel, Finish finish) {
        private Opened over(Channel under) {
            return new Opened(into, subject, under, finish);
        }

        /** Returns the files that the transfer may create. */
        Path[] made() {
            return subject instanceof Path path ? new Path[] {path} : new Path[0];
        }
    }

    private static Opened opened(Object subject, Finish finish) {
        if (subject instanceof Path path) {
            return new Opened(b -> b.to(path), subject, null, finish);
        }
        if (subject instanceof OutputStream stream) {
            return new Opened(b -> b.to(stream), subject, null, finish);
        }
        WritableByteChannel channel = (WritableByteChannel) subject;
        return new Opened(b -> b.to(channel), subject, channel, finish);
    }

    /**
     * Creates a target.
     *
     * @param fixture closes what is opened
     * @param content the bytes that it will receive
     * @return the target
     * @throws IOException if it cannot be created
     */
    public abstract Opened open(TestFixture fixture, Content content) throws IOException;

    private static long check(Path file, Content content) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return TestFixture.drain(in, content);
        }
    }

    private static Opened drained(
            TestFixture fixture, WritableByteChannel target, ReadableByteChannel peer, Content content) {
        Future<Long> drained = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(peer), content));
        return opened(target, () -> {
            target.close();
            return TestFixture.join(drained);
        });
    }

    /** A channel of an unknown class that takes odd, short counts. */
    private static final class ShortWrites implements WritableByteChannel {
        private final Content.Check check;
        private boolean open = true;

        ShortWrites(Content content) {
            check = new Content.Check(content);
        }

        @Override
        public int write(ByteBuffer from) {
            byte[] bytes = new byte[Math.min(6543, from.remaining())];
            from.get(bytes);
            check.feed(bytes, bytes.length);
            return bytes.length;
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
