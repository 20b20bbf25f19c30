package io.zerocopy.tests.bench;

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
 * Directories on file systems of different types: the one that was asked for, tmpfs, and, for root, XFS and btrfs in files
 * of the first that are mounted through loop devices. What cannot be had is named and left out.
 */
final class Places implements Closeable {
    private static final long IMAGE = 32L << 30; // a target of a GiB for every rival; the image itself is sparse
    private static final Path SHARED = Path.of("/dev/shm");

    private final Map<String, Path> directories = new LinkedHashMap<>();
    private final Deque<Path> mounts = new ArrayDeque<>();
    private final List<String> missing = new ArrayList<>();
    private final Thread atExit = new Thread(this::removeAtExit); // whoever stops it half-way wants his disk back

    /** Makes a directory; and others, where not only the first is wanted. */
    Places(Path where, boolean others) throws IOException {
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

    /** The first one, for everything that is not about file systems. */
    Path first() {
        return directories.values().iterator().next();
    }

    /** Directories by the type of their file system. */
    Map<String, Path> directories() {
        return directories;
    }

    /** What could not be had, and why. */
    List<String> missing() {
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

    /** Lazily: rivals may hold files open until this process has ended. */
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
