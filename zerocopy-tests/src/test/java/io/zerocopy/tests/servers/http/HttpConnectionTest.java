package io.zerocopy.tests.servers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferFailure;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Rest;
import io.zerocopy.tests.servers.http.HttpClient.Reply;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long connections stay open, and what they use meanwhile. Closing the fixture fails if a descriptor is left. */
class HttpConnectionTest {
    private static final long BIG = 64 << 20; // more than the buffers of both sockets hold

    /**
     * The idle timeout of a server whose clock the test sets. The server reads that clock about every 50 ms of real
     * time.
     */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final AtomicLong clock = new AtomicLong();
    private TestFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private Running patient() throws IOException {
        Running server = new Running(fixture);
        server.write("small", "small");
        return server;
    }

    /** Starts a server whose time passes only when the test moves the clock. */
    private Running hasty() throws IOException {
        Running server =
                new Running(fixture, builder -> builder.idleTimeout(PATIENCE).clock(clock::get));
        server.write("small", "small");
        return server;
    }

    private static Path big(Running server) throws IOException {
        Path big = server.root.resolve("big");
        Content.PATTERN.writeFile(big, BIG);
        return big;
    }

    @Test
    void aThousandRequestsOnOneConnection() throws IOException {
        Running server = patient();
        HttpClient client = fixture.keep(server.connect());
        for (int i = 0; i < 1000; i++) {
            assertThat(client.get("/small").text()).isEqualTo("small");
        }
        assertThat(server.exchanges)
                .extracting(Exchange::client)
                .containsOnly(server.exchange(1).client());
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderHoweverTheyArrive() throws IOException {
        Running server = patient();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            server.write("file" + i, "content of " + i);
            requests.append(HttpClient.head(i % 3 == 2 ? "HEAD" : "GET", "/file" + i));
        }
        HttpClient client = fixture.keep(server.connect());
        int cut = requests.length() / 2 + 7;
        client.send(requests.substring(0, cut)).send(requests.substring(cut));
        for (int i = 0; i < 300; i++) {
            Reply reply = i % 3 == 2 ? client.replyHead() : client.reply();
            assertThat(reply.text()).isEqualTo(i % 3 == 2 ? "" : "content of " + i);
            assertThat(reply.status()).isEqualTo(200);
        }
    }

    @Test
    void aRequestThatArrivesByteByByteIsServed() throws IOException {
        Running server = patient();
        HttpClient client = fixture.keep(server.connect());
        client.socket.setTcpNoDelay(true);
        for (byte b : ("\r\n" + HttpClient.head("GET", "/small")).getBytes()) {
            client.send(new byte[] {b});
        }
        assertThat(client.reply().text()).isEqualTo("small");
    }

    @Test
    void aClientThatHasEndedItsOutputGetsAllItAskedFor() throws IOException {
        Running server = patient();
        big(server);
        HttpClient client = fixture.keep(server.connect());
        client.request("GET", "/big").request("GET", "/small").send("GET /sma");
        client.socket.shutdownOutput();
        Content.Check check = new Content.Check(Content.PATTERN);
        byte[] body = client.reply().body();
        check.feed(body, body.length);
        assertThat(check.count()).isEqualTo(BIG);
        assertThat(client.reply().text()).isEqualTo("small");
        assertThat(client.isAtEnd()).isTrue();
        assertThat(server.exchange(1).mechanism()).isEqualTo(Mechanism.SENDFILE);
        assertThat(server.exchange(1).bytes()).isEqualTo(BIG);
    }

    @Test
    void aResetInTheMiddleOfABodyIsReportedAndAffectsNoOther() throws IOException {
        Running server = patient();
        big(server);
        HttpClient other = fixture.keep(server.connect());
        HttpClient client = fixture.keep(server.connect());
        client.request("GET", "/big").replyHead();
        client.in().readNBytes(100_000);
        client.reset();
        Exchange broken = server.exchange(1);
        assertThat(broken.failure()).isInstanceOf(TransferFailure.class);
        assertThat(broken.status()).isEqualTo(200);
        assertThat(broken.bytes()).isBetween(100_000L, BIG - 1);
        assertThat(other.get("/small").text()).isEqualTo("small");
    }

