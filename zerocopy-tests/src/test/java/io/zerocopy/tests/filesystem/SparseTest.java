package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import io.zerocopy.tests.kit.Proc;
import io.zerocopy.tests.kit.Sparse;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse files stay sparse, with every mechanism that moves the data between the holes. */
class SparseTest {
    private static final long ROOM_FOR_ODD_ENDS = 3 * 4096;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static void assertSameAndSparse(Path source, Path target) throws Exception {
        assertThat(Files.size(target)).isEqualTo(Files.size(source));
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        assertThat(Sparse.allocated(target)).isLessThanOrEqualTo(2 * Sparse.MIB + ROOM_FOR_ODD_ENDS);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {
                "COPY_FILE_RANGE",
                "SENDFILE",
                "SPLICE",
                "TRANSFER_TO",
                "TRANSFER_FROM",
                "MMAP_WRITE",
                "READ_WRITE",
                "DIRECT_IO",
                "IO_URING"
            })
    void everyMechanismLeavesHolesOut(Mechanism mechanism) throws Exception {
        Path source = Sparse.file(fixture.path("s"));
        Path target = fixture.path("t");
        TransferResult result = Transfers.from(source)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.legs()).containsExactly(new TransferResult.Leg(mechanism, Sparse.SIZE));
        assertSameAndSparse(source, target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "xfs", "btrfs"})
    void onOtherFileSystemsAndAcrossThem(String type) throws Exception {
        try (Mount mount = mounted(type)) {
            Path inside = Sparse.file(mount.path().resolve("s"));
            Path outside = fixture.path("t");
            TransferResult out = Transfers.copy(inside, outside);
            assertThat(out.bytes()).isEqualTo(Sparse.SIZE);
            assertThat(out.mechanism()).isEqualTo(Mechanism.SENDFILE);
            assertSameAndSparse(inside, outside);
            Path back = mount.path().resolve("back");
            Transfers.copy(outside, back);
            assertSameAndSparse(outside, back);
            Path beside = mount.path().resolve("beside");
            Transfers.from(inside)
                    .to(beside)
                    .use(Mechanism.REFLINK, Preference.NEVER)
                    .build()
                    .run();
            assertSameAndSparse(inside, beside);
        }
    }

    private Mount mounted(String type) throws Exception {
        switch (type) {
            case "xfs":
                return Mount.image(fixture, 320L << 20, "mkfs.xfs", "-q", "-m", "reflink=1");
            case "btrfs":
                return Mount.image(fixture, 160L << 20, "mkfs.btrfs", "-q");
            default:
                return Mount.tmpfs(fixture, "size=64m");
        }
    }

    @Test
    void aTebibyteWithThreeExtentsIsCopiedByReadingThese() throws Exception {
        // ext4 files end at 16 TiB, XFS files later; the image is a sparse file itself.
        Path source = fixture.path("huge");
        long tebibyte = 1L << 40;
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(tebibyte);
        }
        long[] extents = {1 << 20, 500L << 30, tebibyte - (3 << 20)};
        for (long extent : extents) {
            Sparse.data(source, extent, Sparse.MIB);
        }
        long before = Proc.moved();
        Path target = fixture.path("copy");
        TransferResult result = Transfers.copy(source, target);
        assertThat(Proc.moved() - before).as("bytes read and written").isLessThan(64 << 20);
        assertThat(result.bytes()).isEqualTo(tebibyte);
        assertThat(Files.size(target)).isEqualTo(tebibyte);
        try (FileChannel copy = FileChannel.open(target)) {
            for (long extent : extents) {
                ByteBuffer bytes = ByteBuffer.allocate(Sparse.MIB);
                while (bytes.hasRemaining()) {
                    assertThat(copy.read(bytes, extent + bytes.position())).isPositive();
                }
                assertThat(bytes.array()).isEqualTo(Content.PATTERN.bytes(extent, Sparse.MIB));
            }
        }
        assertThat(Sparse.allocated(target)).isEqualTo(Sparse.allocated(source));
    }

    @Test
    void toASocketAndAPipeHolesAreZeros() throws Exception {
        Path source = Sparse.file(fixture.path("s"));
        byte[] expected = Files.readAllBytes(source);
        SocketChannel[] tcp = fixture.tcp();
        Future<byte[]> received =
                fixture.peer(() -> tcp[1].socket().getInputStream().readAllBytes());
        assertThat(Transfers.copy(source, tcp[0]).bytes()).isEqualTo(Sparse.SIZE);
        tcp[0].shutdownOutput();
        assertThat(TestFixture.join(received)).isEqualTo(expected);
        Pipe pipe = Pipe.open();
        fixture.keep(pipe.source());
        fixture.keep(pipe.sink());
        Future<byte[]> piped = fixture.peer(
                () -> java.nio.channels.Channels.newInputStream(pipe.source()).readAllBytes());
        Transfer toPipe = Transfers.from(source).to(pipe.sink()).stableSource().build();
        assertThat(toPipe.run().bytes()).isEqualTo(Sparse.SIZE);
        pipe.sink().close();
        assertThat(TestFixture.join(piped)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1048576", // only a hole
        "100, 2000", // inside a hole
        "500000, 1000000", // begins in a hole, ends in data
        "1500000, 1000000", // begins in data, ends in a hole
        "1500000, 4000000", // data at both ends and a hole between
        "500000, 9000000", // holes at both ends and data between
        "8400000, 100000", // inside a range that is allocated but was never written
        "12000000, 9999999" // the hole at the end
    })
    void rangesBeginAndEndAnywhere(long position, long count) throws Exception {
        Path source = Sparse.file(fixture.path("s"));
        byte[] all = Files.readAllBytes(source);
        int length = (int) Math.min(count, Sparse.SIZE - position);
        byte[] wanted = Arrays.copyOfRange(all, (int) position, (int) position + length);
        Path fresh = fixture.path("fresh");
        TransferResult result =
                Transfers.from(source).range(position, count).to(fresh).build().run();
        assertThat(result.bytes()).isEqualTo(length);
        assertThat(Files.readAllBytes(fresh)).isEqualTo(wanted);

        // Copies over old bytes, to a place where no block begins, through channels whose own positions do not change.
        byte[] old = new byte[14 * Sparse.MIB];
        Arrays.fill(old, (byte) 7);
        Path target = Files.write(fixture.path("old"), old);
        System.arraycopy(wanted, 0, old, 777, length);
        try (FileChannel in = FileChannel.open(source);
                FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
            in.position(3);
            out.position(5);
            Transfers.from(in)
                    .range(position, count)
                    .to(out)
                    .targetPosition(777)
                    .build()
                    .run();
            assertThat(in.position()).isEqualTo(3);
            assertThat(out.position()).isEqualTo(5);
        }
        assertThat(Files.readAllBytes(target)).isEqualTo(old);
    }

    @Test
    void oldBytesBecomeHolesAndTakeNoSpace() throws Exception {
        Path source = Sparse.file(fixture.path("s"));
        Path target = fixture.file(Sparse.SIZE);
        assertThat(Sparse.allocated(target)).isGreaterThan(Sparse.SIZE);
        try (FileChannel in = FileChannel.open(source);
                FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
            assertThat(Transfers.copy(in, out).bytes()).isEqualTo(Sparse.SIZE);
            assertThat(in.position()).isEqualTo(Sparse.SIZE);
            assertThat(out.position()).isEqualTo(Sparse.SIZE);
        }
        assertSameAndSparse(source, target);
    }

    @Test
    void behindTheEndOfTheTargetAllIsHole() throws Exception {
        Path source = Sparse.file(fixture.path("s"));
        Path target = Files.writeString(fixture.path("t"), "head");
        long at = 5L << 30;
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
            Transfer transfer =
                    Transfers.from(source).to(out).targetPosition(at).build();
            assertThat(transfer.run().bytes()).isEqualTo(Sparse.SIZE);
        }
        assertThat(Files.size(target)).isEqualTo(at + Sparse.SIZE);
        assertThat(Sparse.allocated(target)).isLessThanOrEqualTo(2 * Sparse.MIB + 2 * ROOM_FOR_ODD_ENDS);
        try (FileChannel in = FileChannel.open(target)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Sparse.SIZE);
            while (bytes.hasRemaining() && in.read(bytes, at + bytes.position()) > 0) {
                continue;
            }
            assertThat(bytes.array()).isEqualTo(Files.readAllBytes(source));
        }
    }

    @Test
    void aHeaderAndATrailerStandAroundHoles() throws Exception {
        Path source = fixture.path("hole");
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(3 << 20);
        }
        Path target = fixture.path("t");
        TransferResult result = Transfers.from(source)
                .header(ByteBuffer.wrap("head".getBytes()))
                .trailer(ByteBuffer.wrap("tail".getBytes()))
                .to(target)
                .build()
                .run();
        assertThat(result.bytes()).isEqualTo((3 << 20) + 8);
        byte[] expected = new byte[(3 << 20) + 8];
        System.arraycopy("head".getBytes(), 0, expected, 0, 4);
        System.arraycopy("tail".getBytes(), 0, expected, expected.length - 4, 4);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        assertThat(Sparse.allocated(target)).isLessThanOrEqualTo(2 * 4096);
    }

    @Test
    void whatWasCountedIsInTheTargetWhenASessionIsGivenUp() throws Exception {
        Path source = Sparse.file(fixture.path("s"));
        Path target = fixture.path("t");
        long moved;
        try (TransferSession session =
                Transfers.from(source).to(target).fairChunk(1).build().open()) {
            session.advance();
            moved = session.transferred();
            assertThat(moved).isEqualTo(Sparse.MIB); // the hole at the start is one step
        }
        assertThat(Files.size(target)).isEqualTo(moved);
        assertThat(Sparse.allocated(target)).isZero();
    }

    @Test
    void aMechanismThatIsRequiredAndDeclinesLeavesTheTargetAlone() throws Exception {
        try (Mount mount = Mount.tmpfs(fixture, "size=32m")) {
            Path source = Sparse.file(fixture.path("s"));
            Path existing = Files.writeString(mount.path().resolve("t"), "mine");
            Path absent = mount.path().resolve("absent");
            for (Path target : new Path[] {existing, absent}) {
                assertThatThrownBy(() -> Transfers.from(source)
                                .to(target)
                                .use(Mechanism.COPY_FILE_RANGE, Preference.REQUIRE)
                                .build()
                                .run())
                        .hasMessageContaining("EXDEV");
            }
            assertThat(existing).hasContent("mine");
            assertThat(absent).doesNotExist();
        }
    }

    @Test
    void aHoleThatIsCutOffEndsTheTransfer() throws Exception {
        Path source = Sparse.file(fixture.path("s"));
        Path target = fixture.path("t");
        TransferResult result;
        try (TransferSession session =
                Transfers.from(source).to(target).fairChunk(1).build().open()) {
            session.advance();
            try (FileChannel cut = FileChannel.open(source, StandardOpenOption.WRITE)) {
                cut.truncate(3 * Sparse.MIB);
            }
            result = TestFixture.drive(session);
        }
        assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
        assertThat(result.bytes()).isEqualTo(3 * Sparse.MIB);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void theKillSwitchExpandsHoles() throws Exception {
        Path source = Sparse.file(fixture.path("s"));
        Path target = fixture.path("t");
        System.setProperty("zerocopy.disable", "holes");
        try {
            Transfers.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            System.clearProperty("zerocopy.disable");
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        assertThat(Sparse.allocated(target)).isGreaterThanOrEqualTo(Sparse.SIZE);
    }
}
