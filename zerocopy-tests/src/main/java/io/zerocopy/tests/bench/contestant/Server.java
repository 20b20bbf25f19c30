package io.zerocopy.tests.bench.contestant;

import io.zerocopy.tests.bench.measure.Measurement;
import io.zerocopy.tests.bench.measure.Pin;
import io.zerocopy.tests.bench.pair.Lanes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An external server, from which a peer pulls. Its time is the run time of its process as reported by the scheduler, so
 * it must have only one thread.
 */
final class Server implements Contestant {
    private final String name;
    private final Process server;
    private final External client;

    private Server(String name, Process server, External client) {
        this.name = name;
        this.server = server;
        this.client = client;
    }

    /** Starts nginx, which sends a file by sendfile, with one request per transfer. */
    static Server nginx(Path directory, Path limit, Lanes.Lane lane, String sink) throws IOException {
        int port = freePort();
        Path home = Files.createTempDirectory(directory, "nginx");
        Path configuration = home.resolve("nginx.conf");
        Files.writeString(configuration, """
                daemon off; master_process off; pid %1$s/pid; error_log stderr crit; user root;
                events { }
                http {
                    sendfile on; access_log off; keepalive_requests 1000000000; keepalive_timeout 1h;
                    client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s; uwsgi_temp_path %1$s;
                    scgi_temp_path %1$s;
                    server { listen 127.0.0.1:%2$d; root %3$s; }
                }
                """.formatted(home, port, lane.source().getParent()));
        Process server = start(List.of("nginx", "-p", home.toString(), "-c", configuration.toString()), port);
        return connected(
                "nginx sendfile", server, limit, sink, port, "/" + lane.source().getFileName());
    }

    /** Starts HAProxy, which relays by splice. */
    static Server haproxy(Path directory, Path limit, Lanes.Lane lane, String sink) throws IOException {
        int port = freePort();
        Path configuration = Files.createTempFile(directory, "haproxy", ".cfg");
        Files.writeString(configuration, """
                global
                    nbthread 1
                    tune.pipesize 1048576
                defaults
                    mode tcp
                    option splice-request
                    option splice-response
                    timeout connect 5s
                    timeout client 1h
                    timeout server 1h
                listen relay
                    bind 127.0.0.1:%d
                    server feeder 127.0.0.1:%d
                """.formatted(port, lane.sourcePort()));
        Process server = start(List.of("haproxy", "-db", "-q", "-f", configuration.toString()), port);
        return connected("HAProxy splice", server, limit, sink, port, null);
    }

    private static Server connected(String name, Process server, Path limit, String sink, int port, String path)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(limit.toString(), "pull", sink, Integer.toString(port)));
        if (path != null) {
            command.add(path);
        }
        try {
            return new Server(name, server, new External(name, Role.OTHER, command, Pin.PEER));
        } catch (IOException e) {
            server.destroy();
            throw e;
        }
    }

    private static Process start(List<String> command, int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Pin.MOVER.prefixed(command));
        Process server = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        server.getOutputStream().close();
        for (int attempt = 0; attempt < 100 && server.isAlive(); attempt++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return server;
            } catch (IOException notYet) {
                pause();
            }
        }
        server.destroy();
        throw new IOException(command.get(0) + " does not start");
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Role role() {
        return Role.OTHER;
    }

    @Override
    public Measurement run(long size, int repetitions) throws IOException {
        long before = cpuNanos();
        Measurement seen = client.run(size, repetitions);
        return new Measurement(seen.bytes(), cpuNanos() - before, seen.wallNanos(), -1);
    }

    private long cpuNanos() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + server.pid() + "/schedstat"));
        return Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.destroy();
    }
}
