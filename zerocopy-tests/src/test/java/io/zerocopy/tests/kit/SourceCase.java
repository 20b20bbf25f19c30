package io.zerocopy.tests.kit;

import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
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

/** Every kind of source that a transfer takes, each made with its feeder. */
public enum SourceCase {
    PATH {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            return new Opened(Transfers.from(rig.file(size)), null, Content.PATTERN, size);
        }
    },
    FILE_CHANNEL {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            FileChannel file = rig.keep(FileChannel.open(rig.file(size)));
            return new Opened(Transfers.from(file), file, Content.PATTERN, size);
        }
    },
    FIFO {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            Path fifo = rig.fifo();
            rig.peer(() -> {
                try (OutputStream out = Files.newOutputStream(fifo)) {
                    Rig.write(out, Content.PATTERN, size);
                }
                return null;
            });
            return new Opened(Transfers.from(fifo), null, Content.PATTERN, size);
        }
    },
    PROC {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            return virtual(Path.of("/proc/version"));
        }
    },
    SYS {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            return virtual(Path.of("/sys/devices/system/cpu/online"));
        }
    },
    DEVICE {
        @Override
        public Opened open(Rig rig, long size) {
            return new Opened(Transfers.from(Path.of("/dev/zero")).count(size), null, Content.ZEROS, size);
        }
    },
    PIPE {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            var pipe = rig.pipe();
            feed(rig, pipe.sink(), size);
            return new Opened(Transfers.from(pipe.source()), pipe.source(), Content.PATTERN, size);
        }
    },
    TCP {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            return socket(rig, rig.tcp(), size);
        }
    },
    UNIX {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            return socket(rig, rig.unix(), size);
        }
    },
    HEAP_BUFFERS {
        @Override
        public Opened open(Rig rig, long size) {
            return memory(size, false);
        }
    },
    DIRECT_BUFFERS {
        @Override
        public Opened open(Rig rig, long size) {
            return memory(size, true);
        }
    },
    BUFFERED_STREAM {
        @Override
        public Opened open(Rig rig, long size) {
            byte[] bytes = Content.PATTERN.bytes(0, (int) size);
            return new Opened(
                    Transfers.from(new BufferedInputStream(new ByteArrayInputStream(bytes))),
                    null,
                    Content.PATTERN,
                    size);
        }
    },
    FILE_STREAM {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            FileInputStream stream = rig.keep(new FileInputStream(rig.file(size).toFile()));
            return new Opened(Transfers.from(stream), stream.getChannel(), Content.PATTERN, size);
        }
    },
    SOCKET_STREAM {
        @Override
        public Opened open(Rig rig, long size) throws IOException {
            SocketChannel[] pair = rig.tcp();
            feed(rig, pair[1], size);
            return new Opened(Transfers.from(Channels.newInputStream(pair[0])), pair[0], Content.PATTERN, size);
        }
    },
    OPAQUE {
        @Override
        public Opened open(Rig rig, long size) {
            ReadableByteChannel channel = new ShortReads(size);
            return new Opened(Transfers.from(channel), channel, Content.PATTERN, size);
        }
    };

    /** A source in a test. */
    public record Opened(Transfer.Builder builder, Channel channel, Content content, long size) {}

    public abstract Opened open(Rig rig, long size) throws IOException;

    public boolean sized() {
        return this != PROC && this != SYS;
    }

    private static Opened virtual(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        return new Opened(Transfers.from(path), null, Content.of(bytes), bytes.length);
    }

    private static Opened socket(Rig rig, SocketChannel[] pair, long size) {
        feed(rig, pair[1], size);
        return new Opened(Transfers.from(pair[0]), pair[0], Content.PATTERN, size);
    }

    private static void feed(Rig rig, WritableByteChannel out, long size) {
        rig.peer(() -> {
            Rig.write(Channels.newOutputStream(out), Content.PATTERN, size);
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
        return new Opened(Transfers.from(buffers), null, Content.PATTERN, size);
    }

    /** A channel of which nothing is known and that gives odd, short counts. */
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
