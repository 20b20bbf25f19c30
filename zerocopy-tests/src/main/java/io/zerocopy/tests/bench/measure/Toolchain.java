package io.zerocopy.tests.bench.measure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles programs in other languages from the sources in the package of this class, if their compilers are installed.
 */
public final class Toolchain {
    private static final Map<String, List<String>> COMPILERS = Map.of(
            "limit.c", List.of("gcc", "-O2", "-pthread", "-o"),
            "mover.rs", List.of("rustc", "-O", "-o"),
            "mover.go", List.of("go", "build", "-o"));

    private final Path directory;
    private final Map<String, Path> built = new HashMap<>();
    private final List<String> missing = new ArrayList<>();

    /** Keeps programs in a directory, and does not compile existing ones again. */
    public Toolchain(Path directory) {
        this.directory = directory;
    }

    public Path directory() {
        return directory;
    }

    /** Returns the program, or null if it is not available; {@link #missing()} says why. */
    public Path program(String source) {
        return built.computeIfAbsent(source, this::build);
    }

    /** Returns what is not available, with the reason. */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    private Path build(String source) {
        Path program = directory.resolve(
                source.substring(0, source.indexOf('.')) + "-" + source.substring(source.indexOf('.') + 1));
        if (Files.isExecutable(program)) {
            return program;
        }
        List<String> compiler = COMPILERS.get(source);
        try (InputStream in = Toolchain.class.getResourceAsStream(source)) {
            Path text = directory.resolve(source);
            Files.copy(in, text, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            List<String> command = new ArrayList<>(compiler);
            command.add(program.toString());
            command.add(text.toString());
            run(command);
            return program;
        } catch (IOException e) {
            String why = source + ": " + e.getMessage();
            if (!missing.contains(why)) {
                missing.add(why);
            }
            return null;
        }
    }

    /** Runs a command to its end and returns what it printed. */
    public static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command.get(0) + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }

    /** Returns whether a command can be found. */
    public static boolean has(String command) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, command))) {
                return true;
            }
        }
        return false;
    }
}
