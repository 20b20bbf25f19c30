package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More than 4 GiB in one call, from sparse files, with marks on both sides of every 32-bit limit. */
@Tag("thorough")
class LargeTest {
    private static final long SIZE = (4L << 30) + 12_345;
    private static final long[] MARKS = {0, (2L << 30) - 3, 0x7ffff000L - 1, (4L << 30) - 3, SIZE - 6};
    private static final byte[] MARK = "mark!!".getBytes();

    private static Path sparse(TestFixture fixture) throws Exception {
        Path file = fixture.path("sparse");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            for (long mark : MARKS) {
                channel.write(ByteBuffer.wrap(MARK), mark);
            }
        }
        return file;
    }

    /** Zeros except for the marks. */
    private static final Content MARKED = (into, length, offset) -> {
        java.util.Arrays.fill(into, 0, length, (byte) 0);
        for (long mark : MARKS) {
            for (int i = 0; i < MARK.length; i++) {
                long at = mark + i - offset;
                if (at >= 0 && at < length) {
                    into[(int) at] = MARK[i];
                }
            }
        }
    };

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SENDFILE", "READ_WRITE", "MMAP_WRITE", "TRANSFER_TO"})
    void fileToDevice(Mechanism mechanism) throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            TransferResult result = Transfers.from(sparse(fixture))
                    .to(Path.of("/dev/null"), StandardOpenOption.WRITE)
                    .use(mechanism, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(result.bytes()).isEqualTo(SIZE);
        }
    }

    @Test
    void fileToSocketToSocketToPipe() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            SocketChannel[] first = fixture.tcp();
            SocketChannel[] second = fixture.unix();
            Path source = sparse(fixture);
            Future<TransferResult> sent = fixture.peer(() -> {
                TransferResult result = Transfers.copy(source, first[0]);
                first[0].shutdownOutput();
                return result;
            });
            Future<TransferResult> relayed = fixture.peer(() -> {
                TransferResult result = Transfers.copy(first[1], second[0]);
                second[0].shutdownOutput();
                return result;
            });
            assertThat(TestFixture.drain(Channels.newInputStream(second[1]), MARKED))
                    .isEqualTo(SIZE);
            assertThat(TestFixture.join(sent).bytes()).isEqualTo(SIZE);
            assertThat(TestFixture.join(relayed).bytes()).isEqualTo(SIZE);
        }
    }

    @Test
    void fileToFile() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            Path source = sparse(fixture);
            Path target = fixture.path("t");
            TransferResult result = Transfers.copy(source, target);
            assertThat(result.bytes()).isEqualTo(SIZE);
            try (FileChannel copy = FileChannel.open(target)) {
                assertThat(copy.size()).isEqualTo(SIZE);
                for (long mark : MARKS) {
                    ByteBuffer found = ByteBuffer.allocate(MARK.length);
                    copy.read(found, mark);
                    assertThat(found.array()).isEqualTo(MARK);
                }
            }
        }
    }
}
