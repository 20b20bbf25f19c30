package io.zerocopy.tests.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * From what to what, and who takes it there.
 *
 * @param source where the bytes come from
 * @param target where they go
 * @param place for files, the name of a file system; for sockets as targets, what the other side does with the bytes
 */
public record Course(End source, End target, String place) {
    /** The other side of a socket copies what it reads. */
    public static final String RECV = "recv";

    /** The other side of a socket discards what it reads, without a copy. */
    public static final String TRUNC = "trunc";

    /** What a course begins or ends at. */
    public enum End {
        FILE,
        PATH,
        TCP,
        PIPE,
        MEMORY,
        DIRECT;

        /** Whether it has positions. */
        boolean isFile() {
            return this == FILE || this == DIRECT;
        }

        @Override
        public String toString() {
            return this == TCP ? "TCP" : name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** All courses, with files on the first of these places where the other end is no file. */
    static List<Course> all(List<String> places) {
        List<Course> all = new ArrayList<>();
        String first = places.get(0);
        for (String sink : List.of(RECV, TRUNC)) {
            all.add(new Course(End.FILE, End.TCP, sink));
            all.add(new Course(End.TCP, End.TCP, sink));
            all.add(new Course(End.MEMORY, End.TCP, sink));
        }
        all.add(new Course(End.TCP, End.FILE, first));
        for (String place : places) {
            all.add(new Course(End.FILE, End.FILE, place));
            all.add(new Course(End.PATH, End.PATH, place));
            if (!place.equals("tmpfs")) {
                all.add(new Course(End.DIRECT, End.DIRECT, place));
            }
        }
        all.add(new Course(End.FILE, End.PIPE, first));
        all.add(new Course(End.PIPE, End.FILE, first));
        return all;
    }

    /** For the command line: such as {@code file-tcp} or, with its place, {@code file-tcp@recv}. */
    String key() {
        return (source + "-" + target).toLowerCase(java.util.Locale.ROOT);
    }

    boolean matches(String wanted) {
        return wanted.equals(key()) || wanted.equals(key() + "@" + place);
    }

    /** Whether the place is that of a file. */
    boolean isOnFileSystem() {
        return target != End.TCP;
    }

    @Override
    public String toString() {
        return source + " → " + target + (target == End.TCP ? " (" + place + " sink)" : " (" + place + ")");
    }
}
