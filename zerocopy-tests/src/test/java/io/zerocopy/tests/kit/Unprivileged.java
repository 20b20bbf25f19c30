package io.zerocopy.tests.kit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM of a user without privileges; tests talk to it line by line. The library's classes are copied to a directory
 * that this user can read, because often only their owner can read build folders and repositories.
 */
public final class Unprivileged implements AutoCloseable {
    private static final long FIRST_USER = 61_000;

    private final Process process;
    private final BufferedReader says;
    private final OutputStream hears;

    private Unprivileged(Process process) {
        this.process = process;
        this.says = process.inputReader();
        this.hears = process.getOutputStream();
    }

    public static Unprivileged start(TestFixture fixture, Class<?> main, String... arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java").toRealPath();
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            Path setpriv = Path.of("/usr/bin/setpriv");
            assumeTrue(Files.isExecutable(setpriv), "setpriv is not installed");
            assumeTrue(isOpenToAll(java), "only root may run this JDK");
            command.addAll(List.of(setpriv.toString(), "--reuid=" + user(), "--regid=" + user(), "--clear-groups"));
        }
        command.add(java.toString());
        command.addAll(List.of("-cp", classPath(fixture), main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        return new Unprivileged(Watchdog.watch(builder.directory(new File("/")).start(), Watchdog.LIMIT));
    }

    /**
     * Returns the number of an unused user, a different one for each JVM of tests: the kernel counts pages of pipes for
     * each user.
     */
    public static long user() {
        return FIRST_USER + ProcessHandle.current().pid() % 4_000;
    }

    private static boolean isOpenToAll(Path file) throws IOException {
        for (Path path = file; path != null; path = path.getParent()) {
            if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                    .endsWith("x")) {
                return false;
            }
        }
        return true;
    }

    private static String classPath(TestFixture fixture) throws IOException {
        Path copies = Files.createDirectory(fixture.path("classes"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.matches(".*(zerocopy|/jna|/agrona).*")) {
                Path copy = copies.resolve("" + entries.size() + (entry.endsWith(".jar") ? ".jar" : ""));
                copy(Path.of(entry), copy);
                entries.add(copy.toString());
            }
        }
        for (Path path = copies; !path.equals(fixture.directory().getParent()); path = path.getParent()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.collect(Collectors.toList());
        }
        for (Path each : all) {
            Path copy = to.resolve(from.relativize(each).toString());
            Files.copy(each, copy, StandardCopyOption.REPLACE_EXISTING);
            String open = Files.isDirectory(each) ? "rwxr-xr-x" : "rw-r--r--";
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(open));
        }
    }

    public String readLine() throws IOException {
        String line = says.readLine();
        if (line == null) {
            throw new IOException("the process has ended, or says nothing more");
        }
        return line;
    }

    public String ask() throws IOException {
        hears.write('\n');
        hears.flush();
        return readLine();
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        hears.close();
        try {
            if (!process.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the process does not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        } finally {
            says.close();
        }
    }
}
