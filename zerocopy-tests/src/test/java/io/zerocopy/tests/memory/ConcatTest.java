package io.zerocopy.tests.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that consists of buffers and regions of files. */
class ConcatTest {
    private static final int SIZE = 3 << 20;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private Future<byte[]> received(SocketChannel from) {
        return fixture.peer(() -> from.socket().getInputStream().readAllBytes());
    }

    /** A server's response to a request for several ranges of one file. */
    @Test
    void severalRangesOfAFileAreOneReply() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        Path file = fixture.file(SIZE);
        long[][] ranges = {{0, 500}, {100_000, 1}, {1_000_000, 1_500_000}, {SIZE - 77, 77}};
        List<Part> parts = new ArrayList<>();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (long[] range : ranges) {
            String head = "\r\n--THIS\r\nContent-Range: bytes " + range[0] + "-" + (range[0] + range[1] - 1) + "/"
                    + SIZE + "\r\n\r\n";
            parts.add(Part.of(ascii(head)));
            parts.add(Part.of(file, range[0], range[1]));
            expected.write(head.getBytes(US_ASCII));
            expected.write(Content.PATTERN.bytes(range[0], (int) range[1]));
        }
        parts.add(Part.of(ascii("\r\n--THIS--\r\n")));
        expected.write("\r\n--THIS--\r\n".getBytes(US_ASCII));

