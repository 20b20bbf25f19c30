package io.zerocopy.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * After a thousand transfers there are as many descriptors as before, and a child process would inherit none of the
 * library's.
 */
class LeakTest {
    private static final Path FDS = Path.of("/proc/self/fd");

    /** Returns the pipes of this process; the JVM itself opens and closes other descriptors. */
    private static Set<Path> pipes() throws IOException {
        try (Stream<Path> entries = Files.list(FDS)) {
            return entries.filter(LeakTest::isPipe).collect(Collectors.toSet());
        }
    }

    private static boolean isPipe(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString().startsWith("pipe:");
        } catch (IOException gone) {
            return false;
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
            long before = TestFixture.descriptors();
            int pipes = pipes().size();
            for (int i = 0; i < 200; i++) {
                round(file, target, one, two);
            }
            assertThat(TestFixture.descriptors()).isEqualTo(before);
            assertThat(pipes()).hasSizeLessThanOrEqualTo(pipes); // pipes of other tests may be closed meanwhile
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
        assertThat(builder.use(by, Preference.REQUIRE).build().run().bytes()).isIn(10L, 500L, 1000L);
    }

    /** In a separate JVM, where no pool has a pipe yet and no other code opens anything. */
    @Test
    void whatTheLibraryOpensIsClosedInChildProcesses() throws Exception {
        Child.Ended ended = new Child().run(Opened.class);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output().lines())
                .filteredOn(line -> line.startsWith("pipe:"))
                .as(ended.output())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(line -> assertThat(line).endsWith(" O_CLOEXEC"));
    }

    /** Moves bytes through a pipe, and prints the pipes that were opened for it. */
    static final class Opened {
        private Opened() {}

        public static void main(String[] args) throws Exception {
            Set<Path> before = pipes(); // its input and output
            try (TestFixture fixture = new TestFixture()) {
                SocketChannel[] one = fixture.tcp();
                SocketChannel[] two = fixture.tcp();
                one[1].write(ByteBuffer.wrap(new byte[10]));
                run(Transfers.from(one[0]).count(10).to(two[0]), Mechanism.SPLICE);
                Set<Path> added = pipes();
                added.removeAll(before);
                for (Path fd : added) {
                    String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd.getFileName()));
                    boolean closes = (flags(info) & 02000000) != 0;
                    System.out.println(Files.readSymbolicLink(fd) + (closes ? " O_CLOEXEC" : " stays open"));
                }
            }
        }
    }

    private static int flags(String fdinfo) {
        List<String> lines = fdinfo.lines().filter(l -> l.startsWith("flags:")).toList();
        return Integer.parseInt(lines.get(0).substring("flags:".length()).strip(), 8);
    }
}
