package io.zerocopy.tests.kit;

import io.zerocopy.tests.fixture.TestFixture;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** A separate JVM with this test's class path or a part of it, any options, and one main class. */
public final class Child {
    private final List<String> prefix = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private Duration limit = Watchdog.LIMIT;
    private String classPath = System.getProperty("java.class.path");

    /** Its exit code, and what it printed on both streams. */
    public record Ended(int code, String output) {}

    public Child under(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    public Child option(String option) {
        options.add(option);
        return this;
    }

    /** Leaves out the entries of the class path that a predicate names. */
    public Child without(Predicate<String> entry) {
        classPath = Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry.negate())
                .collect(Collectors.joining(File.pathSeparator));
        return this;
    }

    /** Unpacks the jars of the class path that a predicate names, and uses the folders in their place. */
    public Child unpacked(Predicate<String> entry, Path into) throws IOException {
        List<String> entries = new ArrayList<>();
        for (String each : classPath.split(File.pathSeparator)) {
            boolean unpacks = each.endsWith(".jar") && entry.test(each);
            entries.add(unpacks ? unpack(Path.of(each), into.resolve("" + entries.size())) : each);
        }
        classPath = String.join(File.pathSeparator, entries);
        return this;
    }

    private static String unpack(Path jar, Path folder) throws IOException {
        try (JarFile opened = new JarFile(jar.toFile())) {
            for (JarEntry entry : Collections.list(opened.entries())) {
                Path to = folder.resolve(entry.getName());
                Files.createDirectories(entry.isDirectory() ? to : to.getParent());
                if (!entry.isDirectory()) {
                    Files.copy(opened.getInputStream(entry), to);
                }
            }
        }
        return folder.toString();
    }

    /** Puts a jar in front of the class path. */
    public Child with(Path jar) {
        classPath = jar + File.pathSeparator + classPath;
        return this;
    }

    /** Sets how long it may run; the default is 15 minutes. */
    public Child within(Duration longest) {
        limit = longest;
        return this;
    }

    public Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        Process process = start(main, arguments);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("does not end: " + output);
        }
        return new Ended(process.exitValue(), output);
    }

    /** Starts it without waiting, so that a test can use the process while it runs. */
    public Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return Watchdog.watch(
                new ProcessBuilder(command).redirectErrorStream(true).start(), limit);
    }
}
