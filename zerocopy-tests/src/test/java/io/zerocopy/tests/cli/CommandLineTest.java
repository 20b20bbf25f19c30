package io.zerocopy.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Watchdog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tool as its users run it: a process with arguments, two streams and an exit code. */
class CommandLineTest {
    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** The option that the manifest of the tool's jar contains, for a class path without it. */
    private static final String NATIVE_ACCESS = Runtime.version().feature() >= 24
            ? "--enable-native-access=ALL-UNNAMED"
            : "-Dnative.access=needs.no.permission";

    private static Child.Ended tool(String... arguments) throws Exception {
        return new Child().option(NATIVE_ACCESS).run(Main.class, arguments);
    }

    private static ProcessBuilder process(String... arguments) {
        String launcher =
                Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(
                List.of(launcher, NATIVE_ACCESS, "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void copiesAFileAndSaysHow() throws Exception {
        Path source = fixture.file(300_000);
        Path target = fixture.path("t");
        Child.Ended ended = tool("copy", source.toString(), target.toString(), "--use", "SENDFILE");
        assertThat(ended.output()).contains("300000 bytes by SENDFILE");
        assertThat(ended.code()).isZero();
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        Child.Ended appended =
                tool("copy", source.toString(), target.toString(), "--append", "--position", "1000", "--count", "10");
        assertThat(appended.code()).as(appended.output()).isZero();
        assertThat(Files.size(target)).isEqualTo(300_010);
    }

    @Test
    void copiesStandardInputToStandardOutput() throws Exception {
        Path source = fixture.file(2_000_000);
        Process piped = Watchdog.watch(process("copy", "-", "-").start(), Watchdog.LIMIT);
        Future<Long> drained = fixture.peer(() -> TestFixture.drain(piped.getInputStream(), Content.PATTERN));
        try (var in = piped.getOutputStream()) {
            Files.copy(source, in);
        }
        assertThat(TestFixture.join(drained)).isEqualTo(2_000_000);
        assertThat(new String(piped.getErrorStream().readAllBytes())).contains("by SPLICE");
        assertThat(piped.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(piped.exitValue()).isZero();
    }

    @Test
    void listensAndSends() throws Exception {
        Path source = fixture.file(1_000_000);
        Process sender = Watchdog.watch(
                process("copy", source.toString(), "tcp-listen://127.0.0.1:0").start(), Watchdog.LIMIT);
        BufferedReader told = sender.errorReader();
        int port = Integer.parseInt(told.readLine().replaceAll(".*port ", ""));
        try (SocketChannel socket = SocketChannel.open(loopback(port))) {
            assertThat(TestFixture.drain(Channels.newInputStream(socket), Content.PATTERN))
                    .isEqualTo(1_000_000);
        }
        assertThat(told.readLine()).contains("1000000 bytes by SENDFILE");
        assertThat(sender.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(sender.exitValue()).isZero();
    }

    @Test
    void bothEndsListenAtTheSameTime() throws Exception {
        Path source = fixture.file(1_000_000);
        Path name = fixture.path("name");
        Process relay = process("copy", "tcp-listen://127.0.0.1:0", "unix-listen:" + name)
                .start();
        BufferedReader told = relay.errorReader();
        int port = Integer.parseInt(told.readLine().replaceAll(".*port ", ""));
        assertThat(told.readLine()).isEqualTo("listening on " + name);
        try (SocketChannel right = SocketChannel.open(UnixDomainSocketAddress.of(name));
                SocketChannel left = SocketChannel.open(loopback(port))) {
            Future<Long> drained =
                    fixture.peer(() -> TestFixture.drain(Channels.newInputStream(right), Content.PATTERN));
            Files.copy(source, Channels.newOutputStream(left));
            left.shutdownOutput();
            assertThat(TestFixture.join(drained)).isEqualTo(1_000_000);
        }
        assertThat(relay.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(relay.exitValue()).isZero();
        assertThat(name).doesNotExist();
    }

    @Test
    void takesTheNameOfItsSocketAwayWhenItIsStopped() throws Exception {
        Path name = fixture.path("name");
        Process listening =
                Watchdog.watch(process("copy", "unix-listen:" + name, "-").start(), Watchdog.LIMIT);
        assertThat(listening.errorReader().readLine()).isEqualTo("listening on " + name);
        listening.destroy();
        assertThat(listening.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(name).doesNotExist();
    }

    @Test
    void leavesAFileAloneThatIsInTheWayOfASocket() throws Exception {
        Path source = fixture.file(100);
        Child.Ended ended = tool("copy", source.toString(), "unix-listen:" + source);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output().lines()).hasSize(1).allMatch(line -> line.contains("already in use"));
        assertThat(source).exists();
    }

    @Test
    void readsAndWritesFifosByName() throws Exception {
        Path fifo = fixture.fifo();
        Path target = fixture.path("t");
        Path source = fixture.file(500_000);
        Process writer = Watchdog.watch(
                process("copy", source.toString(), fifo.toString()).start(), Watchdog.LIMIT);
        assertThat(tool("copy", fifo.toString(), target.toString()).output()).contains("500000 bytes by SPLICE");
        assertThat(writer.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(writer.exitValue()).isZero();
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void drawsABarWhenAskedOnceASecondHasPassed() throws Exception {
        Process copy =
                Watchdog.watch(process("copy", "-", "/dev/null", "--progress").start(), Watchdog.LIMIT);
        AtomicBoolean seen = new AtomicBoolean();
        Future<String> told = fixture.peer(() -> {
            StringBuilder all = new StringBuilder();
            for (int c = copy.getErrorStream().read();
                    c >= 0;
                    c = copy.getErrorStream().read()) {
                all.append((char) c);
                seen.compareAndSet(false, all.indexOf("MiB (") >= 0);
            }
            return all.toString();
        });
        try (OutputStream in = copy.getOutputStream()) {
            TestFixture.until("a bar", () -> {
                try {
                    in.write(new byte[1000]);
                    in.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return seen.get();
            });
        }
        assertThat(TestFixture.join(told)).contains("bytes by SPLICE");
        assertThat(copy.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void explainNamesEveryMechanismAndTouchesNothing() throws Exception {
        Path target = fixture.path("t");
        Child.Ended ended = tool("explain", fixture.file(10).toString(), target.toString());
        assertThat(ended.code()).isZero();
        for (Mechanism mechanism : Mechanism.values()) {
            assertThat(ended.output()).contains(mechanism.name());
        }
        assertThat(target).doesNotExist();
        assertThat(tool("explain", fixture.file(100_000).toString(), "tcp-listen://localhost:0")
                        .output())
                .contains(" 1 SENDFILE", "TCP socket");
        assertThat(tool("explain", fixture.file(10).toString(), "tcp-listen://localhost:0")
                        .output())
                .contains(" 1 READ_WRITE", "so few bytes");
        assertThat(tool("explain", "unix-listen:" + fixture.path("name"), "-").output())
                .contains(" 1 SPLICE", "Unix socket");
    }

    @Test
    void tablesHoldArrowsWhereTheLocaleHasNone() throws Exception {
        ProcessBuilder plain = process(
                "explain", fixture.file(10).toString(), fixture.path("t").toString());
        plain.environment().put("LC_ALL", "C");
        Process explain = Watchdog.watch(plain.redirectErrorStream(true).start(), Watchdog.LIMIT);
        assertThat(new String(explain.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("file → ");
        assertThat(explain.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void mechanismsAreNamedInEitherCase() throws Exception {
        Child.Ended ended = tool(
                "explain",
                fixture.file(10).toString(),
                fixture.path("t").toString(),
                "--never",
                "copy-file-range",
                "--use",
                "Read_Write");
        assertThat(ended.output())
                .containsPattern(" 1 READ_WRITE +yes")
                .containsPattern("COPY_FILE_RANGE +no +taken out by Preference.NEVER");
    }

    @Test
    void doctorReports() throws Exception {
        Child.Ended ended = tool("doctor", fixture.directory().toString());
        assertThat(ended.code()).isZero();
        assertThat(ended.output())
                .contains(Arrays.stream(Mechanism.values()).map(Enum::name).toArray(String[]::new))
                .contains(
                        "pipe-max-size",
                        "scatter-gather of lo",
                        "reflink in " + fixture.directory(),
                        "--enable-native");
    }

    @Test
    void doctorAndExplainAgree() throws Exception {
        Path source = fixture.file(8192);
        String doctor = tool("doctor", fixture.directory().toString()).output();
        String explained = tool(
                        "explain", source.toString(), fixture.path("new").toString())
                .output();
        boolean clones = doctor.lines()
                .filter(line -> line.contains("reflink in " + fixture.directory() + " "))
                .allMatch(line -> line.endsWith(" yes"));
        assertThat(explained)
                .as(doctor)
                .containsPattern("REFLINK +" + (clones ? "yes" : "no"))
                .containsPattern("COPY_FILE_RANGE +yes");
        assertThat(fixture.directory()).isDirectoryContaining(path -> path.equals(source));
        assertThat(fixture.directory().toFile().list()).hasSize(1);
    }

    @Test
    void tourVerifiesEveryPair() throws Exception {
        Child.Ended ended = tool("tour", "--size", "200000", "--passes", "1");
        assertThat(ended.output())
                .contains("verified")
                .doesNotContain("DIFFERS")
                .doesNotContain("FAILED");
        assertThat(ended.code()).isZero();
        long pairs = ended.output().lines().filter(line -> line.contains("→")).count();
        assertThat(ended.output().lines().filter(line -> line.endsWith("verified")))
                .hasSize((int) pairs - 1); // what went to /dev/null cannot be read back
    }

    @Test
    void failuresAreOneLineAndWrongUsageIsTold() throws Exception {
        Child.Ended failed = tool(
                "copy", fixture.path("absent").toString(), fixture.path("t").toString());
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.output().lines()).hasSize(1).allMatch(line -> line.startsWith("zerocopy: no such file: "));
        assertThat(tool("--verbose", "copy", fixture.path("absent").toString(), "x")
                        .output())
                .contains("NoSuchFileException")
                .contains("\tat ");
        assertThat(tool().code()).isEqualTo(2);
        Child.Ended wrong = tool("copy", "x");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.output().lines()).hasSize(2).last().asString().isEqualTo("Try 'zerocopy copy --help'.");
        assertThat(tool("doctor", fixture.path("absent").toString()).code()).isEqualTo(2);
        assertThat(tool("tour", "--passes", "0").code()).isEqualTo(2);
        assertThat(tool("copy", "tcp://nowhere", "x").code()).isEqualTo(2);
        assertThat(tool("--version").output()).contains("zerocopy");
    }

    @Test
    void unsupportedTargetOptionsAreReportedBeforeAnythingIsOpened() throws Exception {
        String source = fixture.file(10).toString();
        assertThat(tool("copy", source, "-", "--append").code()).isEqualTo(2);
        assertThat(tool("copy", source, "tcp-listen://127.0.0.1:0", "--target-position", "1")
                        .code())
                .isEqualTo(2);
        Path target = fixture.path("t");
        assertThat(tool("copy", source, target.toString(), "--count", "-1").code())
                .isEqualTo(2);
        assertThat(target).doesNotExist();
    }

    @Test
    void aFailedTargetIsReportedWithTheLostBytes() throws Exception {
        Process piped = Watchdog.watch(
                process("copy", "-", "/dev/full", "--use", "read-write").start(), Watchdog.LIMIT);
        try (OutputStream in = piped.getOutputStream()) {
            in.write(new byte[1000]);
        }
        assertThat(new String(piped.getErrorStream().readAllBytes()).lines())
                .containsExactly("zerocopy: write: ENOSPC (No space left on device) after 0 bytes, to /dev/full"
                        + " (1000 bytes taken from the source did not arrive)");
        assertThat(piped.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(piped.exitValue()).isEqualTo(1);
    }
}
