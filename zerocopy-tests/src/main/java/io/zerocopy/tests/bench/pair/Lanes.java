package io.zerocopy.tests.bench.pair;

import io.zerocopy.tests.bench.measure.Toolchain;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Creates a separate lane for every contestant: files of the right size, FIFOs with a peer, ports to connect to. */
public final class Lanes implements Closeable {
    private final Peers peers;
    private final Map<String, Path> places;
    private final Path first;
    private final List<Path> made = new ArrayList<>();
    private final Map<Path, Path> sources = new HashMap<>();
    private int count;

    /**
     * The source and the target of one contestant.
     *
     * @param source a file or FIFO, or null
     * @param sourcePort a port to connect to, or 0
     * @param target a file or FIFO, or null
     * @param targetPort a port to connect to, or 0
     */
    public record Lane(Path source, int sourcePort, Path target, int targetPort) {}

    /**
     * Creates lanes in directories.
     *
     * @param peers the processes at the other ends
     * @param places directories by the name of their file system; the first is used if the file system does not matter
     */
    public Lanes(Peers peers, Map<String, Path> places) {
        this.peers = peers;
        this.places = Map.copyOf(places);
        this.first = places.values().iterator().next();
    }

    public Lane open(BenchmarkCase pair, long size) throws IOException {
        Path place = places.getOrDefault(pair.place(), first);
        Path source = null;
        int sourcePort = 0;
        switch (pair.source()) {
            case TCP -> sourcePort = peers.feeder();
            case PIPE -> source = fifo(true);
            default -> source = source(place, size);
        }
        Path target = null;
        int targetPort = 0;
        switch (pair.target()) {
            case TCP -> targetPort = peers.drain(pair.place());
            case PIPE -> target = fifo(false);
            default -> target = noted(place.resolve("zerocopy-target-" + count++));
        }
        return new Lane(source, sourcePort, target, targetPort);
    }

    /** Returns the directory of a case's files. */
    public Path place(BenchmarkCase pair) {
        return places.getOrDefault(pair.place(), first);
    }

    private Path source(Path place, long size) throws IOException {
        Path file = place.resolve("zerocopy-source-" + size);
        if (sources.put(file, file) == null) {
            byte[] block = new byte[(int) Math.min(size, 1 << 20)];
            new Random(size).nextBytes(block);
            noted(file);
            try (OutputStream out = Files.newOutputStream(file)) {
                for (long left = size; left > 0; left -= block.length) {
                    out.write(block, 0, (int) Math.min(left, block.length));
                }
            }
        }
        return file;
    }

    private Path fifo(boolean feeds) throws IOException {
        Path fifo = noted(first.resolve("zerocopy-fifo-" + count++));
        Toolchain.run(List.of("mkfifo", fifo.toString()));
        peers.attach(fifo, feeds);
        return fifo;
    }

    private Path noted(Path file) {
        made.add(file);
        return file;
    }

    /** Removes all files. A contestant that still has one open can still use it. */
    @Override
    public void close() throws IOException {
        for (Path file : made) {
            Files.deleteIfExists(file);
        }
        made.clear();
        sources.clear();
    }
}
