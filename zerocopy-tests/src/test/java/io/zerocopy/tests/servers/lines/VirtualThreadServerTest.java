package io.zerocopy.tests.servers.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thread for each connection: virtual threads if the JDK has them, a pool's before JDK 21. */
class VirtualThreadServerTest {
    private TestFixture fixture;
    private ExecutorService threads;
    private VirtualThreadServer server;
    private Future<?> loop;

    @BeforeEach
    void open() throws IOException {
        TestFixture.keepsSelectors(true); // selectors of waiting virtual threads, in a bounded pool
        fixture = new TestFixture();
        threads = Runtime.version().feature() >= 21
                ? VirtualThreadServer.virtualThreads()
                : Executors.newCachedThreadPool();
    }

    private void start(VirtualThreadServer.Service service) throws IOException {
        server = VirtualThreadServer.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), service, threads);
        loop = fixture.peer(() -> {
            server.run();
            return null;
        });
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        TestFixture.join(loop);
        threads.shutdown();
        assertThat(threads.awaitTermination(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .as("every thread ends when the server is closed")
                .isTrue();
        fixture.close();
        TestFixture.keepsSelectors(false);
    }

    private SocketChannel connect() throws IOException {
        return fixture.keep(SocketChannel.open(server.address()));
    }

    @Test
    void echoesToManyClientsAtATime() throws Exception {
        start(VirtualThreadServer.ECHO);
        List<Future<Long>> echoes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            SocketChannel client = connect();
            fixture.peer(() -> {
                // Streams over one channel exclude each other before JDK 19.
                ByteBuffer content = ByteBuffer.wrap(Content.PATTERN.bytes(0, 1_000_000));
                while (content.hasRemaining()) {
                    client.write(content);
                }
                client.shutdownOutput();
                return null;
            });
            echoes.add(fixture.peer(() -> TestFixture.drain(Channels.newInputStream(client), Content.PATTERN)));
        }
        for (Future<Long> echo : echoes) {
            assertThat(TestFixture.join(echo)).isEqualTo(1_000_000);
        }
    }

    @Test
    void sendsFilesByName() throws Exception {
        Path root = Files.createDirectories(fixture.directory().resolve("root"));
        Content.PATTERN.writeFile(root.resolve("file"), 3_000_000);
        start(new LineFiles(root));
        SocketChannel client = connect();
        client.write(ByteBuffer.wrap("/file\n/absent\n/fi".getBytes()));
        DataInputStream in = new DataInputStream(Channels.newInputStream(client));
        assertThat(line(in)).isEqualTo("3000000");
        byte[] content = in.readNBytes(3_000_000);
        new Content.Check(Content.PATTERN).feed(content, content.length);
        assertThat(line(in)).startsWith("-");
        client.write(ByteBuffer.wrap("le\n".getBytes()));
        assertThat(line(in)).isEqualTo("3000000");
        in.skipNBytes(3_000_000);
        client.shutdownOutput();
        assertThat(in.read()).isNegative();
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    @Test
    void closingEndsThreadsThatWaitForStalledClients() throws Exception {
        Path root = Files.createDirectories(fixture.directory().resolve("root"));
        Content.PATTERN.writeFile(root.resolve("file"), 64 << 20);
        start(new LineFiles(root));
        for (int i = 0; i < 20; i++) {
            SocketChannel client = connect();
            client.write(ByteBuffer.wrap("/file\n".getBytes()));
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(1);
        }
        connect(); // a client that sends nothing
        close(); // waits until all have ended
        open(); // for the method that closes it after every test
        start(VirtualThreadServer.ECHO);
    }
}
