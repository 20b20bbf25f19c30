package io.zerocopy.tests.bench.measure;

import java.nio.file.Path;
import java.util.List;

/** The place of the logs with an external contestant's system calls, if they are counted. */
public final class Trace {
    /** Property with the directory for the logs of traced external contestants. */
    public static final String DIRECTORY = "zerocopy.bench.calls";

    private Trace() {}

    /** Returns the first words of the command of an external contestant; empty if calls are not counted. */
    public static List<String> prefix(String name) {
        String directory = System.getProperty(DIRECTORY);
        return directory == null
                ? List.of()
                : List.of("strace", "-f", "-o", log(Path.of(directory), name).toString());
    }

    public static Path log(Path directory, String name) {
        return directory.resolve("calls-" + name.replaceAll("\\W", "-"));
    }
}
