package io.zerocopy.tests.contract;

import io.zerocopy.tests.fixture.StatusFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks what a mover must leave unchanged: the flags of every descriptor, and the names in the directory of the test's
 * files. None of these files may stay mapped.
 */
final class Surroundings {
    private static final Path MAPS = Path.of("/proc/self/maps");

    private final StatusFlags flags = new StatusFlags();
    private final Path directory;
    private final Set<Path> before;
    private final List<Path> made;

    /**
     * Records the current state.
     *
     * @param directory the directory of the test's files
     * @param made files that the test will create there
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

    /** Fails if anything has changed. */
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

    /** Returns which of the files this process has mapped, including deleted ones; empty if this cannot be seen. */
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