    @Test
    void aFileThatIsCutShortEndsTheConnection() throws IOException {
        Running server = patient();
        Path big = big(server);
        HttpClient client = fixture.keep(server.connect());
        assertThat(client.request("GET", "/big").replyHead().field("content-length"))
                .isEqualTo(Long.toString(BIG));
        try (FileChannel file = FileChannel.open(big, StandardOpenOption.WRITE)) {
            file.truncate(1000);
        }
        assertThat(client.in().readAllBytes().length).isLessThan((int) BIG);
    }

    @Test
    void aClientThatNeverCompletesARequestIsDisconnected() throws IOException {
        Running server = hasty();
        HttpClient other = fixture.keep(server.connect());
        HttpClient silent = fixture.keep(server.connect());
        HttpClient slow = fixture.keep(server.connect());
        slow.get("/small");
        slow.send("GET /sma");
        other.get("/small"); // after that, the server has recorded its answer to the slow client
        clock.addAndGet(PATIENCE.toNanos() - 1);
        assertThat(other.get("/small").text()).as("not a nanosecond too early").isEqualTo("small");
        slow.send("ll");
        clock.incrementAndGet();
        assertThat(isLeft(slow)).as("a head that trickles is not waited for").isTrue();
        assertThat(isLeft(silent)).isTrue();
        assertThat(other.get("/small").text()).isEqualTo("small");
        server.exchange(4); // reported after its answer
        assertThat(server.exchanges).hasSize(4);
    }

    /** Returns whether the server has ended the connection, normally or with unread bytes of the client. */
    private static boolean isLeft(HttpClient client) throws IOException {
        try {
            return client.isAtEnd();
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void aClientThatReadsNothingOfABodyIsDisconnected() throws IOException {
        Running server = hasty();
        big(server);
        HttpClient client = fixture.keep(server.connect());
        client.request("GET", "/big").replyHead();
        TestFixture.until(
                "it is left",
                () -> { // until all buffers are full, each byte begins a new wait
                    clock.addAndGet(PATIENCE.toNanos());
                    return !server.exchanges.isEmpty();
                });
        assertThat(server.exchange(1).failure()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aSlowReaderOfABodyIsNotDisconnected() throws IOException {
        Running server = hasty();
        big(server);
        HttpClient client = fixture.keep(server.connect());
        client.socket.setReceiveBufferSize(32 << 10);
        client.request("GET", "/big").replyHead();
        int some = 8 << 20; // more than the buffers hold, so the server has moved a part of it since
        for (long read = 0; read < BIG; read += some) {
            clock.addAndGet(PATIENCE.toNanos() / 2);
            assertThat(client.in().readNBytes(some)).hasSize(some);
        }
        assertThat(server.exchange(1).failure()).isNull();
    }

    @Test
    void waitingCostsNothingAndAddsNoThread() throws Exception {
        Running server = patient();
        big(server);
        fixture.keep(server.connect()).get("/small");
        Set<Thread> before = threads();
        List<HttpClient> stalled = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            HttpClient client = fixture.keep(server.connect());
            client.request("GET", "/big").replyHead();
            stalled.add(client);
        }
        Rest.ofThread("the loop", server.thread().getId());
        assertThat(threads()).isSubsetOf(before);
        for (HttpClient client : stalled) {
            client.reset();
        }
    }

    /** Returns the threads of the process, without those that the JVM starts for its compilers and collectors. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && !thread.getThreadGroup().getName().equals("system"))
                .collect(Collectors.toSet());
    }

    @Test
    void moreClientsThanAreWantedWaitForTheirTurn() throws IOException {
        Running server = new Running(fixture, builder -> builder.mostConnections(2));
        server.write("small", "small");
        HttpClient one = fixture.keep(server.connect());
        HttpClient two = fixture.keep(server.connect());
        assertThat(one.get("/small").text()).isEqualTo("small");
        assertThat(two.get("/small").text()).isEqualTo("small");
        HttpClient three = fixture.keep(server.connect());
        three.request("GET", "/small");
        assertThat(one.get("/small").text()).isEqualTo("small");
        assertThat(three.socket.getInputStream().available()).isZero();
        one.close();
        assertThat(three.reply().text()).isEqualTo("small");
    }

    @Test
    void closingEndsWhatIsOnItsWay() throws Exception {
        Running server = patient();
        big(server);
        HttpClient client = fixture.keep(server.connect());
        client.request("GET", "/big").replyHead();
        server.stop();
        assertThat(client.in().readAllBytes().length).isLessThan((int) BIG);
        assertThat(server.exchange(1).failure()).isNotNull();
    }
}
