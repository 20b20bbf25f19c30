package io.zerocopy.tests.servers.proxy;

import io.zerocopy.Mechanism;
import io.zerocopy.Transfers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A proxy to a port of this machine in its own process. It prints its address. Then it prints its state for each line
 * of input, until the input ends.
 */
final class ScaleSubject {
    private ScaleSubject() {}

    /**
     * The state of the process.
     *
     * @param descriptors open descriptors, without those of pipes
     * @param pipes open ends of pipes
     * @param advances how often a direction was advanced
     */
    record State(
            long descriptors, long pipes, long accepted, long active, long ended, long advances, String mechanisms) {
        static State parse(String line) {
            String[] f = line.split(" ", 7);
            return new State(
                    Long.parseLong(f[0]),
                    Long.parseLong(f[1]),
                    Long.parseLong(f[2]),
                    Long.parseLong(f[3]),
                    Long.parseLong(f[4]),
                    Long.parseLong(f[5]),
                    f[6]);
        }

        @Override
        public String toString() {
            return String.join(
                    " ",
                    List.of(
                            "" + descriptors,
                            "" + pipes,
                            "" + accepted,
                            "" + active,
                            "" + ended,
                            "" + advances,
                            mechanisms));
        }
    }

    public static void main(String[] args) throws Exception {
        if (!Transfers.capabilities().isAvailable(Mechanism.SPLICE)) {
            System.out.println(Transfers.capabilities());
            return;
        }
        SocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        SocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        Proxy proxy = Proxy.open(loopback, target, Duration.ofMinutes(5));
        Thread server = new Thread(() -> serve(proxy), "proxy");
        server.start();
        System.out.println(((InetSocketAddress) proxy.address()).getPort());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        while (in.readLine() != null) {
            System.out.println(state(proxy));
        }
        proxy.close();
        server.join();
    }

    private static void serve(Proxy proxy) {
        try {
            proxy.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static State state(Proxy proxy) throws IOException {
        List<String> open;
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            open = entries.map(ScaleSubject::target).toList();
        }
        long pipes = open.stream().filter(fd -> fd.startsWith("pipe:")).count();
        ProxyCounts counts = proxy.counts();
        return new State(
                open.size() - pipes,
                pipes,
                counts.accepted(),
                counts.active(),
                counts.failed() + counts.refused(),
                counts.advances(),
                counts.by().keySet() + counts.lastFailure());
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException gone) {
            return "";
        }
    }
}
