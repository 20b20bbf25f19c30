package io.zerocopy.tests.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.FileInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Channels that their owner has opened with {@code ExtendedOpenOption.DIRECT}, and lengths that are no multiple of a
 * block.
 */
class DirectChannelTest {
    private static final int SIZE = 1_500_001;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Finds the option by its name, because newer compilers warn that it is internal, and warnings are errors here. */
    private static OpenOption direct() throws ReflectiveOperationException {
        return (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption")
                .getField("DIRECT")
                .get(null);
    }

    private FileChannel target(Path path) throws Exception {
        return fixture.keep(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, direct()));
    }

    /** Reads through a stream: channels of the JDK fail on the buffers that direct channels leave in their thread. */
    private static byte[] content(Path path) throws Exception {
        try (FileInputStream in = new FileInputStream(path.toFile())) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({"file, 1", "file, 4097", "file, 1500001", "tcp, 1", "tcp, 70001", "tcp, 1500001", "memory, 70001"})
    void everyByteArrivesAndTheLengthIsExact(String from, int size) throws Exception {
        byte[] all = Content.PATTERN.bytes(0, size);
        Path path = fixture.path("t");
        FileChannel target = target(path);
        Transfer.Builder builder;
        Future<?> feeder = null;
        if (from.equals("tcp")) {
            SocketChannel[] tcp = fixture.tcp();
            feeder = fixture.peer(() -> {
                for (int at = 0; at < size; at += 10_007) {
                    tcp[1].write(ByteBuffer.wrap(all, at, Math.min(10_007, size - at)));
                }
                tcp[1].shutdownOutput();
                return null;
            });
            builder = Transfers.from(tcp[0]);
        } else {
            builder = from.equals("file") ? Transfers.from(fixture.file(size)) : Transfers.from(ByteBuffer.wrap(all));
        }
        TransferResult result = builder.to(target).build().run();
        assertThat(result.legs()).containsExactly(new Leg(Mechanism.DIRECT_IO, size));
        assertThat(target.position()).isEqualTo(size);
        assertThat(content(path)).isEqualTo(all);
        if (feeder != null) {
            TestFixture.join(feeder);
        }
    }

    /** Each mechanism, required by name, opens the file once more, so that it can write parts of blocks. */
    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"COPY_FILE_RANGE", "SENDFILE", "SPLICE", "MMAP_WRITE", "READ_WRITE", "DIRECT_IO", "IO_URING"})
    void everyMechanismWritesTheChannelIfRequired(Mechanism mechanism) throws Exception {
        Path path = fixture.path("t");
        TransferResult result = Transfers.from(fixture.file(SIZE))
                .to(target(path))
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.legs()).containsExactly(new Leg(mechanism, SIZE));
        assertThat(content(path)).isEqualTo(Content.PATTERN.bytes(0, SIZE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsReadPastThePageCacheArrivesToo(boolean toFile) throws Exception {
        FileChannel source = fixture.keep(FileChannel.open(fixture.file(SIZE), StandardOpenOption.READ, direct()));
        source.position(3);
        if (toFile) {
            Path path = fixture.path("t");
            assertThat(Transfers.from(source).to(path).build().run().mechanism())
                    .isEqualTo(Mechanism.DIRECT_IO);
            assertThat(content(path)).isEqualTo(Content.PATTERN.bytes(3, SIZE - 3));
        } else {
            SocketChannel[] tcp = fixture.tcp();
            Future<byte[]> drained =
                    fixture.peer(() -> Channels.newInputStream(tcp[1]).readNBytes(SIZE - 3));
            assertThat(Transfers.from(source).to(tcp[0]).build().run().mechanism())
                    .isEqualTo(Mechanism.DIRECT_IO);
            assertThat(TestFixture.join(drained)).isEqualTo(Content.PATTERN.bytes(3, SIZE - 3));
        }
        assertThat(source.position()).isEqualTo(SIZE);
    }
}
