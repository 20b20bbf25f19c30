package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfers;
import io.zerocopy.tests.contract.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A thousand transfers later there are as many descriptors as before, and a child would inherit none of ours. */
class LeakTest {
    private static final Path FDS = Path.of("/proc/self/fd");

    private static Set<Path> descriptors() throws IOException {
        try (Stream<Path> entries = Files.list(FDS)) {
            return new HashSet<>(entries.filter(Files::isSymbolicLink).toList());
        }
    }

    @Test
    void aThousandTransfersOverEveryNativeMechanismLeaveNothingOpen() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            FileChannel file = fixture.keep(FileChannel.open(fixture.file(10_000)));
            FileChannel target = fixture.keep(
                    FileChannel.open(fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            SocketChannel[] one = fixture.tcp();
            SocketChannel[] two = fixture.unix();
            round(file, target, one, two);
            int before = descriptors().size();
            for (int i = 0; i < 200; i++) {
                round(file, target, one, two);
            }
            assertThat(descriptors()).hasSize(before);
            assertThat(one[0].isBlocking()).isTrue();
        }
    }

    /** Five transfers: each native mechanism, and the fallback. */
    private static void round(FileChannel file, FileChannel target, SocketChannel[] one, SocketChannel[] two)
            throws IOException {
        ByteBuffer sink = ByteBuffer.allocate(1000);
        run(Transfers.from(file).range(0, 1000).to(target).targetPosition(0), Mechanism.COPY_FILE_RANGE);
        run(Transfers.from(file).range(0, 1000).to(one[0]), Mechanism.SENDFILE);
        run(Transfers.from(one[1]).count(1000).to(two[0]), Mechanism.SPLICE);
        run(Transfers.from(two[1]).count(500).to(target).targetPosition(0), Mechanism.SPLICE);
        run(Transfers.from(two[1]).count(500).to(target).targetPosition(0), Mechanism.READ_WRITE);
        assertThat(sink.hasRemaining()).isTrue();
    }

    private static void run(io.zerocopy.Transfer.Builder builder, Mechanism by) throws IOException {
        assertThat(builder.use(by, Preference.REQUIRE).build().run().bytes()).isIn(500L, 1000L);
    }

    @Test
    void whatTheLibraryOpensIsClosedInChildProcesses() throws Exception {
        try (TestFixture fixture = new TestFixture()) {
            SocketChannel[] one = fixture.tcp();
            SocketChannel[] two = fixture.tcp();
            Set<Path> before = descriptors();
            var session = Transfers.from(one[0])
                    .to(two[0])
                    .use(Mechanism.SPLICE, Preference.REQUIRE)
                    .build()
                    .open();
            one[1].write(ByteBuffer.wrap(new byte[10]));
            TestFixture.until("ten bytes moved", () -> {
                try {
                    session.advance();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                return session.transferred() == 10;
            });
            Set<Path> added = descriptors();
            added.removeAll(before);
            for (Path fd : added) {
                String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd.getFileName()));
                assertThat(flags(info) & 02000000)
                        .as("O_CLOEXEC of %s", Files.readSymbolicLink(fd))
                        .isNotZero();
            }
            session.close();
            assertThat(one[0].isOpen()).isTrue();
        }
    }

    private static int flags(String fdinfo) {
        List<String> lines = fdinfo.lines().filter(l -> l.startsWith("flags:")).toList();
        return Integer.parseInt(lines.get(0).substring("flags:".length()).strip(), 8);
    }
}
