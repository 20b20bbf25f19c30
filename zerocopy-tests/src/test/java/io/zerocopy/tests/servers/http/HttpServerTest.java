package io.zerocopy.tests.servers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.servers.http.HttpClient.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The responses to all kinds of requests. */
class HttpServerTest {
    private static final String TEXT = "0123456789";

    private TestFixture fixture;
    private Running server;
    private HttpClient client;

    @BeforeEach
    void open() throws IOException {
        fixture = new TestFixture();
        server = new Running(fixture);
        server.write("ten.txt", TEXT);
        client = fixture.keep(server.connect());
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    @Test
    void getAndHeadSayTheSameAndOnlyGetSendsIt() throws IOException {
        Reply get = client.get("/ten.txt");
        assertThat(get.status()).isEqualTo(200);
        assertThat(get.text()).isEqualTo(TEXT);
        assertThat(get.field("content-type")).isEqualTo("text/plain; charset=utf-8");
        Reply head = client.request("HEAD", "/ten.txt").replyHead();
        assertThat(head.status()).isEqualTo(200);
        for (String same : new String[] {"content-length", "content-type", "etag", "last-modified", "accept-ranges"}) {
            assertThat(head.field(same)).as(same).isNotNull().isEqualTo(get.field(same));
        }
        assertThat(client.get("/ten.txt").text())
                .as("nothing of HEAD in the way")
                .isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0-0",
        "bytes=2-5, 2345, 2-5",
        "bytes=7-, 789, 7-9",
        "bytes=-3, 789, 7-9",
        "bytes=-99, 0123456789, 0-9",
        "bytes=8-99999999999999999999, 89, 8-9",
        "BYTES = 9 - 9, 9, 9-9"
    })
    void aRangeIsServedAsSuch(String range, String body, String contentRange) throws IOException {
        Reply reply = client.get("/ten.txt", "Range: " + range);
        assertThat(reply.status()).isEqualTo(206);
        assertThat(reply.text()).isEqualTo(body);
        assertThat(reply.field("content-range")).isEqualTo("bytes " + contentRange + "/10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-4", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes", "bytes=--1"})
    void whatIsNotOneRangeIsAnsweredWithTheWhole(String range) throws IOException {
        Reply reply = client.get("/ten.txt", "Range: " + range);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999-"})
    void aRangeBehindTheEndIsRefusedWithTheSize(String range) throws IOException {
        Reply reply = client.get("/ten.txt", "Range: " + range);
        assertThat(reply.status()).isEqualTo(416);
        assertThat(reply.field("content-range")).isEqualTo("bytes */10");
        assertThat(client.get("/ten.txt").text()).isEqualTo(TEXT);
    }

    @Test
    void conditionsAreLookedAt() throws IOException {
        Path file = server.root.resolve("ten.txt");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:06.5Z")));
        Reply first = client.get("/ten.txt");
        String etag = first.field("etag");
        String date = first.field("last-modified");
        assertThat(date).isEqualTo("Sat, 03 Feb 2001 04:05:06 GMT");
        Reply unchanged = client.get("/ten.txt", "If-None-Match: \"other\", W/" + etag);
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.field("etag")).isEqualTo(etag);
        assertStatus(304, "If-None-Match: *");
        assertStatus(200, "If-None-Match: \"other\"", "If-Modified-Since: " + date);
        assertStatus(304, "If-Modified-Since: " + date);
        assertStatus(304, "If-Modified-Since: Saturday, 03-Feb-01 04:05:06 GMT");
        assertStatus(304, "If-Modified-Since: Sat Feb  3 04:05:06 2001");
        assertStatus(200, "If-Modified-Since: Sat, 03 Feb 2001 04:05:05 GMT");
        assertStatus(200, "If-Modified-Since: yesterday");
        assertStatus(412, "If-Match: \"other\"");
        assertStatus(200, "If-Match: " + etag);
        assertStatus(412, "If-Unmodified-Since: Sat, 03 Feb 2001 04:05:05 GMT");
        assertStatus(206, "Range: bytes=1-2", "If-Range: " + etag);
        assertStatus(206, "Range: bytes=1-2", "If-Range: " + date);
        assertStatus(200, "Range: bytes=1-2", "If-Range: \"other\"");
        assertStatus(200, "Range: bytes=1-2", "If-Range: Sat, 03 Feb 2001 04:05:05 GMT");
        assertStatus(200, "Range: bytes=99-", "If-Range: \"other\"");
        server.write("ten.txt", "9876543210");
        assertStatus(200, "If-None-Match: " + etag);
    }

    private void assertStatus(int status, String... fields) throws IOException {
        assertThat(client.get("/ten.txt", fields).status())
                .as("%s", (Object) fields)
                .isEqualTo(status);
    }

    @Test
    void directoriesStandForTheirIndexAndAreNotListed() throws IOException {
        Files.createDirectories(server.root.resolve("with space"));
        server.write("with space/index.html", "<p>");
        Reply moved = client.get("/with%20space?query");
        assertThat(moved.status()).isEqualTo(301);
        assertThat(moved.field("location")).isEqualTo("/with%20space/");
        Reply index = client.get("/with%20space/");
        assertThat(index.text()).isEqualTo("<p>");
        assertThat(index.field("content-type")).startsWith("text/html");
        assertThat(client.get("/").status()).isEqualTo(404);
        assertThat(client.get("/ten.txt/").status()).isEqualTo(404);
        assertThat(client.get("//with%20space").field("location")).isEqualTo("/with%20space/");
    }

    @Test
    void namesAreDecodedAndStayBelowTheRoot() throws IOException {
        Path outside = Files.writeString(fixture.directory().resolve("secret"), "secret");
        Files.createSymbolicLink(server.root.resolve("link"), outside);
        Files.createSymbolicLink(server.root.resolve("up"), fixture.directory());
        Files.createSymbolicLink(server.root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(server.root.resolve("inside"), Path.of("ten.txt"));
        Files.createDirectories(server.root.resolve("a"));
        server.write("50% off?", "x");
        for (String target : new String[] {
            "/../secret", "/..%2fsecret", "/%2e%2e/secret", "/a/../../secret", "/a%00b", "/%zz", "/%2", "secret", "*"
        }) {
            assertThat(client.get(target).status()).as(target).isEqualTo(400);
        }
        for (String target :
                new String[] {"/link", "/up/secret", "/loop", "/absent", "/ten.txt/x", "/a/", "/" + "n".repeat(300)}) {
            assertThat(client.get(target).status()).as(target).isEqualTo(404);
        }
        for (String target : new String[] {
            "/inside", "/a/../ten.txt", "/./ten.txt", "/a/..//ten.txt", "/t%65n.txt?a=b", "http://test:80/ten.txt"
        }) {
            assertThat(client.get(target).text()).as(target).isEqualTo(TEXT);
        }
        assertThat(client.get("/50%25%20off%3F").text()).isEqualTo("x");
    }

    @Test
    void onlyRegularFilesAreOpened() throws Exception {
        TestFixture.run("mkfifo", server.root.resolve("fifo").toString());
        assertThat(client.get("/fifo").status()).isEqualTo(404);
        assertThat(client.get("/ten.txt").text()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | GET /ten.txt HTTP/1.1__",
                "400 | GET /ten.txt HTTP/1.1_Host: a_Host: b__",
                "400 | GET /ten.txt_Host: a__",
                "400 | GET  /ten.txt HTTP/1.1_Host: a__",
                "400 | GET /ten.txt HTTP/1.1_Host: a_ folded: b__",
                "400 | GET /ten.txt HTTP/1.1_Host : a__",
                "400 | GET /ten.txt HTTP/1.1_Host: a_nothing__",
                "400 | GET /ten.txt HTTP/1.1_Host: a_Content-Length: 3_Transfer-Encoding: chunked__",
                "400 | G(T /ten.txt HTTP/1.1_Host: a__",
                "505 | GET /ten.txt HTTP/2.0_Host: a__",
                "405 | DELETE /ten.txt HTTP/1.1_Host: a_Content-Length: 0_Connection: close__",
                "405 | PUT /ten.txt HTTP/1.1_Host: a_Content-Length: 3__abc"
            })
    void whatCannotBeServedIsRefusedAndTheConnectionEnds(int status, String request) throws IOException {
        Reply reply = client.send(request.replace("_", "\r\n")).reply();
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.field("connection")).isEqualTo("close");
        assertThat(client.isAtEnd()).isTrue();
        assertThat(server.exchange(1).status()).isEqualTo(status);
    }

    @Test
    void methodsThatDoNothingHereLeaveTheConnectionAlone() throws IOException {
        Reply refused = client.request("DELETE", "/ten.txt").reply();
        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.field("allow")).isEqualTo("GET, HEAD");
        assertThat(client.get("/ten.txt").text()).isEqualTo(TEXT);
        assertThat(server.root.resolve("ten.txt")).exists();
    }

    @Test
    void aHeadMayBeAsLongAsTheLimitAndNoLonger() throws IOException {
        String fits = "Padding: " + "x".repeat((16 << 10) - 60);
        assertThat(client.get("/ten.txt", fits).text()).isEqualTo(TEXT);
        assertThat(client.request("GET", "/ten.txt", fits + "x".repeat(100))
                        .reply()
                        .status())
                .isEqualTo(431);
        assertThat(client.isAtEnd()).isTrue();
        try (HttpClient other = server.connect()) {
            assertThat(other.send("GET /" + "x".repeat(17 << 10)).reply().status())
                    .isEqualTo(414);
            assertThat(other.isAtEnd()).isTrue();
        }
    }

    @Test
    void olderClientsAreServedOneRequestUnlessTheyAskForMore() throws IOException {
        Reply kept = client.send("GET /ten.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                .reply();
        assertThat(kept.text()).isEqualTo(TEXT);
        Reply last = client.send("GET /ten.txt HTTP/1.0\r\n\r\n").reply();
        assertThat(last.text()).isEqualTo(TEXT);
        assertThat(client.isAtEnd()).isTrue();
    }

    @Test
    void anEmptyFileIsServedWhole() throws IOException {
        server.write("empty", "");
        assertThat(client.get("/empty").status()).isEqualTo(200);
        assertThat(client.get("/empty", "Range: bytes=-5").status()).isIn(200, 416);
        assertThat(client.get("/ten.txt").text()).isEqualTo(TEXT);
    }
}
