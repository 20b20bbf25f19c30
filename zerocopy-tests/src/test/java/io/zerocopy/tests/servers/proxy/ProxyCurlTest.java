package io.zerocopy.tests.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.Mechanism;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.servers.http.Nginx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxy between two programs that do not know it: curl on one side, nginx on the other. */
@Tag("thorough")
class ProxyCurlTest {
    private static final long LARGE = 300L << 20;

    private TestFixture fixture;
    private Nginx nginx;
    private Proxy proxy;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    private void start(boolean unixListen, boolean unixTarget) throws IOException {
        Path home = Files.createDirectory(fixture.path("nginx"));
        nginx = fixture.keep(Nginx.start(home, unixTarget));
        SocketAddress listen = unixListen
                ? UnixDomainSocketAddress.of(fixture.path("socket"))
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        proxy = Proxies.serve(fixture, listen, nginx.address(), Duration.ofSeconds(TestFixture.DEADLINE_SECONDS));
    }

    private String curl(String path, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("curl", "-q", "-sS", "--fail", "--noproxy", "*", "-m", "" + TestFixture.DEADLINE_SECONDS));
        if (proxy.address() instanceof InetSocketAddress internet) {
            command.add("http://127.0.0.1:" + internet.getPort() + path);
        } else {
            command.addAll(List.of("--unix-socket", proxy.address().toString(), "http://localhost" + path));
        }
        command.addAll(List.of(arguments));
        return TestFixture.run(command.toArray(new String[0]));
    }

    @ParameterizedTest(name = "listening on a Unix socket: {0}, target on one: {1}")
    @CsvSource({"false, false", "false, true", "true, false"})
    void uploadsAndDownloadsArriveWhole(boolean unixListen, boolean unixTarget) throws Exception {
        start(unixListen, unixTarget);
        Path source = fixture.file(LARGE);
        Path back = fixture.path("back");
        curl("/put/large", "-T", source.toString());
        assertThat(Files.mismatch(source, nginx.root().resolve("put/large"))).isEqualTo(-1);
        curl("/put/large", "-o", back.toString());
        assertThat(Files.mismatch(source, back)).isEqualTo(-1);
        TestFixture.until("both connections have ended", () -> proxy.counts().completed() == 2);
        assertThat(proxy.counts().sent()).isGreaterThan(LARGE);
        assertThat(proxy.counts().received()).isGreaterThan(LARGE);
        assertThat(proxy.counts().by().keySet()).containsOnly(Mechanism.SPLICE);
        assertThat(proxy.counts().active()).isZero();
        assertThat(proxy.counts().failed()).isZero();
    }

    @Test
    void manyAtOnceInBothDirections() throws Exception {
        start(false, false);
        int each = 8;
        long size = 20 << 20;
        Path source = fixture.file(size);
        Content.PATTERN.writeFile(nginx.root().resolve("served"), size);
        List<Future<String>> running = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            String name = "/put/" + i;
            Path to = fixture.path("down");
            running.add(fixture.peer(() -> curl(name, "-T", source.toString())));
            running.add(fixture.peer(() -> {
                String said = curl("/served", "-o", to.toString());
                assertThat(Files.mismatch(source, to)).isEqualTo(-1);
                return said;
            }));
        }
        for (Future<String> one : running) {
            TestFixture.join(one);
        }
        for (int i = 0; i < each; i++) {
            assertThat(Files.mismatch(source, nginx.root().resolve("put/" + i))).isEqualTo(-1);
        }
        TestFixture.until("all have ended", () -> proxy.counts().completed() == 2 * each);
        assertThat(proxy.counts().failed() + proxy.counts().refused()).isZero();
    }

    @Test
    void keepsAConnectionForSeveralRequests() throws Exception {
        start(false, false);
        Files.writeString(nginx.root().resolve("hello"), "hello, world");
        int port = ((InetSocketAddress) proxy.address()).getPort();
        String again = "http://127.0.0.1:" + port + "/hello";
        assertThat(curl("/hello", again, again)).isEqualTo("hello, world".repeat(3));
        TestFixture.until("it has ended", () -> proxy.counts().completed() == 1);
        assertThat(proxy.counts().accepted()).isEqualTo(1);
    }
}
