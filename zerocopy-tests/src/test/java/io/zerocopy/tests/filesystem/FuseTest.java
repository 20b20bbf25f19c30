package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
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
    private Path directory;
    private Process server;

    @BeforeEach
    void open() throws Exception {
        Mount.requireRoot();
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "no /dev/fuse: needs root, and the fuse module");
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        if (fixture == null) {
            return;
        }
        if (server != null) {
            TestFixture.run("umount", "-l", directory.toString());
            server.destroy();
            server.waitFor();
            server.getInputStream().close();
            server.getOutputStream().close();
            server.getErrorStream().close();
        }
        fixture.close();
    }

    /** Mounts a server, and returns the file. */
    private Path mounted(String mode) throws IOException {
        directory = Files.createDirectory(fixture.path("fuse"));
        Path script = fixture.path("short_reads.py");
        try (InputStream in = FuseTest.class.getResourceAsStream("short_reads.py")) {
            Files.copy(in, script);
        }
        Process started = new ProcessBuilder(
                        "python3",
                        script.toString(),
                        directory.toString(),
                        Integer.toString(SIZE),
                        Integer.toString(MOST),
                        mode)
                .redirectErrorStream(true)
                .start();
        BufferedReader says = started.inputReader();
        String line = says.readLine();
        if (!"mounted".equals(line)) {
            started.destroy();
            Assumptions.abort("no file system of FUSE can be mounted: needs root: " + line);
        }
        server = started;
        return directory.resolve("f");
    }

    private static void requireWhole(byte[] received) {
        byte[] expected = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            expected[i] = (byte) (31 * i + 7 * (i >> 8) + 13 * (i >> 16));
        }
        assertThat(received.length).isEqualTo(SIZE);
        assertThat(Arrays.mismatch(received, expected)).isEqualTo(-1);
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
