package io.zerocopy.tests.pairs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.FutureTask;

/** The kinds of target to which bytes can go, each with a drain. */
public enum TargetEnd {
    FILE("file") {
        @Override
        void open(Lane lane, Path directory, boolean digest) throws IOException {
            Path file = Files.createTempFile(directory, "target", null);
            lane.keep(() -> Files.delete(file));
            lane.target(
                    lane.keep(FileChannel.open(file, StandardOpenOption.WRITE)), () -> digest ? digest(file) : null);
        }
    },
    TCP("TCP") {
        @Override
        void open(Lane lane, Path directory, boolean digest) throws IOException {
            SocketChannel[] pair = Sockets.tcp(lane);
            drained(lane, pair[0], pair[1], digest);
        }
    },
    UNIX("Unix socket") {
        @Override
        void open(Lane lane, Path directory, boolean digest) throws IOException {
            SocketChannel[] pair = Sockets.unix(lane, directory);
            drained(lane, pair[0], pair[1], digest);
        }
    },
    PIPE("pipe") {
        @Override
        void open(Lane lane, Path directory, boolean digest) throws IOException {
            Pipe pipe = Pipe.open();
            drained(lane, lane.keep(pipe.sink()), lane.keep(pipe.source()), digest);
        }
    },
    FIFO("FIFO") {
        @Override
        void open(Lane lane, Path directory, boolean digest) throws IOException {
            Path fifo = Fifos.make(lane, directory);
            FutureTask<byte[]> drain = Lane.beside(() -> {
                try (FileChannel in = FileChannel.open(fifo)) {
                    return drain(in, digest);
                }
            });
            lane.target(fifo, () -> Lane.join(drain));
        }
    },
    NULL("/dev/null") {
        @Override
        void open(Lane lane, Path directory, boolean digest) throws IOException {
            if (!Files.exists(Path.of("/dev/null"))) {
                throw new UnsupportedOperationException("there is no such device here");
            }
            lane.target(lane.keep(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE)), () -> null);
        }
    },
    STREAM("OutputStream") {
        @Override
        void open(Lane lane, Path directory, boolean digest) {
            MessageDigest sha = sha();
            OutputStream nowhere = OutputStream.nullOutputStream();
            lane.target(digest ? new DigestOutputStream(nowhere, sha) : nowhere, () -> digest ? sha.digest() : null);
        }
    };

    private static final int DRAIN_BYTES = 256 << 10;

    private final String label;

    TargetEnd(String label) {
        this.label = label;
    }

    abstract void open(Lane lane, Path directory, boolean digest) throws IOException;

    String label() {
        return label;
    }

    private static void drained(Lane lane, WritableByteChannel target, ReadableByteChannel peer, boolean digest) {
        FutureTask<byte[]> drain = Lane.beside(() -> drain(peer, digest));
        lane.target(target, () -> {
            if (target instanceof SocketChannel socket) {
                socket.shutdownOutput();
            } else {
                target.close();
            }
            return Lane.join(drain);
        });
    }

    private static byte[] drain(ReadableByteChannel peer, boolean digest) throws IOException {
        MessageDigest sha = sha();
        ByteBuffer buffer = ByteBuffer.allocateDirect(DRAIN_BYTES);
        while (peer.read(buffer.clear()) >= 0) {
            if (digest) {
                sha.update(buffer.flip());
            }
        }
        return digest ? sha.digest() : null;
    }

    /** Returns the SHA-256 of a file. */
    public static byte[] digest(Path file) throws IOException {
        return digest(file, Long.MAX_VALUE);
    }

    /** Returns the SHA-256 of the first bytes of a file. */
    public static byte[] digest(Path file, long size) throws IOException {
        MessageDigest sha = sha();
        byte[] buffer = new byte[DRAIN_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            long left = size;
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            while (n > 0) {
                sha.update(buffer, 0, n);
                left -= n;
                n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            }
        }
        return sha.digest();
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }
}
