package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A source that grows or shrinks while it is copied: the transfer ends, with the true count. */
class ChangingSourceTest {
    private static final int SIZE = 6 << 20;

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
    void truncatedToAPartBeforeTheFirstStep(Mechanism mechanism) throws Exception {
        Path source = fixture.file(SIZE);
        Path target = fixture.path("t");
        int left = 1_234_567;
        TransferResult result = null;
        try (TransferSession session = Transfers.from(source)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .build()
                .open()) {
            truncate(source, left);
            result = TestFixture.drive(session);
        }
        assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
        assertThat(result.bytes()).isEqualTo(left);
        assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(0, left));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SENDFILE", "SPLICE", "TRANSFER_TO", "MMAP_WRITE", "READ_WRITE", "DIRECT_IO"})
    void truncatedWhileItMoves(Mechanism mechanism) throws Exception {
        Path source = fixture.file(SIZE);
        SocketChannel[] pair = fixture.tcp();
        Future<Long> drained =
                fixture.peer(() -> (long) pair[1].socket().getInputStream().readAllBytes().length);
        TransferResult result;
        try (TransferSession session = Transfers.from(source)
                .to(pair[0])
                .use(mechanism, Preference.REQUIRE)
                .build()
                .open()) {
            do {
                session.advance();
            } while (session.transferred() == 0);
            truncate(source, 100);
            result = TestFixture.drive(session);
        }
        pair[0].shutdownOutput();
        assertThat(result.bytes()).isLessThanOrEqualTo(SIZE).isEqualTo(TestFixture.join(drained));
        assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SENDFILE", "SPLICE", "TRANSFER_TO", "MMAP_WRITE", "READ_WRITE", "DIRECT_IO"})
    void aFileThatGrowsForEverIsBoundedByTheSizeItHad(Mechanism mechanism) throws Exception {
        Path source = fixture.file(SIZE);
        FileChannel growing = fixture.keep(FileChannel.open(source, StandardOpenOption.APPEND));
        SocketChannel[] pair = fixture.tcp();
        Future<Long> drained =
                fixture.peer(() -> TestFixture.drain(pair[1].socket().getInputStream(), Content.PATTERN));
        TransferResult result = Transfers.from(source)
                .to(pair[0])
                .use(mechanism, Preference.REQUIRE)
                .onProgress((transferred, total) -> {
                    try {
                        growing.write(ByteBuffer.allocate(1 << 16));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .build()
                .run();
        pair[0].shutdownOutput();
        assertThat(Files.size(source)).isGreaterThan(SIZE);
        assertThat(result.bytes()).isEqualTo(SIZE);
        assertThat(TestFixture.join(drained)).isEqualTo(SIZE);
    }

    @Test
    void anEmptyFileOnARealFileSystemIsEmptyHoweverItGrows() throws Exception {
        Path source = fixture.file(0);
        TransferResult result =
                Transfers.from(source).to(fixture.path("t")).build().run();
        assertThat(result.bytes()).isZero();
        assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
    }

    private static void truncate(Path file, long size) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
