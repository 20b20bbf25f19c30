package io.zerocopy.tests.pairs;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The kinds of source from which the bytes of a file can come. */
public enum SourceEnd {
    FILE("file") {
        @Override
        void open(Lane lane, Path file, Path directory) throws IOException {
            lane.source(lane.keep(FileChannel.open(file)));
        }
    },
    STABLE_FILE("stable file") {
        @Override
        void open(Lane lane, Path file, Path directory) throws IOException {
            FILE.open(lane, file, directory);
            lane.promiseStability();
        }
    },
    FIFO("FIFO") {
        @Override
        void open(Lane lane, Path file, Path directory) throws IOException {
            Path fifo = Fifos.make(lane, directory);
            lane.source(fifo);
            Lane.beside(() -> {
                try (FileChannel out = FileChannel.open(fifo, StandardOpenOption.WRITE)) {
                    feed(file, lane.size(), out);
                }
                return null;
            });
        }
    },
    TCP("TCP") {
        @Override
        void open(Lane lane, Path file, Path directory) throws IOException {
            socket(lane, Sockets.tcp(lane), file);
        }
    },
    UNIX("Unix socket") {
        @Override
        void open(Lane lane, Path file, Path directory) throws IOException {
            socket(lane, Sockets.unix(lane, directory), file);
        }
    },
    PIPE("pipe") {
        @Override
        void open(Lane lane, Path file, Path directory) throws IOException {
            Pipe pipe = Pipe.open();
            lane.source(lane.keep(pipe.source()));
            lane.keep(pipe.sink());
            Lane.beside(() -> {
                try (Pipe.SinkChannel sink = pipe.sink()) {
                    feed(file, lane.size(), sink);
                }
                return null;
            });
        }
    },
    MEMORY("memory") {
        @Override
        void open(Lane lane, Path file, Path directory) throws IOException {
            List<ByteBuffer> windows = new ArrayList<>();
            try (FileChannel channel = FileChannel.open(file)) {
                for (long at = 0; at < lane.size(); at += WINDOW) {
                    long length = Math.min(WINDOW, lane.size() - at);
                    windows.add(channel.map(FileChannel.MapMode.READ_ONLY, at, length)
                            .load());
                }
            }
            lane.source(windows.toArray(new ByteBuffer[0]));
        }
    },
    STREAM("InputStream") {
        @Override
        void open(Lane lane, Path file, Path directory) throws IOException {
            lane.source(lane.keep(new Limited(new BufferedInputStream(Files.newInputStream(file)), lane.size())));
        }
    };

    private static final long WINDOW = 1 << 30; // a buffer holds less than 2 GiB

    private final String label;

    SourceEnd(String label) {
        this.label = label;
    }

    abstract void open(Lane lane, Path file, Path directory) throws IOException;

    String label() {
        return label;
    }

    private static void socket(Lane lane, SocketChannel[] pair, Path file) {
        lane.source(pair[0]);
        Lane.beside(() -> {
            try {
                feed(file, lane.size(), pair[1]);
            } finally {
                pair[1].shutdownOutput(); // in every case, so that no reader waits for more
            }
            return null;
        });
    }

    private static void feed(Path file, long size, WritableByteChannel to) throws IOException {
        try (FileChannel from = FileChannel.open(file)) {
            for (long at = 0; at < size; ) {
                long n = from.transferTo(at, size - at, to);
                if (n == 0 && at >= from.size()) {
                    throw new EOFException(file + " has become shorter than " + size + " bytes");
                }
                at += n;
            }
        }
    }

    /** A stream that hides what it wraps. */
    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long size) {
            super(in);
            left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = left == 0 ? -1 : in.read(into, offset, (int) Math.min(length, left));
            left -= Math.max(0, n);
            return n;
        }
    }
}
