package io.zerocopy.tests.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a large copy leaves in the page cache. */
class PageCacheTest {
    private static final int SIZE = 40 << 20;
    private static final long LITTLE = 1 << 20; // bytes that were read ahead, or are not yet written

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Returns how many bytes of a file are in the page cache. */
    static long cached(Path file) {
        try {
            return Long.parseLong(TestFixture.run("fincore", "-b", "-n", "-o", "RES", file.toString())
                    .strip());
        } catch (IOException absent) {
            return Assumptions.abort("fincore cannot be run: " + absent.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"COPY_FILE_RANGE", "SENDFILE", "SPLICE", "TRANSFER_TO", "TRANSFER_FROM", "MMAP_WRITE", "READ_WRITE"
            })
    void aCopyThatDropsBehindLeavesNothingOfEitherFile(Mechanism mechanism) throws Exception {
        Path source = fixture.file(SIZE);
        TestFixture.run("sync", source.toString());
        assertThat(cached(source)).isEqualTo(SIZE);
        Path target = fixture.path("t");
        Transfer.Builder builder = Transfers.from(source).to(target).use(mechanism, Preference.REQUIRE);
        builder.build().run();
        assertThat(cached(target)).isEqualTo(SIZE);
        builder.dropBehind().build().run();
        assertThat(cached(source)).isLessThan(LITTLE);
        assertThat(cached(target)).isLessThan(LITTLE);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void aFileThatIsSentIsDroppedToo() throws Exception {
        Path source = fixture.file(SIZE);
        TestFixture.run("sync", source.toString());
        SocketChannel[] tcp = fixture.tcp();
        Future<byte[]> received =
                fixture.peer(() -> tcp[1].socket().getInputStream().readAllBytes());
        Transfers.from(source).to(tcp[0]).dropBehind().build().run();
        tcp[0].shutdownOutput();
        assertThat(TestFixture.join(received))
                .isEqualTo(Files.readAllBytes(source))
                .hasSize(SIZE);
    }
}
