package io.zerocopy.tests.servers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Command;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** curl uses the file server: whole files, parts of them, resumed downloads, uploads. */
class CurlTest {
    private static final long SIZE = 30_000_001;

    private TestFixture fixture;
    private Command curl;
    private Running server;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        curl = Command.orSkip("curl", "--version");
        fixture = new TestFixture();
        server = Running.withUploads(fixture);
        file = server.root.resolve("file.bin");
        Content.PATTERN.writeFile(file, SIZE);
    }

    @AfterEach
    void close() throws IOException {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** Runs curl, which must succeed and print exactly what is expected; "-w" prints after the transfer. */
    private String curl(String... arguments) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--silent", "--show-error", "--max-time", "" + TestFixture.DEADLINE_SECONDS));
        all.addAll(List.of(arguments));
        Command.Ended ended = curl.run(all.toArray(String[]::new));
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended.output();
    }

    private static String digest(Path of) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(of)));
    }

    @Test
    void wholeFilesOverOneConnection() throws Exception {
        Path one = fixture.path("one");
        Path two = fixture.path("two");
        String told = curl(
                "-w",
                "%{http_code} %{num_connects},",
                "-o",
                one.toString(),
                "-o",
                two.toString(),
                server.url("/file.bin"),
                server.url("/file.bin"));
        assertThat(told).isEqualTo("200 1,200 0,");
        assertThat(digest(one)).isEqualTo(digest(file));
        assertThat(digest(two)).isEqualTo(digest(file));
        assertThat(server.exchange(2).mechanism()).isEqualTo(Mechanism.SENDFILE);
    }

    @Test
    void ranges() throws Exception {
        byte[] content = Files.readAllBytes(file);
        for (String range : new String[] {"0-0", "1000-5000000", "29999000-", "-1000"}) {
            Path part = fixture.path("part");
            assertThat(curl("-r", range, "-w", "%{http_code}", "-o", part.toString(), server.url("/file.bin")))
                    .isEqualTo("206");
            int first = range.startsWith("-") ? (int) SIZE - 1000 : Integer.parseInt(range.split("-")[0]);
            byte[] got = Files.readAllBytes(part);
            assertThat(got).isEqualTo(java.util.Arrays.copyOfRange(content, first, first + got.length));
            assertThat(got.length).as(range).isIn(1, 4_999_001, 1001, 1000);
        }
    }

    @Test
    void aDownloadThatWasCutIsResumed() throws Exception {
        Path part = fixture.path("part");
        Files.copy(file, part);
        try (FileChannel cut = FileChannel.open(part, StandardOpenOption.WRITE)) {
            cut.truncate(12_345_678);
        }
        assertThat(curl("-C", "-", "-w", "%{http_code}", "-o", part.toString(), server.url("/file.bin")))
                .isEqualTo("206");
        assertThat(digest(part)).isEqualTo(digest(file));
        assertThat(server.exchange(1).bytes()).isEqualTo(SIZE - 12_345_678);
    }

    @Test
    void head() throws Exception {
        assertThat(curl("-I", server.url("/file.bin")))
                .startsWith("HTTP/1.1 200 OK")
                .contains("Content-Length: " + SIZE, "Accept-Ranges: bytes", "ETag: ");
    }

    @Test
    void whatHasNotChangedIsNotSentAgain() throws Exception {
        Path copy = fixture.path("copy");
        curl("--etag-save", fixture.directory() + "/etag", "-R", "-o", copy.toString(), server.url("/file.bin"));
        Path again = fixture.path("again");
        assertThat(curl(
                        "--etag-compare",
                        fixture.directory() + "/etag",
                        "-w",
                        "%{http_code}",
                        "-o",
                        again.toString(),
                        server.url("/file.bin")))
                .isEqualTo("304");
        assertThat(curl("-z", copy.toString(), "-w", "%{http_code}", "-o", again.toString(), server.url("/file.bin")))
                .isEqualTo("304");
    }

    @Test
    void uploads() throws Exception {
        Path source = fixture.file(5_000_000);
        String told = curl(
                "-w",
                " %{http_code}",
                "-T",
                source.toString(),
                server.url("/new.bin"),
                "-T",
                fixture.file(100).toString(),
                server.url("/small.bin"));
        assertThat(told).isEqualTo("5000000 bytes\n 201100 bytes\n 201");
        assertThat(digest(server.root.resolve("new.bin"))).isEqualTo(digest(source));
        assertThat(server.exchange(1).mechanism()).isEqualTo(Mechanism.SPLICE);
        assertThat(curl("-w", "%{http_code}", "--data-binary", "@" + source, server.url("/small.bin")))
                .isEqualTo("204");
        assertThat(digest(server.root.resolve("small.bin"))).isEqualTo(digest(source));
    }

    @Test
    void anUploadThatIsBrokenOffLeavesNothing() throws Exception {
        Path source = fixture.file(50_000_000);
        Process slow = new ProcessBuilder(
                        "curl", "-sS", "--limit-rate", "1M", "-T", source.toString(), server.url("/new.bin"))
                .start();
        TestFixture.until("it is on its way", () -> server.root.toFile().list().length == 2);
        slow.destroy();
        Exchange broken = server.exchange(1);
        assertThat(broken.status()).isIn(400, 0);
        assertThat(broken.bytes()).isLessThan(50_000_000);
        assertThat(server.root.toFile().list()).containsExactly("file.bin");
    }

    @Test
    void aHundredClientsAtATime() throws Exception {
        Path names = fixture.path("urls");
        StringBuilder urls = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            urls.append("url=\"").append(server.url("/small" + i)).append("\"\n");
            urls.append("output=\"")
                    .append(fixture.directory().resolve("got" + i))
                    .append("\"\n");
            Content.PATTERN.writeFile(server.root.resolve("small" + i), 100_000 + i);
        }
        Files.writeString(names, urls);
        curl("--parallel", "--parallel-immediate", "--parallel-max", "100", "-K", names.toString());
        for (int i = 0; i < 100; i++) {
            assertThat(fixture.directory().resolve("got" + i)).hasSameBinaryContentAs(server.root.resolve("small" + i));
        }
    }
}
