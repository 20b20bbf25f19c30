package io.zerocopy.tests.servers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.servers.http.HttpClient.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploaded bodies: exactly the announced bytes become a file; if there are fewer, there is no file. */
class UploadTest {
    private TestFixture fixture;
    private Running server;
    private HttpClient client;

    @BeforeEach
    void open() throws IOException {
        fixture = new TestFixture();
        server = Running.withUploads(fixture);
        client = fixture.keep(server.connect());
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static byte[] put(String target, byte[] body, String... fields) {
        String[] all = Stream.concat(Stream.of(fields), Stream.of("Content-Length: " + body.length))
                .toArray(String[]::new);
        byte[] head = HttpClient.head("PUT", target, all).getBytes();
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    private static byte[] pattern(int size) {
        return Content.PATTERN.bytes(0, size);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(server.root)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 16 << 10, 3_000_000})
    void theFileHasEveryByteAndTheConnectionGoesOn(int size) throws IOException {
        byte[] body = pattern(size);
        Reply created = client.send(put("/new", body)).reply();
        assertThat(created.status()).isEqualTo(201);
        assertThat(server.root.resolve("new")).hasBinaryContent(body);
        assertThat(client.send(put("/new", pattern(10))).reply().status()).isEqualTo(204);
        assertThat(client.get("/new").body()).isEqualTo(pattern(10));
        assertThat(names()).containsExactly("new");
        assertThat(server.exchange(1).bytes()).isEqualTo(size);
    }

    @Test
    void theBodyNeverEntersTheJvm() throws IOException {
        client.send(put("/new", pattern(3_000_000))).reply();
        assertThat(server.exchange(1).mechanism()).isEqualTo(Mechanism.SPLICE);
    }

    @Test
    void bytesAfterABodyAreTheNextRequest() throws IOException {
        for (int i = 0; i < 50; i++) {
            client.send(put("/file" + i, pattern(i * 100)));
            client.request("GET", "/file" + i);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(client.reply().status()).isEqualTo(201);
            assertThat(client.reply().body()).isEqualTo(pattern(i * 100));
        }
    }

    @Test
    void aBodyThatEndsEarlyIsReportedAndLeavesNothing() throws IOException {
        byte[] request = put("/new", pattern(1_000_000));
        client.send(java.util.Arrays.copyOf(request, request.length - 1));
        client.socket.shutdownOutput();
        Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("ended after 999999 of 1000000 bytes");
        assertThat(client.isAtEnd()).isTrue();
        assertThat(server.exchange(1).bytes()).isEqualTo(999_999);
        assertThat(names()).isEmpty();
    }

    @Test
    void aResetInTheMiddleLeavesWhatWasThere() throws IOException {
        server.write("old", "old");
        byte[] request = put("/old", pattern(1_000_000));
        client.send(java.util.Arrays.copyOf(request, 500_000));
        TestFixture.until("it is on its way", () -> names(server.root) == 2);
        client.reset();
        assertThat(server.exchange(1).failure()).isNotNull();
        TestFixture.until("the partial file is gone", () -> names(server.root) == 1);
        assertThat(server.root.resolve("old")).hasContent("old");
    }

    private static int names(Path directory) {
        return directory.toFile().list().length;
    }

    @Test
    void aClientThatSendsNothingMoreIsDisconnected() throws IOException {
        AtomicLong clock = new AtomicLong();
        Duration patience = Duration.ofMillis(50);
        Running hasty = new Running(
                fixture,
                builder -> builder.uploads(server.root).idleTimeout(patience).clock(clock::get));
        try (HttpClient slow = hasty.connect()) {
            slow.send(HttpClient.head("PUT", "/new", "Content-Length: 10") + "12345");
            TestFixture.until("it is on its way", () -> names(server.root) == 1);
            TestFixture.until(
                    "it is left",
                    () -> { // its last byte may begin a new wait
                        clock.addAndGet(patience.toNanos());
                        return !hasty.exchanges.isEmpty();
                    });
            assertThat(hasty.exchange(1).failure()).hasMessageContaining("too long");
            assertThat(hasty.exchange(1).bytes()).isEqualTo(5);
            TestFixture.until("the partial file is gone", () -> names(server.root) == 0);
        }
    }

    @Test
    void closingTheServerRemovesWhatIsIncomplete() throws Exception {
        client.send(HttpClient.head("PUT", "/new", "Content-Length: 10") + "12345");
        TestFixture.until("it is on its way", () -> names(server.root) == 1);
        server.stop();
        assertThat(names()).isEmpty();
    }

    @Test
    void aClientThatAsksForPermissionGetsIt() throws IOException {
        client.request("PUT", "/new", "Content-Length: 5", "Expect: 100-continue");
        assertThat(client.replyHead().status()).isEqualTo(100);
        client.send("12345");
        assertThat(client.reply().status()).isEqualTo(201);
        client.request("PUT", "/absent/new", "Content-Length: 5", "Expect: 100-continue");
        assertThat(client.reply().status()).as("told before the body is sent").isEqualTo(409);
        assertThat(client.isAtEnd()).isTrue();
    }

    @Test
    void permissionIsNotSentToAClientThatDoesNotWaitForIt() throws IOException {
        client.send(put("/new", pattern(100), "Expect: 100-continue"));
        assertThat(client.reply().status()).isEqualTo(201);
        client.request("PUT", "/new", "Content-Length: 5", "Expect: miracles");
        assertThat(client.reply().status()).isEqualTo(417);
    }

    @Test
    void aRefusalReachesAClientThatIsStillSending() throws Exception {
        byte[] body = pattern(4_000_000);
        var sent = fixture.peer(() -> client.send(put("/absent/new", body)));
        assertThat(client.reply().status()).isEqualTo(409);
        TestFixture.join(sent);
    }

    @Test
    void uploadsNeedACorrectLength() throws IOException {
        assertRefused(411, "PUT", "/new");
        assertRefused(411, "PUT", "/new", "Transfer-Encoding: chunked");
        assertRefused(400, "PUT", "/new", "Content-Length: -1");
        assertRefused(400, "PUT", "/new", "Content-Length: 1", "Content-Length: 2");
        assertRefused(400, "PUT", "/new", "Content-Length: 1", "Content-Range: bytes 0-0/2");
        Running small =
                new Running(fixture, builder -> builder.uploads(server.root).longestUpload(10));
        try (HttpClient other = small.connect()) {
            assertThat(other.send(put("/new", pattern(10))).reply().status()).isEqualTo(201);
            other.request("PUT", "/new", "Content-Length: 99999999999999999999999");
            assertThat(other.reply().status()).isEqualTo(413);
        }
    }

    @Test
    void namesHaveToBeThoseOfFilesBelowTheDirectory() throws IOException {
        Files.createDirectories(server.root.resolve("directory"));
        Files.createSymbolicLink(
                server.root.resolve("link"), fixture.directory().resolve("outside"));
        Files.createSymbolicLink(server.root.resolve("up"), fixture.directory());
        assertRefused(409, "PUT", "/directory", "Content-Length: 1");
        assertRefused(409, "PUT", "/directory/", "Content-Length: 1");
        assertRefused(409, "PUT", "/", "Content-Length: 1");
        assertRefused(409, "PUT", "/link", "Content-Length: 1");
        assertRefused(404, "PUT", "/up/new", "Content-Length: 1");
        assertRefused(400, "PUT", "/../new", "Content-Length: 1");
        assertRefused(404, "PUT", "/" + Upload.PARTIAL + "1", "Content-Length: 1");
        assertThat(fixture.directory().resolve("new")).doesNotExist();
        assertThat(fixture.directory().resolve("outside")).doesNotExist();
    }

    /** In such folders, other users could replace each name of an upload by a file or link. */
    @Test
    void foldersThatOthersMayWriteToGetNothing() throws IOException {
        Path inner = Files.createDirectory(server.root.resolve("inner"));
        for (Path shared : new Path[] {inner, server.root}) {
            Set<PosixFilePermission> before = Files.getPosixFilePermissions(shared);
            for (String permissions : new String[] {"rwxrwxr-x", "rwxr-xrwx"}) {
                Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString(permissions));
                assertRefused(403, "PUT", "/inner/file", "Content-Length: 1");
                assertThat(inner).isEmptyDirectory();
            }
            Files.setPosixFilePermissions(shared, before);
        }
    }

