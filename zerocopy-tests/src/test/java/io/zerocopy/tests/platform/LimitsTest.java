package io.zerocopy.tests.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Unprivileged;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * If a process has little of a resource, transfers use less of it, or say before the first byte what is missing.
 * Resources that are missing completely are in {@link DegradedTest}, limits of files are in {@code FileLimitsTest}.
 */
@Tag("thorough")
class LimitsTest {
    /** pipe2(2) fails with EMFILE: a mechanism that needs no more descriptors is used. */
    @Test
    void noDescriptorIsLeft() throws Exception {
        try {
            new ProcessBuilder("prlimit", "-V").start().waitFor();
        } catch (IOException absent) {
            Assumptions.abort("prlimit is not installed");
        }
        Child.Ended ended = new Child().under("prlimit", "--nofile=200").run(LimitsSubject.class, "descriptors");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("Too many open files")
                .containsPattern("relay .*READ_WRITE.*EMFILE")
                .contains("file SENDFILE")
                .containsPattern("path .*Too many open files")
                .contains("created false")
                .contains("with one left 40000 mapped")
                .contains("after SPLICE");
    }

    /**
     * If a class is first needed when no descriptor is left, it cannot be loaded from a folder, then or later. So the
     * native part is loaded only if eight descriptors are free.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 20})
    void noDescriptorIsLeftForTheFirstTransferOfUnpackedClasses(int left) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "prlimit is not installed");
        try (TestFixture fixture = new TestFixture()) {
            Child.Ended ended = new Child()
                    .unpacked(entry -> entry.contains("zerocopy"), fixture.directory())
                    .under("prlimit", "--nofile=200")
                    .run(UnloadedSubject.class, "" + left);
            assertThat(ended.code()).as(ended.output()).isZero();
            assertThat(ended.output())
                    .contains("first " + (left < 8 ? "READ_WRITE" : "SPLICE"), "arrived 40000", "next SPLICE 40000");
        }
    }

    /** If a user's pages for pipes are used up, see pipe(7), pipes are small, and still no byte enters the JVM. */
    @Test
    void thePagesOfPipesAreUsedUp() throws Exception {
        try (TestFixture fixture = new TestFixture();
                Unprivileged child = Unprivileged.start(fixture, LimitsSubject.class, "pages")) {
            assertThat(child.readLine()).matches("pipes \\d+ room (4096|8192)");
            assertThat(child.readLine()).isEqualTo("relay SPLICE 20000000");
            assertThat(child.readLine()).isEqualTo("done");
        }
    }

    @Test
    void littleHeapAndLittleDirectMemory() throws Exception {
        Child.Ended ended = new Child()
                .option("-Xmx64m")
                .option("-XX:MaxDirectMemorySize=16m")
                .run(LimitsSubject.class, "memory");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output().lines().filter(line -> line.startsWith("file ")))
                .hasSizeGreaterThan(6)
                .allSatisfy(line -> assertThat(line).endsWith(" true"));
        assertThat(ended.output())
                .contains("relays READ_WRITE 40000000", "relays SPLICE 40000000", "left " + (12 << 20), "done");
    }

    @Test
    void whatAPipeHoldsIsHandedBackWithoutDirectMemory() throws Exception {
        Child.Ended ended = new Child().option("-XX:MaxDirectMemorySize=4m").run(LimitsSubject.class, "remainder");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("held true same true lost 0 non-blocking true");
    }

    /**
     * The kernel grants about 2 KiB, so almost every call is short. A send in place is charged by the page. So only
     * some 250 bytes fit, and more must wait until those are acknowledged: correct, and very slow.
     */
    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SENDFILE", "SPLICE", "TRANSFER_TO", "MMAP_WRITE", "READ_WRITE", "MSG_ZEROCOPY", "GATHER_WRITE"})
    void buffersOfSocketsAreTiny(Mechanism mechanism) throws Exception {
        int size = mechanism == Mechanism.MSG_ZEROCOPY ? 2000 : 60_000;
        try (TestFixture fixture = new TestFixture()) {
            SocketChannel[] from = tiny(fixture);
            SocketChannel[] to = tiny(fixture);
            List<Transfer.Builder> builders = new ArrayList<>();
            ByteBuffer memory = ByteBuffer.allocateDirect(size).put(Content.PATTERN.bytes(0, size));
            builders.add(Transfers.from(fixture.keep(FileChannel.open(fixture.file(size)))));
            builders.add(Transfers.from(memory.flip()));
            builders.add(Transfers.from(from[0]));
            int served = 0;
            for (Transfer.Builder builder : builders) {
                Transfer transfer = builder.to(to[0])
                        .count(size)
                        .use(mechanism, Preference.REQUIRE)
                        .build();
                if (transfer.plan().chosen().isEmpty()) {
                    continue;
                }
                if (served++ == 0) {
                    fixture.peer(() -> {
                        TestFixture.write(Channels.newOutputStream(from[1]), Content.PATTERN, size);
                        return null;
                    });
                }
                Future<byte[]> received =
                        fixture.peer(() -> Channels.newInputStream(to[1]).readNBytes(size));
                TransferResult result = transfer.run();
                assertThat(result.bytes()).isEqualTo(size);
                assertThat(result.mechanism()).isEqualTo(mechanism);
                assertThat(TestFixture.join(received)).isEqualTo(Content.PATTERN.bytes(0, size));
            }
            assertThat(served).isPositive();
        }
    }

    private static SocketChannel[] tiny(TestFixture fixture) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.setOption(StandardSocketOptions.SO_RCVBUF, 1);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel one = fixture.keep(SocketChannel.open());
            one.setOption(StandardSocketOptions.SO_RCVBUF, 1);
            one.setOption(StandardSocketOptions.SO_SNDBUF, 1);
            one.connect(server.getLocalAddress());
            SocketChannel other = fixture.keep(server.accept());
            other.setOption(StandardSocketOptions.SO_SNDBUF, 1);
            return new SocketChannel[] {one, other};
        }
    }
}
