package io.zerocopy.tests.bench.pair;

import io.zerocopy.tests.bench.measure.Pin;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Processes that feed sources and drain targets, so that only the mover's time is measured. */
public final class Peers implements Closeable {
    private final Path limit;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Deque<Process> processes = new ArrayDeque<>();

    public Peers(Path limit) {
        this.limit = limit;
    }

    /** Starts a server that writes to each client for ever; returns its port. */
    int feeder() throws IOException {
        return port("feed");
    }

    /** Starts a server that reads from each client for ever; returns its port. */
    int drain(String sink) throws IOException {
        return port("drain " + sink);
    }

    /** Starts to feed or drain a FIFO. */
    void attach(Path fifo, boolean feeds) throws IOException {
        start(List.of(feeds ? "feed-fifo" : "drain-fifo", fifo.toString()));
    }

    private int port(String role) throws IOException {
        Integer known = ports.get(role);
        if (known != null) {
            return known;
        }
        Process process = start(List.of(role.split(" ")));
        int port =
                Integer.parseInt(process.inputReader(StandardCharsets.US_ASCII).readLine());
        ports.put(role, port);
        return port;
    }

    private Process start(List<String> role) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(limit.toString()));
        command.addAll(role);
        Process process = new ProcessBuilder(Pin.PEER.prefixed(command))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.push(process);
        return process;
    }

    @Override
    public void close() {
        while (!processes.isEmpty()) {
            processes.pop().destroy();
        }
    }
}
