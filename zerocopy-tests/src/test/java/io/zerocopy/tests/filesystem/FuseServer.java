package io.zerocopy.tests.filesystem;

import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A mounted FUSE server of one file, see {@code short_reads.py}. */
final class FuseServer implements AutoCloseable {
    private final Path directory;
    private final Process server;
    private final BufferedReader says;

    private FuseServer(Path directory, Process server, BufferedReader says) {
        this.directory = directory;
        this.server = server;
        this.says = says;
    }

    /**
     * Mounts a server, or skips the test where none can be mounted.
     *
     * @param fails nothing, or which end fails and from which byte on
     */
    static FuseServer mount(TestFixture fixture, int size, int most, String mode, String... fails) throws IOException {
        Mount.requireRoot();
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "no /dev/fuse: needs root, and the fuse module");
        Path directory = Files.createDirectory(fixture.path("fuse"));
        Path script = fixture.path("short_reads.py");
        try (InputStream in = FuseServer.class.getResourceAsStream("short_reads.py")) {
            Files.copy(in, script);
        }
        List<String> command = new ArrayList<>(List.of("python3", script.toString(), directory.toString()));
        command.addAll(List.of(Integer.toString(size), Integer.toString(most), mode));
        command.addAll(List.of(fails));
        Process started = started(command);
        BufferedReader says = started.inputReader();
        String line = says.readLine();
        if (!"mounted".equals(line)) {
            started.destroy();
            Assumptions.abort("no file system of FUSE can be mounted: needs root: " + line);
        }
        return new FuseServer(directory, started, says);
    }

    private static Process started(List<String> command) throws IOException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException absent) {
            return Assumptions.abort("no python3 here: " + absent.getMessage());
        }
    }

    Path file() {
        return directory.resolve("f");
    }

    /** Returns when a read has reached a server that holds it. */
    void awaitHeld() throws IOException {
        String line = says.readLine();
        if (!"held".equals(line)) {
            throw new IOException("the server said " + line);
        }
    }

    /** Has the held read answered, and all later ones at once. */
    void letGo() throws IOException {
        server.getOutputStream().write('\n');
        server.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        TestFixture.run("umount", "-l", directory.toString());
        server.destroy();
        server.onExit().join();
        server.getInputStream().close();
        server.getOutputStream().close();
        server.getErrorStream().close();
    }
}
