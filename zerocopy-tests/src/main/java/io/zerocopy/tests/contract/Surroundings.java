package io.zerocopy.tests.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a mover must leave as it was around its bytes: the flags of every descriptor, the names beside the files of the
 * test, and these files unmapped.
 */
final class Surroundings {
    private static final Path MAPS = Path.of("/proc/self/maps");

    private final StatusFlags flags = new StatusFlags();
    private final Path directory;
    private final Set<Path> before;
    private final List<Path> made;

    /**
     * Looks around.
     *
     * @param directory where the test has its files
     * @param made what is going to be there, too
     */
    Surroundings(Path directory, Path... made) throws IOException {
        this.directory = directory;
        this.before = names();
        this.made = List.of(made);
    }

    private Set<Path> names() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.collect(Collectors.toSet());
        }
    }

    /** Fails if something is other than it was. */
    void areUnchanged() throws IOException {
        flags.areUnchanged();
        Set<Path> left = names();
        if (!left.containsAll(before)) {
            throw new AssertionError("of the files that were there, " + before + ", only these are left: " + left);
        }
        left.removeAll(before);
        left.removeAll(made);
        if (!left.isEmpty()) {
            throw new AssertionError("files are left behind: " + left);
        }
        List<String> mapped = mapped();
        if (!mapped.isEmpty()) {
            throw new AssertionError("still mapped: " + mapped);
        }
    }

    /** What this process has mapped of the files, deleted ones included; nothing where that cannot be seen. */
    private List<String> mapped() throws IOException {
        if (!Files.isReadable(MAPS)) {
            return List.of();
        }
        String there = directory.toRealPath().toString();
        try (Stream<String> lines = Files.lines(MAPS)) {
            return lines.filter(line -> line.contains(there)).toList();
        }
    }
}
