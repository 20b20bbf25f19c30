package io.zerocopy.tests.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that are never closed: after a garbage collection, the next transfer releases what they held. */
class DroppedSessionTest {
    private static final int SESSIONS = 40;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static long descriptors(Predicate<String> of) throws IOException {
        long count = 0;
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : entries.toList()) {
                try {
                    count += of.test(Files.readSymbolicLink(each).toString()) ? 1 : 0;
                } catch (IOException gone) {
                    continue;
                }
            }
        }
        return count;
    }

    /** Collects garbage and runs one more transfer of the kind, until the number is right. */
    private static void untilLetGo(long most, Predicate<String> of, Runnable transfer) {
        TestFixture.until("no more than " + most + " are left open", () -> {
            System.gc();
            transfer.run();
            try {
                return descriptors(of) <= most;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private SocketChannel[] nonBlocking() throws IOException {
        SocketChannel[] pair = fixture.tcp();
        pair[0].configureBlocking(false);
        return pair;
    }

    /** Leaves a pipe with bytes, because the target takes no more. */
    private void dropWithPipe() throws IOException {
        SocketChannel[] in = nonBlocking();
        SocketChannel[] out = nonBlocking();
        in[1].configureBlocking(false);
        TransferSession session = Transfers.from(in[0])
                .to(out[0])
                .use(Mechanism.SPLICE, Preference.REQUIRE)
                .build()
                .open();
        Status status = Status.PROGRESS;
        while (status != Status.AWAIT_TARGET) {
            in[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 200_000)));
            status = session.advance();
        }
    }

    @Test
    void aPipeIsClosed() throws Exception {
        Predicate<String> pipes = link -> link.startsWith("pipe:");
        copyThroughPipe();
        long before = descriptors(pipes);
        for (int i = 0; i < SESSIONS; i++) {
            dropWithPipe();
        }
        assertThat(descriptors(pipes)).as("unless garbage was collected").isGreaterThan(before);
        untilLetGo(before + 2, pipes, this::copyThroughPipe);
    }

    private void copyThroughPipe() {
        try (TestFixture other = new TestFixture()) {
            SocketChannel[] in = other.tcp();
            in[1].write(ByteBuffer.allocate(10));
            in[1].close();
            assertThat(Transfers.copy(in[0], other.path("t")).mechanism()).isEqualTo(Mechanism.SPLICE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatWasNamedByItsPathIsClosed() throws Exception {
        Path file = fixture.file(4 << 10);
        Predicate<String> here = link -> link.startsWith(fixture.directory().toString());
        SocketChannel to = nonBlocking()[0];
        for (int i = 0; i < SESSIONS; i++) {
            Transfers.from(file).to(to).build().open();
        }
        assertThat(descriptors(here)).as("unless garbage was collected").isPositive();
        untilLetGo(0, here, () -> {
            try {
                Transfers.copy(file, fixture.tcp()[0]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void dropPastThePageCache(Path file) throws IOException {
        FileChannel target =
                fixture.keep(FileChannel.open(fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        TransferSession session = Transfers.from(fixture.keep(FileChannel.open(file)))
                .to(target)
                .use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                .fairChunk(1 << 20)
                .build()
                .open();
        session.advance();
    }

    @Test
    void descriptorsPastThePageCacheAreClosed() throws Exception {
        Path file = fixture.file(4 << 20);
        Predicate<String> here = link -> link.startsWith(fixture.directory().toString());
        int sessions = 5;
        for (int i = 0; i < sessions; i++) {
            dropPastThePageCache(file);
        }
        assertThat(descriptors(here)).as("unless garbage was collected").isGreaterThan(2L * sessions);
        untilLetGo(2L * sessions, here, () -> {
            try {
                Transfers.from(file)
                        .to(fixture.path("u"))
                        .use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                        .build()
                        .run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
