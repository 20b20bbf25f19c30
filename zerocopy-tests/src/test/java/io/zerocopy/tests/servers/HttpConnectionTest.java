package io.zerocopy.tests.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferFailure;
import io.zerocopy.tests.contract.Content;
import io.zerocopy.tests.contract.Rig;
import io.zerocopy.tests.servers.HttpClient.Reply;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long connections live, and what they cost meanwhile. Closing the rig fails if a descriptor is left. */
class HttpConnectionTest {
    private static final long BIG = 64 << 20; // more than the buffers of both sockets take

    private Rig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig();
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Running patient() throws IOException {
        return withTimeout(Duration.ofSeconds(30));
    }

    private Running withTimeout(Duration timeout) throws IOException {
        Running server = new Running(rig, builder -> builder.idleTimeout(timeout));
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
        HttpClient client = rig.keep(server.connect());
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
        HttpClient client = rig.keep(server.connect());
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
        HttpClient client = rig.keep(server.connect());
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
        HttpClient client = rig.keep(server.connect());
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
    void aResetInTheMiddleOfABodyIsToldAndConcernsNobodyElse() throws IOException {
        Running server = patient();
        big(server);
        HttpClient other = rig.keep(server.connect());
        HttpClient client = rig.keep(server.connect());
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
        HttpClient client = rig.keep(server.connect());
        assertThat(client.request("GET", "/big").replyHead().field("content-length"))
                .isEqualTo(Long.toString(BIG));
        try (FileChannel file = FileChannel.open(big, StandardOpenOption.WRITE)) {
            file.truncate(1000);
        }
        assertThat(client.in().readAllBytes().length).isLessThan((int) BIG);
    }

    @Test
    void whoNeverCompletesARequestIsLeftAfterTheTimeout() throws IOException {
        Running server = withTimeout(Duration.ofMillis(300));
        HttpClient silent = rig.keep(server.connect());
        HttpClient slow = rig.keep(server.connect());
        slow.get("/small");
        long begun = System.nanoTime();
        Rig.until("a head that trickles is not waited for", () -> {
            try {
                slow.send("x");
                return false;
            } catch (IOException closed) {
                return true;
            }
        });
        assertThat(System.nanoTime() - begun)
                .isGreaterThan(Duration.ofMillis(200).toNanos());
        assertThat(silent.isAtEnd()).isTrue();
        assertThat(server.exchanges).as("nothing was asked").hasSize(1);
    }

    @Test
    void whoTakesNothingOfABodyIsLeftAfterTheTimeout() throws IOException {
        Running server = withTimeout(Duration.ofMillis(300));
        big(server);
        HttpClient client = rig.keep(server.connect());
        client.request("GET", "/big").replyHead();
        assertThat(server.exchange(1).failure()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void whoTakesABodySlowlyIsNotLeft() throws IOException {
        Running server = withTimeout(Duration.ofMillis(500));
        big(server);
        HttpClient client = rig.keep(server.connect());
        client.socket.setReceiveBufferSize(32 << 10);
        client.request("GET", "/big").replyHead();
        long until = System.nanoTime() + Duration.ofMillis(1500).toNanos();
        long read = 0;
        while (System.nanoTime() < until) {
            read += client.in().readNBytes(1 << 20).length;
            java.util.concurrent.locks.LockSupport.parkNanos(25_000_000);
        }
        assertThat(read + client.in().readNBytes((int) (BIG - read)).length).isEqualTo(BIG);
        assertThat(server.exchange(1).failure()).isNull();
    }

    @Test
    void waitingCostsNothingAndAddsNoThread() throws Exception {
        Running server = patient();
        big(server);
        rig.keep(server.connect()).get("/small");
        Set<Thread> before = threads();
        List<HttpClient> stalled = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            HttpClient client = rig.keep(server.connect());
            client.request("GET", "/big").replyHead();
            stalled.add(client);
        }
        var beans = ManagementFactory.getThreadMXBean();
        long id = server.thread().getId();
        Rig.until("all are stalled", () -> server.thread().getState() == Thread.State.RUNNABLE && isQuiet(id));
        long cpu = beans.getThreadCpuTime(id);
        Thread.sleep(1000);
        assertThat(beans.getThreadCpuTime(id) - cpu)
                .as("CPU time in one second")
                .isLessThan(50_000_000);
        assertThat(threads()).isSubsetOf(before);
        for (HttpClient client : stalled) {
            client.reset();
        }
    }

    /** Whether a thread used next to no CPU time for a moment. */
    private static boolean isQuiet(long thread) {
        var beans = ManagementFactory.getThreadMXBean();
        long cpu = beans.getThreadCpuTime(thread);
        java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
        return beans.getThreadCpuTime(thread) - cpu < 5_000_000;
    }

    /** Those of the process, less what the JVM itself starts for its compilers and collectors. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && !thread.getThreadGroup().getName().equals("system"))
                .collect(Collectors.toSet());
    }

    @Test
    void moreClientsThanAreWantedWaitForTheirTurn() throws IOException {
        Running server = new Running(rig, builder -> builder.mostConnections(2));
        server.write("small", "small");
        HttpClient one = rig.keep(server.connect());
        HttpClient two = rig.keep(server.connect());
        assertThat(one.get("/small").text()).isEqualTo("small");
        assertThat(two.get("/small").text()).isEqualTo("small");
        HttpClient three = rig.keep(server.connect());
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
        HttpClient client = rig.keep(server.connect());
        client.request("GET", "/big").replyHead();
        server.stop();
        assertThat(client.in().readAllBytes().length).isLessThan((int) BIG);
        assertThat(server.exchange(1).failure()).isNotNull();
    }
}
