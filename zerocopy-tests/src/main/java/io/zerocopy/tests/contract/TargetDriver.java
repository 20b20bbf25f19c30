package io.zerocopy.tests.contract;

import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.Place;
import io.zerocopy.tests.fixture.QueueChannel;
import io.zerocopy.tests.fixture.TestFixture;
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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A target that is drained by the same thread that steps the mover. Every byte is checked. Nothing here waits, except
 * for the last bytes that a socket has in transit.
 */
final class TargetDriver {
    /** The kinds of target. */
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

        /** Whether its other end can break. */
        boolean breaks() {
            return this == PIPE || this == TCP || this == UNIX;
        }
    }

    /** The own position of a target file's channel, which a mover must not change. */
    private static final long OWN_POSITION = 55;

    private static final int BEHIND = 320_000; // bytes of a file after a start inside it

    private final Of of;
    private final WritableByteChannel subject;
    private final ReadableByteChannel peer; // null for files
    private final Path path; // null for all other kinds
    private final long from; // content offset of the first byte
    private final long start;
    private int behind; // bytes that were in the file from the mover's start on
    private final Content.Check check;
    private final ByteBuffer buffer = ByteBuffer.allocate(128 << 10);

    private TargetDriver(
            Of of, WritableByteChannel subject, ReadableByteChannel peer, Path path, long from, long start) {
        this.of = of;
        this.subject = subject;
        this.peer = peer;
        this.path = path;
        this.from = from;
        this.start = start;
        this.check = new Content.Check((into, length, offset) -> Content.PATTERN.fill(into, length, from + offset));
    }

    /**
     * Creates a target.
     *
     * @param from offset in {@link Content#PATTERN} of the first byte that will arrive
     * @param place where the mover starts in a file
     */
    static TargetDriver open(TestFixture fixture, Of of, long from, Place place) throws IOException {
        switch (of) {
            case FILE:
                return file(fixture, fixture.path("target"), from, place);
            case APPEND:
                Path file = fixture.path("target");
                lengthen(file, place.target());
                FileChannel end = fixture.keep(FileChannel.open(file, StandardOpenOption.APPEND));
                return new TargetDriver(of, end, null, file, from, place.target());
            case PIPE:
                Pipe pipe = fixture.pipe();
                pipe.source().configureBlocking(false);
                pipe.sink().configureBlocking(false);
                return new TargetDriver(of, pipe.sink(), pipe.source(), null, from, 0);
            case TCP, UNIX:
                SocketChannel[] pair = of == Of.TCP ? fixture.tcp() : fixture.unix();
                pair[0].setOption(StandardSocketOptions.SO_SNDBUF, 32 << 10).configureBlocking(false);
                pair[1].setOption(StandardSocketOptions.SO_RCVBUF, 32 << 10).configureBlocking(false);
                return new TargetDriver(of, pair[0], pair[1], null, from, 0);
            default:
                QueueChannel queue = new QueueChannel();
                return new TargetDriver(of, queue, queue, null, from, 0);
        }
    }

    private static TargetDriver file(TestFixture fixture, Path path, long from, Place place) throws IOException {
        FileChannel file =
                fixture.keep(FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        if (place == Place.INSIDE) {
            file.write(ByteBuffer.wrap(there((int) place.target() + BEHIND)));
        } else if (!place.gap()) {
            lengthen(path, place.target());
        }
        TargetDriver drain = new TargetDriver(Of.FILE, file.position(OWN_POSITION), null, path, from, place.target());
        drain.behind = place == Place.INSIDE ? BEHIND : 0;
        return drain;
    }

    private static byte[] there(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, Place.THERE);
        return bytes;
    }

    private static void lengthen(Path file, long size) throws IOException {
        try (RandomAccessFile there = new RandomAccessFile(file.toFile(), "rw")) {
            there.setLength(size);
        }
    }

    Of of() {
        return of;
    }

    /** Position at which the mover starts. */
    long start() {
        return start;
    }

    Closeable subject() {
        return subject;
    }

    /** Takes some bytes and checks them; returns how many. */
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

    /** Waits for all bytes that were brought, checks each of them, and checks that there are no more. */
    void has(long count) throws IOException {
        if (of.file()) {
            fileHas((int) count);
            return;
        }
        TestFixture.until(count + " bytes arrive", () -> {
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

    /** Checks that the target can still be written to after the mover is closed. */
    void stillTakes() throws IOException {
        if (of.breaks()) {
            ByteBuffer one = ByteBuffer.allocate(1);
            TestFixture.until("the target takes another byte", () -> {
                try {
                    return subject.write(one) == 1;
                } catch (IOException e) {
                    throw new AssertionError("the target takes no other byte: " + e, e);
                }
            });
        }
    }

    /** Fails if the underlying channel was closed, or if its own position has changed. */
    void isUntouched() throws IOException {
        if (!subject.isOpen()) {
            throw new AssertionError("the target was closed");
        }
        if (of == Of.FILE && ((FileChannel) subject).position() != OWN_POSITION) {
            throw new AssertionError("the target's own position has moved, which is for the loop to do");
        }
    }

    private void fileHas(int count) throws IOException {
        int before = (int) Math.min(start, 501);
        int length = before + Math.max(count, behind);
        byte[] expected = behind > 0 ? there(length) : new byte[length];
        System.arraycopy(Content.PATTERN.bytes(from, count), 0, expected, before, count);
        byte[] there = new byte[length];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            if (count == 0 && file.length() < start) {
                return; // it still ends before the gap
            }
            if (file.length() != start - before + length) {
                throw new AssertionError("the target file ends at " + file.length() + ", not at "
                        + (start - before + length) + ": " + count + " bytes were counted");
            }
            file.seek(start - before);
            file.readFully(there);
        }
        if (!Arrays.equals(there, expected)) {
            throw new AssertionError(count + " bytes were counted, and byte "
                    + (Arrays.mismatch(there, expected) - before) + " of the target from there on is wrong");
        }
    }
}
