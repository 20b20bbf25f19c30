package io.zerocopy.tests.bench.pair;

import java.util.ArrayList;
import java.util.List;

/**
 * A source and a target between which contestants move bytes.
 *
 * @param source the end from which the bytes come
 * @param target the end to which they go
 * @param place for files, the name of a file system; for a socket as target, what its peer does with the bytes
 */
public record BenchmarkCase(End source, End target, String place) {
    /** The peer of a socket copies the bytes that it reads. */
    public static final String RECV = "recv";

    /** The peer of a socket discards the bytes without a copy. */
    public static final String TRUNC = "trunc";

    /** The kinds of ends of a case. */
    public enum End {
        FILE,
        PATH,
        TCP,
        PIPE,
        MEMORY,
        DIRECT;

        /** Returns whether it has positions. */
        public boolean isFile() {
            return this == FILE || this == DIRECT;
        }

        @Override
        public String toString() {
            return this == TCP ? "TCP" : name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Returns all cases. If only one end is a file, it is on the first of these places. */
    public static List<BenchmarkCase> all(List<String> places) {
        List<BenchmarkCase> all = new ArrayList<>();
        String first = places.get(0);
        for (String sink : List.of(RECV, TRUNC)) {
            all.add(new BenchmarkCase(End.FILE, End.TCP, sink));
            all.add(new BenchmarkCase(End.TCP, End.TCP, sink));
            all.add(new BenchmarkCase(End.MEMORY, End.TCP, sink));
        }
        all.add(new BenchmarkCase(End.TCP, End.FILE, first));
        for (String place : places) {
            all.add(new BenchmarkCase(End.FILE, End.FILE, place));
            all.add(new BenchmarkCase(End.PATH, End.PATH, place));
            if (!place.equals("tmpfs")) {
                all.add(new BenchmarkCase(End.DIRECT, End.DIRECT, place));
            }
        }
        all.add(new BenchmarkCase(End.FILE, End.PIPE, first));
        all.add(new BenchmarkCase(End.PIPE, End.FILE, first));
        return all;
    }

    /** Returns the key for the command line: for example {@code file-tcp} or, with its place, {@code file-tcp@recv}. */
    public String key() {
        return (source + "-" + target).toLowerCase(java.util.Locale.ROOT);
    }

    public boolean matches(String wanted) {
        return wanted.equals(key()) || wanted.equals(key() + "@" + place);
    }

    /** Returns whether the place is a file system. */
    boolean isOnFileSystem() {
        return target != End.TCP;
    }

    @Override
    public String toString() {
        return source + " → " + target + (target == End.TCP ? " (" + place + " sink)" : " (" + place + ")");
    }
}
