package io.zerocopy.tests.transfer;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call guarantees besides moving bytes: positions, ends, and the detection of misuse. */
class ContractTest {
    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"COPY_FILE_RANGE", "SENDFILE", "SPLICE", "TRANSFER_TO", "TRANSFER_FROM", "MMAP_WRITE", "READ_WRITE"
            })
    void fileChannelsAreUsedAtAndAdvanceTheirPositions(Mechanism mechanism) throws Exception {
        Path target = Files.write(fixture.path("t"), new byte[100]);
        try (FileChannel in = FileChannel.open(fixture.file(10_000));
                FileChannel out = FileChannel.open(target, WRITE)) {
            in.position(1000);
            out.position(40);
            TransferResult result = Transfers.from(in)
                    .to(out)
                    .count(5000)
                    .use(mechanism, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(result.bytes()).isEqualTo(5000);
            assertThat(result.end()).isEqualTo(End.COUNT_REACHED);
            assertThat(in.position()).isEqualTo(6000);
            assertThat(out.position()).isEqualTo(5040);
        }
        byte[] written = Files.readAllBytes(target);
        assertThat(written).hasSize(5040).startsWith(new byte[40]).endsWith(Content.PATTERN.bytes(1000, 5000));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"COPY_FILE_RANGE", "SENDFILE", "SPLICE", "TRANSFER_TO", "TRANSFER_FROM", "MMAP_WRITE", "READ_WRITE"
            })
    void explicitPositionsLeaveChannelPositionsAlone(Mechanism mechanism) throws Exception {
        Path target = Files.write(fixture.path("t"), new byte[100]);
        try (FileChannel in = FileChannel.open(fixture.file(10_000));
                FileChannel out = FileChannel.open(target, WRITE)) {
            in.position(77);
            out.position(88);
            TransferResult result = Transfers.from(in)
                    .range(2000, 3000)
                    .to(out)
                    .targetPosition(50)
                    .use(mechanism, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(result.bytes()).isEqualTo(3000);
            assertThat(in.position()).isEqualTo(77);
            assertThat(out.position()).isEqualTo(88);
        }
        byte[] written = Files.readAllBytes(target);
        assertThat(written).hasSize(3050).startsWith(new byte[50]).endsWith(Content.PATTERN.bytes(2000, 3000));
    }

    @Test
    void endOfSourceBeforeTheCountIsTold() throws Exception {
        TransferResult result = Transfers.from(fixture.file(1000))
                .range(400, 9999)
                .to(fixture.path("t"))
                .build()
                .run();
        assertThat(result.bytes()).isEqualTo(600);
        assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
        TransferResult beyond = Transfers.from(fixture.file(1000))
                .range(5000, 10)
                .to(fixture.path("t"))
                .build()
                .run();
        assertThat(beyond.bytes()).isZero();
        assertThat(beyond.end()).isEqualTo(End.SOURCE_ENDED);
    }

    @Test
    void appendAppends() throws Exception {
        Path target = Files.write(fixture.path("t"), new byte[10]);
        try (FileChannel out = FileChannel.open(target, APPEND)) {
            Transfers.copy(fixture.file(5000), out);
            Transfers.copy(fixture.file(5000), out);
        }
        assertThat(Files.size(target)).isEqualTo(10_010);
    }

    @Test
    void copyOfAFileToItsOwnEndTerminates() throws Exception {
        Path file = fixture.file(100_000);
        TransferResult result = Transfers.from(file).to(file, APPEND).build().run();
        assertThat(result.bytes()).isEqualTo(100_000);
        assertThat(Files.size(file)).isEqualTo(200_000);
        try (FileChannel both = FileChannel.open(file, READ, WRITE)) {
            TransferResult second = Transfers.from(both)
                    .range(0, Long.MAX_VALUE)
                    .to(both)
                    .targetPosition(200_000)
                    .build()
                    .run();
            assertThat(second.bytes()).isEqualTo(200_000);
        }
        assertThat(Files.size(file)).isEqualTo(400_000);
    }

    @Test
    void overlappingRangesOfOneFileAreRefusedBeforeAnythingMoves() throws Exception {
        Path file = fixture.file(10_000);
        byte[] before = Files.readAllBytes(file);
        try (FileChannel in = FileChannel.open(file);
                FileChannel out = FileChannel.open(file, WRITE)) {
            Transfer overlapping = Transfers.from(in)
                    .range(0, 5000)
                    .to(out)
                    .targetPosition(1000)
                    .build();
            assertThatThrownBy(overlapping::run).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Transfers.from(file).to(file).build().run())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void misuseThrowsTheExceptionsOfTheJdk() throws Exception {
        Path file = fixture.file(100);
        SocketChannel[] pair = fixture.tcp();
        assertThatThrownBy(() -> Transfers.copy((Path) null, file))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("source");
        assertThatThrownBy(() -> Transfers.copy(file, (WritableByteChannel) null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Transfers.from((ReadableByteChannel) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Transfers.from(file).count(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Transfers.from(file).range(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Transfers.from(file).targetPosition(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Transfers.from(file).timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        Transfers.from(pair[0]).range(0, 1).to(pair[1]).build().run())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Transfers.copy(fixture.path("absent"), pair[0]))
                .isInstanceOf(NoSuchFileException.class);
        try (DatagramChannel datagrams = DatagramChannel.open()) {
            assertThatThrownBy(() -> Transfers.from(datagrams))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("datagram");
            assertThatThrownBy(() -> Transfers.from(file).to(datagrams))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("datagram");
        }
        try (FileChannel readOnly = FileChannel.open(file);
                FileChannel writeOnly = FileChannel.open(file, WRITE)) {
            assertThatThrownBy(() -> Transfers.copy(writeOnly, pair[0]))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> Transfers.copy(file, readOnly)).isInstanceOf(NonWritableChannelException.class);
        }
        FileChannel closed = FileChannel.open(file);
        closed.close();
        assertThatThrownBy(() -> Transfers.copy(closed, pair[0])).isInstanceOf(ClosedChannelException.class);
        pair[0].configureBlocking(false);
        assertThatThrownBy(() -> Transfers.copy(file, pair[0])).isInstanceOf(IllegalBlockingModeException.class);
        assertThatThrownBy(() -> Transfers.copy(pair[0], fixture.path("t")))
                .isInstanceOf(IllegalBlockingModeException.class);
        assertThat(pair[0].isBlocking()).isFalse();
        pair[1].configureBlocking(false);
        assertThat(pair[1].read(ByteBuffer.allocate(10))).as("nothing moved").isZero();
        pair[1].close();
        assertThatThrownBy(() -> Transfers.copy(file, pair[1])).isInstanceOf(ClosedChannelException.class);
        assertThat(Files.size(file)).isEqualTo(100);
    }

    @Test
    void aCountAndARangeDoNotOverrideEachOther() throws Exception {
        Path file = fixture.file(100);
        assertThatThrownBy(() -> Transfers.from(file).count(7).range(5, 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("range(5, 20)", "count(7)");
        for (long[] each : new long[][] {{7, 7}, {20, 20}, {30, 20}}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Transfers.from(file).range(5, 20).count(each[0]).to(out).build().run();
            assertThat(out.toByteArray()).isEqualTo(Content.PATTERN.bytes(5, (int) each[1]));
        }
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        assertThatThrownBy(() -> Transfers.from(fixture.file(1)).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("to(Path)", "to(WritableByteChannel)", "to(OutputStream)");
    }

    @Test
    void buffersAdvanceByWhatWasDelivered() throws Exception {
        ByteBuffer one = ByteBuffer.wrap(new byte[100]);
        ByteBuffer two = ByteBuffer.allocateDirect(100);
        TransferResult result = Transfers.from(one, two)
                .count(150)
                .to(fixture.path("t"))
                .build()
                .run();
        assertThat(result.bytes()).isEqualTo(150);
        assertThat(result.end()).isEqualTo(End.COUNT_REACHED);
        assertThat(one.position()).isEqualTo(100);
        assertThat(two.position()).isEqualTo(50);
        assertThat(two.limit()).isEqualTo(100);
    }

    @Test
    void headerBodyAndTrailerAreOneTransfer() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        Path file = fixture.file(100_000);
        var received = fixture.peer(() -> pair[1].socket().getInputStream().readAllBytes());
        TransferResult result = Transfers.from(file)
                .header(ByteBuffer.wrap("HEAD ".getBytes()), ByteBuffer.wrap("ER ".getBytes()))
                .trailer(ByteBuffer.wrap(" END".getBytes()))
                .to(pair[0])
                .build()
                .run();
        pair[0].shutdownOutput();
        byte[] bytes = TestFixture.join(received);
        assertThat(result.bytes()).isEqualTo(100_012).isEqualTo(bytes.length);
        assertThat(bytes).startsWith("HEAD ER ".getBytes()).endsWith(" END".getBytes());
    }

    @Test
    void beyondTheEndOfTheTargetTheGapIsZeros() throws Exception {
        Path target = fixture.path("t");
        Transfers.from(fixture.file(1000))
                .to(target)
                .targetPosition(5000)
                .build()
                .run();
        assertThat(Files.readAllBytes(target))
                .hasSize(6000)
                .startsWith(new byte[5000])
                .endsWith(Content.PATTERN.bytes(0, 1000));
    }

    /** The kernel says that these files end after the first read, even if it was short. */
    @Test
    void filesOfProcSysAreReadWhole() throws Exception {
        Path setting = Path.of("/proc/sys/fs/pipe-max-size");
        Path target = fixture.path("t");
        Transfers.copy(setting, target);
        assertThat(Files.readString(target)).isEqualTo(TestFixture.run("cat", setting.toString()));
    }
}
