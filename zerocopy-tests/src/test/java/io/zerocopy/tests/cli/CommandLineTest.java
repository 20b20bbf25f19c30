package io.zerocopy.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Content;
import io.zerocopy.tests.kit.Rig;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/** The tool as its users run it: a process, arguments, two streams and an exit code. */
class CommandLineTest {
    private Rig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new Rig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    /** What the manifest of the tool's jar says, for a class path that has none. */
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

    @Test
    void addressesAreWhatTheySay() {
        assertThat(Address.parse("-").form()).isEqualTo(Address.Form.STANDARD);
        assertThat(Address.parse("a/b:c").form()).isEqualTo(Address.Form.PATH);
        assertThat(Address.parse("tcp://localhost:80").form()).isEqualTo(Address.Form.TCP);
        assertThat(Address.parse("tcp-listen://[::1]:0").text()).isEqualTo("[::1]:0");
        assertThat(Address.parse("unix:/run/x").text()).isEqualTo("/run/x");
        assertThatThrownBy(() -> new Address.Converter().convert("tcp://nowhere"))
                .isInstanceOf(TypeConversionException.class);
    }

    @Test
    void copiesAFileAndSaysHow() throws Exception {
        Path source = rig.file(300_000);
        Path target = rig.path("t");
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
        Path source = rig.file(2_000_000);
        Process piped = process("copy", "-", "-").start();
        Future<Long> drained = rig.peer(() -> Rig.drain(piped.getInputStream(), Content.PATTERN));
        try (var in = piped.getOutputStream()) {
            Files.copy(source, in);
        }
        assertThat(Rig.join(drained)).isEqualTo(2_000_000);
        assertThat(new String(piped.getErrorStream().readAllBytes())).contains("by SPLICE");
        assertThat(piped.waitFor(Rig.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(piped.exitValue()).isZero();
    }

    @Test
    void listensAndSends() throws Exception {
        Path source = rig.file(1_000_000);
        Process sender =
                process("copy", source.toString(), "tcp-listen://127.0.0.1:0").start();
        BufferedReader told = sender.errorReader();
        int port = Integer.parseInt(told.readLine().replaceAll(".*port ", ""));
        try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertThat(Rig.drain(Channels.newInputStream(socket), Content.PATTERN))
                    .isEqualTo(1_000_000);
        }
        assertThat(told.readLine()).contains("1000000 bytes by SENDFILE");
        assertThat(sender.waitFor(Rig.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(sender.exitValue()).isZero();
    }

    @Test
    void explainNamesEveryMechanismAndTouchesNothing() throws Exception {
        Path target = rig.path("t");
        Child.Ended ended = tool("explain", rig.file(10).toString(), target.toString());
        assertThat(ended.code()).isZero();
        for (Mechanism mechanism : Mechanism.values()) {
            assertThat(ended.output()).contains(mechanism.name());
        }
        assertThat(target).doesNotExist();
        assertThat(tool("explain", rig.file(10).toString(), "tcp-listen://localhost:0")
                        .output())
                .contains(" 1 SENDFILE");
    }

    @Test
    void doctorReports() throws Exception {
        Child.Ended ended = tool("doctor", rig.directory().toString());
        assertThat(ended.code()).isZero();
        assertThat(ended.output())
                .contains("pipe-max-size", "scatter-gather of lo", "reflink in " + rig.directory(), "--enable-native");
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
                .hasSize((int) pairs - 1); // nobody can read back what went to /dev/null
    }

    @Test
    void failuresAreOneLineAndWrongUsageIsTold() throws Exception {
        Child.Ended failed =
                tool("copy", rig.path("absent").toString(), rig.path("t").toString());
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.output().lines()).hasSize(1).allMatch(line -> line.startsWith("zerocopy: NoSuchFile"));
        assertThat(tool("copy").code()).isEqualTo(2);
        assertThat(tool("copy", "tcp://nowhere", "x").code()).isEqualTo(2);
        assertThat(tool("--version").output()).contains("zerocopy");
    }
}
