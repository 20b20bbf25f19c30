package io.zerocopy.tests.kit;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/** A file system for one test, removed when closed. Needs root; otherwise the test is skipped with the reason. */
public final class Mount implements AutoCloseable {
    private final Path path;

    private Mount(Path path) {
        this.path = path;
    }

    public static Mount tmpfs(TestFixture fixture, String options) throws IOException {
        return ofType(fixture, "tmpfs", "-o", options);
    }

    /** A file system that needs no device. */
    public static Mount ofType(TestFixture fixture, String type, String... options) throws IOException {
        requireRoot();
        Path point = Files.createDirectory(fixture.path(type));
        List<String> command = new ArrayList<>(List.of("mount", "-t", type));
        command.addAll(List.of(options));
        command.addAll(List.of(type, point.toString()));
        TestFixture.run(command.toArray(String[]::new));
        return new Mount(point);
    }

    /** A file system in a file, mounted through a loop device. */
    public static Mount image(TestFixture fixture, long bytes, String... mkfs) throws IOException {
        requireRoot();
        Path image = fixture.path("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        String[] command = java.util.Arrays.copyOf(mkfs, mkfs.length + 1);
        command[mkfs.length] = image.toString();
        try {
            TestFixture.run(command);
        } catch (IOException absent) {
            Assumptions.abort(mkfs[0] + " cannot be run: " + absent.getMessage());
        }
        Path point = Files.createDirectory(fixture.path("mount"));
        try {
            TestFixture.run("mount", "-o", "loop", image.toString(), point.toString());
        } catch (IOException refused) {
            Assumptions.abort("no loop mount: " + refused.getMessage());
        }
        return new Mount(point);
    }

    /** Like {@link #image}, or null if the test can run without it. */
    public static Mount ifPossible(TestFixture fixture, long bytes, String... mkfs) throws IOException {
        try {
            return image(fixture, bytes, mkfs);
        } catch (TestAbortedException impossible) {
            return null;
        }
    }

    public static void requireRoot() throws IOException {
        Assumptions.assumeTrue("0".equals(TestFixture.run("id", "-u").strip()), "mounting needs root");
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        TestFixture.run("umount", path.toString());
    }
}
