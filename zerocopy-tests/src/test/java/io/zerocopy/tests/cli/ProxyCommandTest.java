package io.zerocopy.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Watchdog;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code proxy LISTEN TARGET} as its users run it: started, used, stopped by a signal. */
@Tag("thorough")
class ProxyCommandTest {
    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private Process start(String... arguments) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "proxy"));
        command.addAll(List.of(arguments));
        Process process = Watchdog.watch(new ProcessBuilder(command).start(), Watchdog.LIMIT);
        fixture.keep(process::destroyForcibly);
        return process;
    }

    /** Half a million bytes in each direction, each followed by an end. */
    private void exchange(SocketChannel client, ServerSocketChannel target) throws Exception {
        int size = 500_000;
        SocketChannel server = fixture.keep(target.accept());
        for (SocketChannel[] way : new SocketChannel[][] {{client, server}, {server, client}}) {
            Future<Long> drained =
                    fixture.peer(() -> TestFixture.drain(Channels.newInputStream(way[1]), Content.PATTERN));
            TestFixture.write(Channels.newOutputStream(way[0]), Content.PATTERN, size);
            way[0].shutdownOutput();
            assertThat(TestFixture.join(drained)).isEqualTo(size);
        }
    }

    @Test
    void relaysUntilItIsStoppedAndThenSaysWhatItDid() throws Exception {
        Path unix = fixture.path("target");
        ServerSocketChannel target = fixture.keep(ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX));
        target.bind(UnixDomainSocketAddress.of(unix));
        Process proxy = start("tcp-listen://127.0.0.1:0", "unix:" + unix, "--idle-timeout", "60");
        BufferedReader told = proxy.errorReader();
        String listening = told.readLine();
        assertThat(listening).startsWith("listening on 127.0.0.1 port ");
        int port = Integer.parseInt(listening.replaceAll(".* ", ""));
        for (int i = 0; i < 3; i++) {
            InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            exchange(fixture.keep(SocketChannel.open(at)), target);
        }
        proxy.toHandle().destroy(); // Process.destroy() would close the streams
        assertThat(told.readLine())
                .isEqualTo("3 accepted, 0 open, 3 completed, 0 failed, 0 refused;"
                        + " 1500000 bytes sent, 1500000 received {SPLICE=3000000}");
        assertThat(proxy.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(told.readLine()).isNull();
    }

    @Test
    void takesTheNameOfItsSocketAwayWhenItIsStopped() throws Exception {
        Path name = fixture.path("name");
        ServerSocketChannel target = fixture.keep(
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        int port = ((InetSocketAddress) target.getLocalAddress()).getPort();
        Process proxy = start("unix-listen:" + name, "tcp://localhost:" + port);
        BufferedReader told = proxy.errorReader();
        assertThat(told.readLine()).isEqualTo("listening on " + name);
        exchange(fixture.keep(SocketChannel.open(UnixDomainSocketAddress.of(name))), target);
        proxy.toHandle().destroy(); // Process.destroy() would close the streams
        assertThat(told.readLine()).startsWith("1 accepted, 0 open, 1 completed");
        assertThat(proxy.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(name).doesNotExist();
    }

    @Test
    void invalidProxiesFailAtOnce() throws Exception {
        assertThat(ended("tcp://127.0.0.1:80", "tcp://127.0.0.1:81").output()).contains("cannot listen on");
        assertThat(ended("tcp-listen://127.0.0.1:0", "-").output()).contains("cannot connect to -");
        assertThat(ended("tcp-listen://127.0.0.1:0", "tcp://127.0.0.1:1", "--idle-timeout", "-1")
                        .code())
                .isEqualTo(2);
        Path inTheWay = fixture.file(1);
        Child.Ended failed = ended("unix-listen:" + inTheWay, "tcp://127.0.0.1:1");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.output()).contains("already in use");
        assertThat(inTheWay).exists();
        assertThat(ended("tcp-listen://127.0.0.1:0", "tcp://no.such.host.invalid:1")
                        .output())
                .isEqualTo("zerocopy: tcp://no.such.host.invalid:1: unknown host\n");
    }

    private static Child.Ended ended(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "proxy";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new Child().run(Main.class, all);
    }
}
