package io.zerocopy.tests.servers.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The distribution's nginx in its own process, with its own configuration and folder. It serves the files of {@link
 * #root()} and takes uploads there by PUT. An installed service is not changed.
 */
public final class Nginx implements AutoCloseable {
    private final Path home;
    private final SocketAddress address;
    private final Process process;

    private Nginx(Path home, SocketAddress address, Process process) {
        this.home = home;
        this.address = address;
        this.process = process;
    }

    public static Nginx start(Path home, boolean unix) throws IOException {
        Path binary = Stream.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(binary != null, "nginx is not installed");
        Files.createDirectories(home.resolve("root/put"));
        SocketAddress address = unix ? UnixDomainSocketAddress.of(home.resolve("socket")) : freePort();
        Path configuration = home.resolve("nginx.conf");
        Files.writeString(configuration, configuration(home, address));
        Process process = new ProcessBuilder(
                        binary.toString(), "-p", home.toString(), "-e", "stderr", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        process.getOutputStream().close();
        Nginx nginx = new Nginx(home, address, process);
        try {
            TestFixture.until("nginx listens", nginx::listens);
            return nginx;
        } catch (AssertionError never) {
            nginx.close();
            throw new AssertionError(Files.readString(home.resolve("log")), never);
        }
    }

    private static String configuration(Path home, SocketAddress address) {
        String listen = address instanceof InetSocketAddress internet
                ? internet.getAddress().getHostAddress() + ":" + internet.getPort()
                : "unix:" + home.resolve("socket");
        StringBuilder temporary = new StringBuilder();
        for (String module : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            temporary
                    .append("  ")
                    .append(module)
                    .append("_temp_path ")
                    .append(home)
                    .append("/temporary;\n");
        }
        return String.join(
                "\n",
                // if root runs the tests, the worker must read folders that only root can read
                "root".equals(System.getProperty("user.name")) ? "user root;" : "",
                "daemon off;",
                "worker_processes 1;",
                "pid " + home + "/pid;",
                "error_log stderr;",
                "events { worker_connections 4096; }",
                "http {",
                "  access_log off;",
                temporary.toString(),
                "  sendfile on;",
                "  server {",
                "    listen " + listen + ";",
                "    root " + home + "/root;",
                "    location /put/ { dav_methods PUT; client_max_body_size 0; }",
                "  }",
                "}",
                "");
    }

    /** Returns a port that was free a moment ago; nginx cannot choose one itself. */
    private static InetSocketAddress freePort() throws IOException {
        try (ServerSocket picked = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(picked.getInetAddress(), picked.getLocalPort());
        }
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("nginx ended with " + process.exitValue());
        }
        try (SocketChannel connected = SocketChannel.open(address)) {
            return connected.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    public SocketAddress address() {
        return address;
    }

    /**
     * Returns the folder. Its files are served as {@code /name}; uploads to {@code /put/name} are stored in {@code
     * put}.
     */
    public Path root() {
        return home.resolve("root");
    }

    @Override
    public void close() throws IOException {
        process.destroy(); // the master ends its worker
        try {
            if (!process.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("nginx does not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
    }
}
