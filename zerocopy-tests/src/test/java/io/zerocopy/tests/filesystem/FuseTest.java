package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file on FUSE whose server answers reads in part. The kernel takes that for the end of the file, and every copy call
 * says so until the server is asked for the size again.
 */
class FuseTest {
    private static final int SIZE = 2_000_000;
    private static final int MOST = 65_536;

    private TestFixture fixture;
    private FuseServer server;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        if (server != null) {
            server.close();
        }
        fixture.close();
    }

    /**
     * Mounts a server, and returns the file.
     *
     * @param fails nothing, or which end fails and from which byte on
     */
    private Path mounted(String mode, String... fails) throws IOException {
        server = FuseServer.mount(fixture, SIZE, MOST, mode, fails);
        return server.file();
    }

    private static byte[] content() {
        byte[] content = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            content[i] = (byte) (31 * i + 7 * (i >> 8) + 13 * (i >> 16));
        }
        return content;
    }

    private static void requireWhole(byte[] received) {
        assertThat(received.length).isEqualTo(SIZE);
        assertThat(Arrays.mismatch(received, content())).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cached", "direct"})
    void aCopyOfPathsIsWhole(String mode) throws Exception {
        Path target = fixture.path("t");
        assertThat(Transfers.copy(mounted(mode), target).bytes()).isEqualTo(SIZE);
        requireWhole(Files.readAllBytes(target));
    }

    @ParameterizedTest
    @CsvSource({
        "cached, SENDFILE",
        "cached, SPLICE",
        "cached, TRANSFER_TO",
        "cached, READ_WRITE",
        "direct, SENDFILE",
        "direct, SPLICE",
        "direct, TRANSFER_TO",
        "direct, READ_WRITE",
        "direct, DIRECT_IO"
    })
    void whatIsRequiredMovesAll(String mode, Mechanism mechanism) throws Exception {
        Path source = mounted(mode);
        Path target = fixture.path("t");
        TransferResult result = Transfers.from(source)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.bytes()).isEqualTo(SIZE);
        requireWhole(Files.readAllBytes(target));
    }

    @ParameterizedTest
    @CsvSource({"cached, SENDFILE", "cached, SPLICE", "direct, SENDFILE", "direct, SPLICE"})
    void aSendReadsTheWholeFileToo(String mode, Mechanism mechanism) throws Exception {
        Path source = mounted(mode);
        SocketChannel[] tcp = fixture.tcp();
        Future<byte[]> read =
                fixture.peer(() -> tcp[1].socket().getInputStream().readAllBytes());
        Transfers.from(source)
                .to(tcp[0])
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        tcp[0].close();
        requireWhole(TestFixture.join(read));
    }

    /** What cannot go on behind the size that the kernel believes in says so, with the right count, and others go on. */
    @ParameterizedTest
    @CsvSource({"MMAP_WRITE, MMAP_WRITE declined: mmap", "DIRECT_IO, DIRECT_IO declined"})
    void whatMapsOrCountsBySizeSaysThatThereIsMore(Mechanism mechanism, String text) throws Exception {
        Path source = mounted("cached");
        Path target = fixture.path("t");
        Transfer.Builder alone = Transfers.from(source).to(target).use(mechanism, Preference.REQUIRE);
        TransferException failure = catchThrowableOfType(
                TransferException.class, () -> alone.build().run());
        assertThat(failure)
                .hasMessageContaining(text)
                .hasMessageContaining("size")
                .hasMessageContaining(" after " + failure.transferred() + " bytes, from " + source);
        assertThat(failure.transferred()).isBetween((long) MOST, SIZE - 1L);
        byte[] arrived = Files.readAllBytes(target);
        assertThat(arrived.length).isEqualTo((int) failure.transferred());
        assertThat(Arrays.mismatch(arrived, content())).isEqualTo(arrived.length);
        assertThat(alone.use(Mechanism.READ_WRITE, Preference.REQUIRE)
                        .build()
                        .run()
                        .bytes())
                .isEqualTo(SIZE);
        requireWhole(Files.readAllBytes(target));
    }

    /** Of an end that fails in the middle, also where the file system copies by itself, it is known which one it is. */
    @ParameterizedTest
    @CsvSource({
        "read, , SOURCE",
        "read, COPY_FILE_RANGE, SOURCE",
        "read, SENDFILE, SOURCE",
        "read, READ_WRITE, SOURCE",
        "write, , TARGET",
        "write, COPY_FILE_RANGE, TARGET",
        "write, SENDFILE, TARGET",
        "write, READ_WRITE, TARGET"
    })
    void theEndThatFailsIsNamed(String fails, Mechanism mechanism, Side side) throws Exception {
        int at = 15 * MOST;
        Path source = mounted("cached", fails, Integer.toString(at));
        Path target = Files.write(source.resolveSibling("t"), new byte[10]); // an empty one may be virtual
        Transfer.Builder builder = Transfers.from(source).to(target);
        if (mechanism != null) {
            builder.use(mechanism, Preference.REQUIRE);
        }
        TransferException failure = catchThrowableOfType(
                TransferException.class, () -> builder.build().run());
        assertThat(failure).isNotNull();
        assertThat(failure.side()).as("%s", failure).isEqualTo(side);
        assertThat(failure)
                .hasMessageContaining("EIO")
                .hasMessageEndingWith(side == Side.SOURCE ? ", from " + source : ", to " + target);
        assertThat(failure.transferred()).isBetween(1L, (long) at);
        byte[] arrived = Files.readAllBytes(target);
        assertThat(arrived.length).isGreaterThanOrEqualTo((int) failure.transferred());
        assertThat(Arrays.mismatch(arrived, 0, (int) failure.transferred(), content(), 0, (int) failure.transferred()))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cached", "direct"})
    void thereIsNoRing(String mode) throws Exception {
        Path source = mounted(mode);
        Path target = fixture.path("t");
        assertThatThrownBy(() -> Transfers.from(source)
                        .to(target)
                        .use(Mechanism.IO_URING, Preference.REQUIRE)
                        .build()
                        .run())
                .isInstanceOf(MechanismUnavailableException.class);
        assertThat(target).doesNotExist();
    }
}
