package io.zerocopy.tests.pairs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A source and a target between which a file can be moved.
 *
 * @param source the end from which the bytes come
 * @param target the end to which they go
 */
public record Pair(SourceEnd source, TargetEnd target) {
    /** Every pair that can be built on one machine and shows something different from the others. */
    public static final List<Pair> ALL = List.of(
            new Pair(SourceEnd.FILE, TargetEnd.FILE),
            new Pair(SourceEnd.FILE, TargetEnd.TCP),
            new Pair(SourceEnd.FILE, TargetEnd.UNIX),
            new Pair(SourceEnd.FILE, TargetEnd.PIPE),
            new Pair(SourceEnd.STABLE_FILE, TargetEnd.PIPE),
            new Pair(SourceEnd.FILE, TargetEnd.FIFO),
            new Pair(SourceEnd.FILE, TargetEnd.NULL),
            new Pair(SourceEnd.FILE, TargetEnd.STREAM),
            new Pair(SourceEnd.TCP, TargetEnd.FILE),
            new Pair(SourceEnd.TCP, TargetEnd.TCP),
            new Pair(SourceEnd.TCP, TargetEnd.UNIX),
            new Pair(SourceEnd.TCP, TargetEnd.STREAM),
            new Pair(SourceEnd.UNIX, TargetEnd.FILE),
            new Pair(SourceEnd.UNIX, TargetEnd.UNIX),
            new Pair(SourceEnd.PIPE, TargetEnd.FILE),
            new Pair(SourceEnd.PIPE, TargetEnd.PIPE),
            new Pair(SourceEnd.PIPE, TargetEnd.TCP),
            new Pair(SourceEnd.FIFO, TargetEnd.TCP),
            new Pair(SourceEnd.MEMORY, TargetEnd.TCP),
            new Pair(SourceEnd.MEMORY, TargetEnd.FILE),
            new Pair(SourceEnd.STREAM, TargetEnd.FILE),
            new Pair(SourceEnd.STREAM, TargetEnd.TCP));

    /**
     * Opens a lane for one pass.
     *
     * @param file the file to move
     * @param size bytes to move, from its start
     * @param directory directory for temporary files and sockets
     * @param digest whether the drain computes a digest of the bytes that arrive
     */
    public Lane open(Path file, long size, Path directory, boolean digest) throws IOException {
        Lane lane = new Lane(size);
        try {
            source.open(lane, file, directory);
            target.open(lane, directory, digest);
            return lane;
        } catch (IOException | RuntimeException e) {
            lane.close();
            throw e;
        }
    }

    @Override
    public String toString() {
        return source.label() + " → " + target.label();
    }
}