        Future<byte[]> received = received(pair[1]);
        Transfer transfer = Transfers.concat(parts).to(pair[0]).build();
        assertThat(transfer.plan().chosen()).contains(Mechanism.SENDFILE);
        TransferResult result = transfer.run();
        pair[0].shutdownOutput();
        assertThat(TestFixture.join(received)).isEqualTo(expected.toByteArray());
        assertThat(result.bytes()).isEqualTo(expected.size());
        assertThat(result.mechanism()).isEqualTo(Mechanism.SENDFILE);
        assertThat(result.legs())
                .containsExactly(
                        new Leg(Mechanism.GATHER_WRITE, expected.size() - 1_500_000),
                        new Leg(Mechanism.SENDFILE, 1_500_000));
        assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
    }

    /** Parts in any order, every kind of buffer, regions of two files by channel and by path; every kind of target. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix", "pipe", "file", "stream", "session"})
    void anyOrderArrivesInThatOrder(String target) throws Exception {
        Random random = new Random(7);
        Path file = fixture.file(SIZE);
        FileChannel channel = fixture.keep(FileChannel.open(file));
        channel.position(5);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int count = random.nextInt(i % 9 == 0 ? 400_000 : 3000);
            int at = random.nextInt(SIZE - count);
            byte[] bytes = Content.PATTERN.bytes(at, count);
            expected.write(bytes);
            switch (random.nextInt(5)) {
                case 0:
                    parts.add(Part.of(file, at, count));
                    break;
                case 1:
                    parts.add(Part.of(channel, at, count));
                    break;
                case 2:
                    parts.add(Part.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
                    break;
                case 3:
                    ByteBuffer direct = ByteBuffer.allocateDirect(count + 10);
                    parts.add(Part.of(direct.put(10, bytes).position(10).slice(), ByteBuffer.allocate(0)));
                    break;
                default:
                    parts.add(Part.of(channel.map(FileChannel.MapMode.READ_ONLY, at, count)));
                    break;
            }
        }
        byte[] all = expected.toByteArray();
        assertThat(sentTo(target, Transfers.concat(parts).header(ascii("H")).trailer(ascii("T")), all.length + 2))
                .isEqualTo(bytes("H", all, "T"));
        assertThat(channel.position()).isEqualTo(5);
    }

    private static byte[] bytes(String head, byte[] middle, String tail) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(head.getBytes(US_ASCII));
        all.write(middle);
        all.write(tail.getBytes(US_ASCII));
        return all.toByteArray();
    }

    private byte[] sentTo(String target, Transfer.Builder builder, int size) throws Exception {
        if (target.equals("file")) {
            Path file = fixture.path("t");
            assertThat(builder.to(file).build().run().bytes()).isEqualTo(size);
            return Files.readAllBytes(file);
        }
        if (target.equals("stream")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(builder.to(out).build().run().bytes()).isEqualTo(size);
            return out.toByteArray();
        }
        Pipe pipe = fixture.pipe();
        SocketChannel[] pair = target.equals("unix") ? fixture.unix() : fixture.tcp();
        ReadableByteChannel from = target.equals("pipe") ? pipe.source() : pair[1];
        Future<byte[]> received =
                fixture.peer(() -> Channels.newInputStream(from).readNBytes(size));
        if (target.equals("session")) {
            pair[0].configureBlocking(false);
            try (TransferSession session = builder.to(pair[0]).build().open()) {
                assertThat(TestFixture.drive(session).bytes()).isEqualTo(size);
            }
        } else {
            Transfer transfer =
                    builder.to(target.equals("pipe") ? pipe.sink() : pair[0]).build();
            assertThat(transfer.run().bytes()).isEqualTo(size);
        }
        return TestFixture.join(received);
    }

    @Test
    void aCountCutsWhereItFalls() throws Exception {
        Path file = fixture.file(1000);
        byte[] bytes = Content.PATTERN.bytes(0, 1000);
        for (int count : new int[] {0, 3, 10, 11, 500, 1009, 1010, 1015, 1020}) {
            ByteBuffer first = ByteBuffer.wrap(bytes, 0, 10);
            ByteBuffer last = ByteBuffer.wrap(bytes, 0, 10);
            Path target = fixture.path("t");
            TransferResult result = Transfers.concat(Part.of(first), Part.of(file), Part.of(last))
                    .count(count)
                    .to(target)
                    .build()
                    .run();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            expected.write(bytes, 0, 10);
            expected.write(bytes);
            expected.write(bytes, 0, 10);
            assertThat(Files.readAllBytes(target)).isEqualTo(Arrays.copyOf(expected.toByteArray(), count));
            assertThat(result.bytes()).isEqualTo(count);
            assertThat(result.end()).isEqualTo(End.COUNT_REACHED);
            assertThat(first.position()).isEqualTo(Math.min(count, 10));
            assertThat(last.position()).isEqualTo(Math.max(0, count - 1010));
        }
    }

    @Test
    void aRegionThatIsNotThereFailsBeforeAnythingMoves() throws Exception {
        Path target = fixture.path("t");
        ByteBuffer head = ascii("head");
        assertThatThrownBy(() -> Transfers.concat(Part.of(head), Part.of(fixture.file(100), 50, 51))
                        .to(target)
                        .build()
                        .run())
                .isInstanceOf(EOFException.class)
                .hasMessage("part 2 is the region [50, +51) of a file of 100 bytes");
        assertThatThrownBy(() -> Transfers.concat(Part.of(head), Part.of(fixture.path("absent")))
                        .to(target)
                        .build()
                        .run())
                .isInstanceOf(NoSuchFileException.class);
        assertThat(target).doesNotExist();
        assertThat(head.position()).isZero();
    }

    /** If a region is too short, the bytes after it would be at the wrong place. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 200_000})
    void aRegionThatComesShortFailsWithTheExactCount(int size) throws Exception {
        SocketChannel[] pair = fixture.tcp();
        pair[0].configureBlocking(false);
        Path file = fixture.file(size);
        FileChannel channel = fixture.keep(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
        ByteBuffer tail = ascii("tail");
        TransferSession session = Transfers.concat(Part.of(ascii("head")), Part.of(file, 0, size), Part.of(tail))
                .to(pair[0])
                .build()
                .open();
        channel.truncate(size - 10);
        TransferException e = catchThrowableOfType(TransferException.class, () -> TestFixture.drive(session));
        assertThat(e).hasRootCauseInstanceOf(EOFException.class).hasMessageContaining("10 bytes early");
        pair[0].shutdownOutput();
        byte[] arrived = pair[1].socket().getInputStream().readAllBytes();
        assertThat(e.transferred()).isEqualTo(arrived.length);
        assertThat(session.remainder().hasRemaining()).isFalse();
        assertThat(tail.position()).isZero();
    }

    @Test
    void aPeerThatGoesAwayLeavesTheExactCountInThePositions() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        ByteBuffer[] buffers = new ByteBuffer[50];
        List<Part> parts = new ArrayList<>();
        Path file = fixture.file(400_000);
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = i % 2 == 0 ? ByteBuffer.allocate(100_000) : ByteBuffer.allocateDirect(100_000);
            parts.add(Part.of(buffers[i]));
            parts.add(Part.of(file));
        }
        Future<?> peer = fixture.peer(() -> {
            pair[1].socket().getInputStream().readNBytes(2_000_000);
            pair[1].close();
            return null;
        });
        Transfer transfer = Transfers.concat(parts).to(pair[0]).build();
        TransferException e = catchThrowableOfType(TransferException.class, transfer::run);
        TestFixture.join(peer);
        long left = e.transferred();
        for (ByteBuffer buffer : buffers) {
            assertThat(buffer.position()).isEqualTo((int) Math.max(0, Math.min(left, 100_000)));
            left -= 500_000;
        }
        assertThat(e.remainder().hasRemaining()).isFalse();
    }

    @Test
    void aRequiredMechanismBindsThePartsItIsFor() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        Future<byte[]> received = received(pair[1]);
        Path file = fixture.file(10_000);
        TransferResult result = Transfers.concat(Part.of(ascii("head")), Part.of(file), Part.of(ascii("tail")))
                .to(pair[0])
                .use(Mechanism.MMAP_WRITE, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.legs())
                .containsExactly(new Leg(Mechanism.GATHER_WRITE, 8), new Leg(Mechanism.MMAP_WRITE, 10_000));
        Transfer impossible = Transfers.concat(Part.of(ascii("head")), Part.of(file))
                .to(pair[0])
                .use(Mechanism.REFLINK, Preference.REQUIRE)
                .build();
        assertThat(impossible.plan().candidates())
                .filteredOn(c -> c.mechanism() == Mechanism.REFLINK)
                .noneMatch(c -> c.eligible());
        assertThatThrownBy(impossible::run)
                .isInstanceOf(MechanismUnavailableException.class)
                .hasMessageContaining("REFLINK");
        pair[0].shutdownOutput();
        assertThat(TestFixture.join(received)).hasSize(10_008);
    }

    @Test
    void misuseIsRefused() throws Exception {
        ByteBuffer twice = ByteBuffer.allocate(3);
        assertThatThrownBy(() -> Transfers.concat(Part.of(twice), Part.of(twice)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Transfers.concat(Part.of(twice)).range(0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Part.of(Path.of("x"), -1, 0)).isInstanceOf(IllegalArgumentException.class);
        Path file = fixture.file(1000);
        assertThatThrownBy(() ->
                        Transfers.concat(Part.of(file, 0, 10)).to(file).build().run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("truncate");
        FileChannel both = fixture.keep(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
        assertThatThrownBy(() -> Transfers.concat(Part.of(ascii("0123456789")), Part.of(both, 100, 50))
                        .to(both)
                        .targetPosition(60)
                        .build()
                        .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlapping");
        TransferResult nothing =
                Transfers.concat().to(fixture.path("t")).build().run();
        assertThat(nothing.bytes()).isZero();
    }

    /** A thousand regions of one file use one descriptor. */
    @Test
    void aSessionThatIsCancelledClosesWhatItOpened() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        pair[0].configureBlocking(false);
        Path file = fixture.file(SIZE);
        long before = TestFixture.descriptors();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            parts.add(Part.of(file, i, 100_000));
        }
        TransferSession session = Transfers.concat(parts).to(pair[0]).build().open();
        assertThat(TestFixture.descriptors()).isEqualTo(before + 1);
        Status status = session.advance();
        while (status == Status.PROGRESS) {
            status = session.advance();
        }
        assertThat(status).isEqualTo(Status.AWAIT_TARGET);
        session.close();
        assertThat(TestFixture.descriptors()).isEqualTo(before);
        pair[0].shutdownOutput();
        long arrived = pair[1].socket().getInputStream().readAllBytes().length;
        assertThat(arrived).isEqualTo(session.transferred());
    }
}
