package io.zerocopy.tests.servers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Command;
import io.zerocopy.tests.kit.Proc;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The file server under load. No test measures time: what makes clients wait is counted in bytes, which do not depend
 * on the speed of the machine. One cause of waits is a loop that one client keeps busy. The other is a packet that is
 * sent without its body.
 */
@Tag("thorough")
class HttpLoadTest {
    private TestFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    @Test
    void wrkFindsNoError() throws Exception {
        Command wrk = Command.orSkip("wrk", "--version");
        Running server = new Running(fixture);
        Content.PATTERN.writeFile(server.root.resolve("4k"), 4096);
        Content.PATTERN.writeFile(server.root.resolve("1m"), 1 << 20);
        String patience = TestFixture.DEADLINE_SECONDS + "s";
        for (String name : new String[] {"/4k", "/1m"}) {
            Command.Ended ended = wrk.run("-t2", "-c100", "-d2s", "--timeout", patience, server.url(name));
            assertThat(ended.code()).as(ended.output()).isZero();
            assertThat(ended.output())
                    .doesNotContain("Socket errors", "Non-2xx")
                    .containsPattern("[1-9][0-9]* requests in");
        }
    }

    /**
     * Listens to exchanges on the thread of the loop, and can stop that thread: then the test knows which clients have
     * asked.
     */
    private static final class Watch {
        private final Semaphore held = new Semaphore(0);
        private final Semaphore goes = new Semaphore(0);
        private long since;
        private volatile long most; // bytes written before the last of those clients got its answer
        private volatile long sum;

        void hear(Exchange exchange) {
            try {
                if (exchange.request().endsWith("/hold")) {
                    held.release();
                    goes.tryAcquire(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
                    since = Proc.written();
                } else if (exchange.request().endsWith("/small")) {
                    most = Math.max(most, Proc.written() - since);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Returns the number so far, and resets it. */
        long most() {
            long heard = most;
            sum += heard;
            most = 0;
            return heard;
        }
    }

    @Test
    void aDownloadOf10GiBLeavesAHundredSmallClientsTheirShare() throws Exception {
        Watch watch = new Watch();
        Running server = new Running(fixture, builder -> builder.onExchange(watch::hear));
        server.write("small", "small");
        server.write("hold", "hold");
        try (RandomAccessFile sparse =
                new RandomAccessFile(server.root.resolve("big").toFile(), "rw")) {
            sparse.setLength(10L << 30);
        }
        HttpClient big = fixture.keep(server.connect());
        big.request("GET", "/big").replyHead();
        Future<?> download = fixture.peer(() -> discard(big));
        HttpClient holder = fixture.keep(server.connect());
        List<HttpClient> small = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            small.add(fixture.keep(server.connect()));
        }
        long turn = 2 << 20; // the most bytes that one turn of the download moves
        for (int round = 0; round < 20; round++) {
            holder.request("GET", "/hold");
            assertThat(watch.held.tryAcquire(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            for (HttpClient client : small) {
                client.request("GET", "/small");
            }
            TestFixture.until("all have asked", () -> unread(server) >= small.size());
            watch.goes.release();
            assertThat(holder.reply().text()).isEqualTo("hold");
            for (HttpClient client : small) {
                assertThat(client.reply().text()).isEqualTo("small");
            }
            holder.get("/absent"); // after that, the last exchange was reported
            assertThat(watch.most())
                    .as("two turns in the pass of the loop that was held up, and one in the next")
                    .isLessThan(3 * turn + 100_000);
        }
        assertThat(watch.sum).as("the download went on").isGreaterThan(turn);
        big.reset();
        TestFixture.join(download);
    }

    private static long unread(Running server) {
        try {
            return Proc.unread(server.server().address().getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads through a direct buffer; otherwise the client would be the slowest part. */
    private static Void discard(HttpClient client) {
        try {
            ReadableByteChannel in = Channels.newChannel(client.in());
            ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
            while (in.read(buffer.clear()) >= 0) {
                continue;
            }
        } catch (IOException closed) {
            // at the end of the test
        }
        return null;
    }

    /**
     * With Nagle's algorithm, a head that is sent alone holds back a body of less than a segment until the client has
     * acknowledged the head, and the client delays that. Then the head would be a segment of its own, and often all
     * that the first read finds. The kernel does send a head alone if the server's thread then stops for 200 ms, so a
     * few such responses are allowed.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 16 << 10, 64 << 10})
    void headAndBodyTravelTogetherWithNagle(int size) throws Exception {
        Running server = new Running(fixture, HttpServer.Builder::nagle);
        Path file = server.root.resolve("file");
        Content.PATTERN.writeFile(file, size);
        byte[] content = Content.PATTERN.bytes(0, size);
        byte[] answer = new byte[size + 4096];
        int trips = 500;
        int alone = 0;
        try (HttpClient client = server.connect()) {
            InputStream in = client.socket.getInputStream();
            for (int i = 0; i < trips; i++) {
                client.request("GET", "/file");
                int first = in.read(answer);
                int head = new String(answer, 0, first, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
                assertThat(head).isGreaterThan(4);
                int rest = in.readNBytes(answer, first, head + size - first);
                assertThat(first + rest).isEqualTo(head + size);
                assertThat(Arrays.equals(answer, head, head + size, content, 0, size))
                        .isTrue();
                alone += first == head ? 1 : 0;
            }
            assertThat(alone).as("heads that came alone").isLessThan(trips / 10);
            if (size <= 16 << 10) {
                assertThat(segments(client)).as("answers of one segment each").isLessThan(trips + trips / 10);
            }
        }
    }

    /** Returns the number of segments with data that the kernel has received for a client. */
    private static long segments(HttpClient client) throws Exception {
        Command ss = Command.orSkip("ss", "-V");
        String told =
                ss.run("-Htin", "sport = :" + client.socket.getLocalPort()).output();
        Matcher found = Pattern.compile("data_segs_in:(\\d+)").matcher(told);
        assertThat(found.find()).as(told).isTrue();
        return Long.parseLong(found.group(1));
    }
}