    @Test
    void conditionsProtectWhatIsThere() throws IOException {
        assertThat(client.send(put("/new", pattern(10), "If-None-Match: *"))
                        .reply()
                        .status())
                .isEqualTo(201);
        String etag = client.get("/new").field("etag");
        assertRefused(412, "PUT", "/new", "If-None-Match: *", "Content-Length: 1");
        assertRefused(412, "PUT", "/new", "If-Match: \"other\"", "Content-Length: 1");
        assertRefused(412, "PUT", "/absent", "If-Match: *", "Content-Length: 1");
        assertThat(client.send(put("/new", pattern(20), "If-Match: " + etag))
                        .reply()
                        .status())
                .isEqualTo(204);
    }

    @Test
    void aFileThatAppearsMeanwhileIsNotReplacedEither() throws IOException {
        client.request("PUT", "/new", "If-None-Match: *", "Content-Length: 5").send("123");
        TestFixture.until("it is on its way", () -> names(server.root) == 1);
        server.write("new", "faster");
        client.send("45");
        assertThat(client.reply().status()).isEqualTo(412);
        assertThat(server.root.resolve("new")).hasContent("faster");
        assertThat(names()).containsExactly("new");
    }

    private void assertRefused(int status, String method, String target, String... fields) throws IOException {
        try (HttpClient other = server.connect()) {
            assertThat(other.request(method, target, fields).reply().status())
                    .as("%s %s", target, List.of(fields))
                    .isEqualTo(status);
        }
    }
}
