package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.ChannelHold;
import io.zerocopy.Mechanism;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A channel that is sent from where it stands: for small files nobody asks for position or size first, and the kernel moves
 * the position. Whatever happens, the channel stands behind what the target has.
 */
class OwnPositionTest {
    private static final int ROUNDS = Boolean.getBoolean("zerocopy.tests.thorough") ? 30 : 5;

    private TestFixture fixture;
    private SocketChannel[] tcp;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        tcp = fixture.tcp();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private FileChannel file(byte[] content) throws IOException {
        Path path = Files.write(fixture.path("source"), content);
        return fixture.keep(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private byte[] received(int count) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(count);
        while (all.hasRemaining() && tcp[1].read(all) >= 0) {
            continue;
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    private void requireCopied(FileChannel from, byte[] content, int start) throws Exception {
        Future<byte[]> received = fixture.peer(() -> received(content.length - start));
        TransferResult result = Transfers.copy(from, tcp[0]);
        assertThat(TestFixture.join(received)).isEqualTo(Arrays.copyOfRange(content, start, content.length));
        assertThat(result.bytes()).isEqualTo(content.length - start);
        assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
        assertThat(from.position()).isEqualTo(content.length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyPartOfASmallFileThroughALittleRoom(boolean held) throws Exception {
        tcp[0].setOption(StandardSocketOptions.SO_SNDBUF, 4096);
        tcp[1].setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        ChannelHold hold = held ? Transfers.hold(tcp[0]) : null;
        Random random = new Random(1);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] content = bytes(random.nextInt(60_000));
            FileChannel from = file(content);
            int start = random.nextInt(content.length + 1);
            from.position(start);
            requireCopied(from, content, start);
        }
        if (held) {
            hold.close();
        }
    }

    @Test
    void aFileThatHasGrownSinceItWasLastSeen() throws Exception {
        byte[] content = bytes(3_000_000);
        FileChannel from = file(Arrays.copyOf(content, 10));
        requireCopied(from, Arrays.copyOf(content, 10), 0);
        from.write(ByteBuffer.wrap(content, 10, content.length - 10));
        from.position(10);
        requireCopied(from, content, 10);
        from.truncate(20).position(15);
        requireCopied(from, Arrays.copyOf(content, 20), 15);
    }

    @Test
    void nothingBehindTheEnd() throws Exception {
        FileChannel from = file(bytes(100));
        from.position(1000);
        TransferResult result = Transfers.copy(from, tcp[0]);
        assertThat(result.bytes()).isZero();
        assertThat(from.position()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 5000, 70_000})
    void noMoreThanIsWanted(int count) throws Exception {
        byte[] content = bytes(5000);
        FileChannel from = file(content);
        TransferResult result =
                Transfers.from(from).count(count).to(tcp[0]).build().run();
        int moved = Math.min(count, content.length);
        assertThat(result.bytes()).isEqualTo(moved);
        assertThat(result.end()).isEqualTo(count <= content.length ? End.COUNT_REACHED : End.SOURCE_ENDED);
        assertThat(from.position()).isEqualTo(moved);
        assertThat(received(moved)).isEqualTo(Arrays.copyOf(content, moved));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SENDFILE", "READ_WRITE", "MMAP_WRITE", "SPLICE", "TRANSFER_TO"})
    void whateverMovesIt(Mechanism mechanism) throws Exception {
        byte[] content = bytes(5000);
        FileChannel from = file(content);
        from.position(1000);
        TransferResult result = Transfers.from(from)
                .to(tcp[0])
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.bytes()).isEqualTo(4000);
        assertThat(result.mechanism()).isEqualTo(mechanism);
        assertThat(from.position()).isEqualTo(5000);
        assertThat(received(4000)).isEqualTo(Arrays.copyOfRange(content, 1000, 5000));
    }

    /** The socket takes less than the file has, and has room again a moment later. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noOtherMechanismWhereTheCallerExcludesIt(boolean required) throws Exception {
        tcp[0].setOption(StandardSocketOptions.SO_SNDBUF, 4096);
        int rounds = 200;
        byte[] content = bytes(60_000);
        FileChannel from = file(content);
        Future<byte[]> received = fixture.peer(() -> received(rounds * content.length));
        for (int i = 0; i < rounds; i++) {
            from.position(0);
            Transfer.Builder builder = Transfers.from(from).to(tcp[0]);
            TransferResult result = (required
                            ? builder.use(Mechanism.SENDFILE, Preference.REQUIRE)
                            : builder.use(Mechanism.READ_WRITE, Preference.NEVER))
                    .build()
                    .run();
            assertThat(result.legs()).extracting(TransferResult.Leg::mechanism).doesNotContain(Mechanism.READ_WRITE);
            assertThat(from.position()).isEqualTo(content.length);
        }
        assertThat(TestFixture.join(received)).endsWith(content).hasSize(rounds * content.length);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SENDFILE", "READ_WRITE"})
    void aPeerThatIsGone(Mechanism mechanism) throws Exception {
        FileChannel from = file(bytes(50_000));
        tcp[1].setOption(StandardSocketOptions.SO_LINGER, 0);
        tcp[1].close();
        long transferred = 0;
        TransferException failure = null;
        while (failure == null) { // the reset may come a moment later
            from.position(1000);
            try {
                transferred = Transfers.from(from)
                        .to(tcp[0])
                        .use(mechanism, Preference.REQUIRE)
                        .build()
                        .run()
                        .bytes();
                assertThat(from.position()).isEqualTo(1000 + transferred);
            } catch (TransferException e) {
                failure = e;
            }
        }
        assertThat(from.position()).isEqualTo(1000 + failure.transferred());
    }

    @Test
    void aStreamGoesOnBehindIt() throws Exception {
        byte[] content = bytes(2000);
        Path path = Files.write(fixture.path("source"), content);
        try (FileInputStream in = new FileInputStream(path.toFile())) {
            assertThat(in.skip(500)).isEqualTo(500);
            Transfers.from(in).count(1000).to(tcp[0]).build().run();
            assertThat(received(1000)).isEqualTo(Arrays.copyOfRange(content, 500, 1500));
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 1500, 2000));
        }
    }

    /** The next transfer of the thread may use the same objects. */
    @Test
    void aRefusedTransferLeavesNothingToTheNextOne() throws Exception {
        FileChannel from = file(bytes(100));
        requireCopied(from, bytes(100), 0);
        from.position(0);
        SocketChannel unconnected = fixture.keep(SocketChannel.open());
        assertThatThrownBy(() -> Transfers.copy(from, unconnected)).isInstanceOf(NotYetConnectedException.class);
        Future<byte[]> received = fixture.peer(() -> received(100));
        TransferResult result = Transfers.concat(Part.of(ByteBuffer.wrap(bytes(100))))
                .to(tcp[0])
                .build()
                .run();
        assertThat(result.bytes()).isEqualTo(100);
        assertThat(TestFixture.join(received)).isEqualTo(bytes(100));
    }
}
