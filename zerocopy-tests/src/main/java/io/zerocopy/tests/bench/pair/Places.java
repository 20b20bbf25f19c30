package io.zerocopy.tests.bench.pair;

import io.zerocopy.tests.bench.measure.Toolchain;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Directories on file systems of different types: the given one, tmpfs, and, if run as root, XFS and btrfs in image
 * files on the first one that are mounted through loop devices. If one is not available, it is reported and left out.
 */
public final class Places implements Closeable {
    private static final long IMAGE = 32L << 30; // enough for a 1 GiB target per rival; the image file itself is sparse
    private static final Path SHARED = Path.of("/dev/shm");

    private final Map<String, Path> directories = new LinkedHashMap<>();
    private final Deque<Path> mounts = new ArrayDeque<>();
    private final List<String> missing = new ArrayList<>();
    private final Thread atExit = new Thread(this::removeAtExit); // frees the disk space if the run is stopped early

    /** Creates the first directory, and the others if they are wanted. */
    public Places(Path where, boolean others) throws IOException {
        Path first = Files.createTempDirectory(where, "zerocopy-bench");
        directories.put(Files.getFileStore(first).type(), first);
        Runtime.getRuntime().addShutdownHook(atExit);
        if (others) {
            if (Files.isWritable(SHARED)) {
                directories.put("tmpfs", Files.createTempDirectory(SHARED, "zerocopy-bench"));
            }
            for (String type : List.of("xfs", "btrfs")) {
                mount(first, type);
            }
        }
    }

    private void mount(Path first, String type) throws IOException {
        if (directories.containsKey(type)) {
            return;
        }
        Path image = first.resolve(type + ".image");
        Path point = Files.createDirectory(first.resolve(type));
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(IMAGE);
        }
        try {
            Toolchain.run(List.of("mkfs." + type, "-q", image.toString()));
            Toolchain.run(List.of("mount", "-o", "loop", image.toString(), point.toString()));
            mounts.push(point);
            directories.put(type, point);
        } catch (IOException refused) {
            missing.add("no " + type + ": " + refused.getMessage());
        }
    }

    /** Returns the first directory, for everything that does not depend on the file system. */
    public Path first() {
        return directories.values().iterator().next();
    }

    /** Returns the directories by the type of their file system. */
    public Map<String, Path> directories() {
        return directories;
    }

    /** Returns what is not available, and why. */
    public List<String> missing() {
        return missing;
    }

    private void removeAtExit() {
        try {
            remove();
        } catch (IOException e) {
            System.err.println("left behind: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(atExit);
        remove();
    }

    /** Unmounts lazily, because rivals may hold files open until this process has ended. */
    private void remove() throws IOException {
        while (!mounts.isEmpty()) {
            Path point = mounts.pop();
            Toolchain.run(List.of("umount", "--lazy", point.toString()));
            directories.values().remove(point);
        }
        for (Path place : directories.values()) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
