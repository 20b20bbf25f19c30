package io.zerocopy.tests.contract;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A target that the thread which steps a mover drains itself, and checks every byte of. Nothing here waits, but for the
 * end of what a socket has under way.
 */
final class Drain {
    /** What can be drained. */
    enum Of {
        FILE,
        APPEND,
        PIPE,
        TCP,
        UNIX,
        OPAQUE;

        boolean file() {
            return this == FILE || this == APPEND;
        }

        /** Whether its other end can go away. */
        boolean breaks() {
            return this == PIPE || this == TCP || this == UNIX;
        }
    }

    private final Of of;
    private final WritableByteChannel subject;
    private final ReadableByteChannel peer; // null for files
    private final Path path; // null for all else
    private final long from; // content offset of the first byte
    private final long start;
    private final Content.Check check;
    private final ByteBuffer buffer = ByteBuffer.allocate(128 << 10);

    private Drain(Of of, WritableByteChannel subject, ReadableByteChannel peer, Path path, long from, long start) {
        this.of = of;
        this.subject = subject;
        this.peer = peer;
        this.path = path;
        this.from = from;
        this.start = start;
        this.check = new Content.Check((into, length, offset) -> Content.PATTERN.fill(into, length, from + offset));
    }

    /**
     * Makes one.
     *
     * @param from what is brought there begins with this byte of {@link Content#PATTERN}
     * @param start where a mover is to begin in a file
     * @param gap whether the file ends before; else it ends there
     */
    static Drain open(Rig rig, Of of, long from, long start, boolean gap) throws IOException {
        switch (of) {
            case FILE, APPEND:
                Path file = Files.createFile(rig.path("target"));
                if (of == Of.APPEND || !gap) {
                    lengthen(file, start);
                }
                StandardOpenOption how = of == Of.FILE ? StandardOpenOption.WRITE : StandardOpenOption.APPEND;
                return new Drain(of, rig.keep(FileChannel.open(file, how)), null, file, from, start);
            case PIPE:
                Pipe pipe = rig.pipe();
                pipe.source().configureBlocking(false);
                pipe.sink().configureBlocking(false);
                return new Drain(of, pipe.sink(), pipe.source(), null, from, 0);
            case TCP, UNIX:
                SocketChannel[] pair = of == Of.TCP ? rig.tcp() : rig.unix();
                pair[0].setOption(StandardSocketOptions.SO_SNDBUF, 32 << 10).configureBlocking(false);
                pair[1].setOption(StandardSocketOptions.SO_RCVBUF, 32 << 10).configureBlocking(false);
                return new Drain(of, pair[0], pair[1], null, from, 0);
            default:
                Queue queue = new Queue();
                return new Drain(of, queue, queue, null, from, 0);
        }
    }

    private static void lengthen(Path file, long size) throws IOException {
        try (RandomAccessFile there = new RandomAccessFile(file.toFile(), "rw")) {
            there.setLength(size);
        }
    }

    Of of() {
        return of;
    }

    /** Where a mover begins. */
    long start() {
        return start;
    }

    Closeable subject() {
        return subject;
    }

    /** Takes some bytes away and checks them; returns how many. */
    int drain(int most) throws IOException {
        if (of.file()) {
            return 0;
        }
        buffer.clear().limit(Math.min(most, buffer.capacity()));
        int n = Math.max(0, peer.read(buffer));
        check.feed(buffer.array(), n);
        return n;
    }

    /** Ends the connection as if the process at its other end had been killed. */
    void breakOff() throws IOException {
        if (peer instanceof SocketChannel socket && of == Of.TCP) {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        peer.close();
    }

    /** Waits for all that were brought, checks every byte, and that there are no more. */
    void has(long count) throws IOException {
        if (of.file()) {
            fileHas((int) count);
            return;
        }
        Rig.until(count + " bytes arrive", () -> {
            try {
                drain(buffer.capacity());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return check.count() >= count;
        });
        if (drain(buffer.capacity()) > 0 || check.count() != count) {
            throw new AssertionError(check.count() + " bytes arrived, " + count + " were counted");
        }
    }

    /** A mover that is closed leaves its target as it was: it can be written to. */
    void stillTakes() throws IOException {
        if (of.breaks()) {
            ByteBuffer one = ByteBuffer.allocate(1);
            Rig.until("the target takes another byte", () -> {
                try {
                    return subject.write(one) == 1;
                } catch (IOException e) {
                    throw new AssertionError("the target takes no other byte: " + e, e);
                }
            });
        }
    }

    private void fileHas(int count) throws IOException {
        int before = (int) Math.min(start, 501);
        byte[] expected = Arrays.copyOf(new byte[before], before + count);
        System.arraycopy(Content.PATTERN.bytes(from, count), 0, expected, before, count);
        byte[] there;
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            if (count == 0 && file.length() < start) {
                return; // it ends before its gap, as it did
            }
            there = new byte[(int) (file.length() - start + before)];
            file.seek(start - before);
            file.readFully(there);
        }
        if (!Arrays.equals(there, expected)) {
            throw new AssertionError(count + " bytes were counted, of " + (there.length - before) + " there, byte "
                    + (Arrays.mismatch(there, expected) - before) + " is wrong");
        }
    }
}
