package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferPlan;
import io.zerocopy.TransferTimeoutException;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of a builder are followed with and without the native part. */
class WishesTest {
    private static final Duration SHORT = Duration.ofMillis(80);

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        System.clearProperty("zerocopy.disable");
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({"tcp,native", "unix,native", "pipe,native", "tcp,none", "unix,none", "pipe,none"})
    void aTimeoutEndsEveryWait(String kind, String off) throws Exception {
        System.setProperty("zerocopy.disable", off);
        Pipe pipe = fixture.pipe();
        SocketChannel[] sockets = kind.equals("tcp") ? fixture.tcp() : fixture.unix();
        Transfer from = (kind.equals("pipe") ? Transfers.from(pipe.source()) : Transfers.from(sockets[0]))
                .timeout(SHORT)
                .to(fixture.path("t"))
                .build();
        assertThat(catchThrowable(from::run))
                .isInstanceOf(TransferException.class)
                .hasMessageStartingWith("timed out after 0 bytes, ");
        Path file = fixture.file(24 << 20);
        long moved = 0;
        for (Duration limit = SHORT; moved == 0; limit = limit.multipliedBy(2)) { // until some byte is in time
            assertThat(limit)
                    .as("so long, and nothing has moved")
                    .isLessThan(Duration.ofSeconds(TestFixture.DEADLINE_SECONDS));
            Transfer to = (kind.equals("pipe")
                            ? Transfers.from(file).to(pipe.sink())
                            : Transfers.from(file).to(sockets[0]))
                    .timeout(limit)
                    .build();
            Throwable failure = catchThrowable(to::run);
            assertThat(failure).isInstanceOf(TransferTimeoutException.class).hasMessageContaining("timed out after");
            moved = ((TransferException) failure).transferred();
        }
        assertThat(moved).isPositive().isLessThan(24 << 20);
        assertThat(pipe.sink().isBlocking() && pipe.source().isBlocking() && sockets[0].isBlocking())
                .isTrue();
    }

    @Test
    void aTimeoutHoldsForASocketWhoseReadsHaveOneToo() throws Exception {
        SocketChannel[] sockets = fixture.tcp();
        sockets[0].socket().setSoTimeout(60_000);
        Transfer transfer =
                Transfers.from(sockets[0]).timeout(SHORT).to(fixture.path("t")).build();
        assertThat(catchThrowable(transfer::run)).hasMessageStartingWith("timed out after 0 bytes, ");
        assertThat(sockets[0].isBlocking()).isTrue();
    }

    /**
     * A read with a timeout puts the descriptor's mode back when it ends, even while a transfer uses the descriptor.
     */
    @Test
    void aTimeoutThatASocketIsGivenMeanwhileIsNoticed() throws Exception {
        SocketChannel[] from = fixture.tcp();
        SocketChannel[] to = fixture.tcp();
        var copy = fixture.peer(() -> Transfers.copy(from[0], to[0]));
        from[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 1000)));
        var in = to[1].socket().getInputStream();
        assertThat(in.readNBytes(1000)).isEqualTo(Content.PATTERN.bytes(0, 1000));
        to[0].socket().setSoTimeout(60_000);
        from[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(1000, 1000)));
        from[1].close();
        assertThat(in.readNBytes(1000)).isEqualTo(Content.PATTERN.bytes(1000, 1000));
        var result = TestFixture.join(copy);
        assertThat(result.bytes()).isEqualTo(2000);
        assertThat(result.fallbacks())
                .singleElement()
                .satisfies(fallback -> assertThat(fallback.reason()).contains("given a timeout"));
    }

    @Test
    void aTargetPositionKeepsTheRestOfTheFile() throws Exception {
        Path target = Files.writeString(fixture.path("t"), "abcdefghij");
        Transfers.from(ByteBuffer.wrap("XY".getBytes()))
                .targetPosition(3)
                .to(target)
                .build()
                .run();
        assertThat(Files.readString(target)).isEqualTo("abcXYfghij");
        Transfers.from(ByteBuffer.wrap("XY".getBytes()))
                .to(target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                .targetPosition(1)
                .build()
                .run();
        assertThat(Files.readString(target)).isEqualTo("\0XY");
    }

    @Test
    void aFileCannotBeLongerThanAFileCanBe() throws Exception {
        Path target = fixture.path("t");
        assertThatThrownBy(() -> Transfers.from(fixture.file(10))
                        .targetPosition(Long.MAX_VALUE - 5)
                        .to(target)
                        .build()
                        .run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no file is so long");
        try (FileChannel channel = FileChannel.open(fixture.file(10))) {
            assertThat(Transfers.from(channel)
                            .range(5, Long.MAX_VALUE)
                            .to(target)
                            .build()
                            .run()
                            .bytes())
                    .isEqualTo(5);
        }
    }

    @Test
    void aRangeOfAFileInAnArchive() throws Exception {
        Path zip = fixture.path("a.zip");
        Path target = fixture.path("t");
        try (FileSystem packed = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path inside = Files.write(packed.getPath("/f"), Content.PATTERN.bytes(0, 5000));
            Transfers.from(inside).range(1000, 300).to(target).build().run();
        }
        assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(1000, 300));
    }

    @Test
    void aPlanOfATransferThatCannotBeginSaysSo() throws Exception {
        Path file = fixture.file(10);
        assertThat(reason(Transfers.from(fixture.path("missing")).to(fixture.path("t"))))
                .startsWith("no such file");
        assertThat(reason(Transfers.from(fixture.directory()).to(fixture.path("t"))))
                .startsWith("is a directory");
        assertThat(reason(Transfers.from(file).to(fixture.directory()))).startsWith("is a directory");
        assertThat(reason(Transfers.from(file).to(fixture.path("no").resolve("t"))))
                .startsWith("is in no directory");
    }

    private static String reason(Transfer.Builder builder) {
        TransferPlan plan = builder.build().plan();
        assertThat(plan.chosen()).isEmpty();
        return plan.candidates().get(0).reason();
    }
}
