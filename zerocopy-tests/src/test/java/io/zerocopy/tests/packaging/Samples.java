package io.zerocopy.tests.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Watchdog;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The projects of {@code src/it}, copied into the build's folder and built there by a separate Maven. The modules of
 * this build are in a repository that is a folder. Everything else comes from the repository that this build filled.
 * The network is not used, and no other repository is written to.
 */
final class Samples {
    private static final String VERSION = "0.1.0-SNAPSHOT";

    private final Path folder;
    private final Path repository;

    private Samples(Path folder) {
        this.folder = folder;
        this.repository = folder.resolve("repository");
    }

    /** What a process printed, and its exit code. */
    record Ended(int code, String output) {
        Ended succeeded() {
            assertThat(code).as(output).isZero();
            return this;
        }
    }

    static Samples build() throws IOException, InterruptedException {
        String build = System.getProperty("zerocopy.tests.build");
        Assumptions.assumeTrue(build != null, "samples are built where Maven runs the tests");
        List<Path> jars = jars();
        Assumptions.assumeTrue(jars.size() == 3, "the modules are not packed: package or verify does that");
        Samples samples = new Samples(Path.of(build, "samples"));
        delete(samples.folder);
        Path it = Path.of(System.getProperty("basedir"), "src", "it");
        copy(it, samples.folder.resolve("projects"));
        samples.deploy(jars);
        samples.runMaven();
        return samples;
    }

    private static List<Path> jars() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.matches(".*zerocopy-(api|nio|native)-" + VERSION + "\\.jar"))
                .map(Path::of)
                .toList();
    }

    private void deploy(List<Path> jars) throws IOException {
        Path root = Path.of(System.getProperty("basedir")).getParent();
        deploy(root.resolve("pom.xml"), "zerocopy-parent", ".pom");
        for (Path jar : jars) {
            String artifact = jar.getFileName().toString().replace("-" + VERSION + ".jar", "");
            deploy(jar, artifact, ".jar");
            deploy(root.resolve(artifact).resolve("pom.xml"), artifact, ".pom");
        }
    }

    private void deploy(Path file, String artifact, String suffix) throws IOException {
        Path home = folder.resolve("deployed/io/zerocopy").resolve(artifact).resolve(VERSION);
        Files.createDirectories(home);
        Files.copy(file, home.resolve(artifact + "-" + VERSION + suffix));
    }

    private void runMaven() throws IOException, InterruptedException {
        Path settings = folder.resolve("settings.xml");
        Path filled = Path.of(System.getProperty("localRepository"));
        Files.writeString(settings, settings(folder.resolve("deployed"), filled));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("zerocopy.tests.maven"), "bin", "mvn")
                .toString());
        command.addAll(List.of("-B", "-q", "-o", "-Daether.offline.protocols=file", "-Dstyle.color=never"));
        command.addAll(List.of("-s", settings.toString(), "-Dmaven.repo.local=" + repository));
        command.add("-Dsamples.repository=" + repository.toUri());
        command.addAll(List.of("-f", folder.resolve("projects/pom.xml").toString(), "package"));
        Ended ended = run(command).succeeded();
        assertThat(ended.output()).as("what Maven said").doesNotContain("[WARNING]");
    }

    private static String settings(Path... repositories) {
        StringBuilder lists = new StringBuilder();
        for (String kind : List.of("repository", "pluginRepository")) {
            StringBuilder list = new StringBuilder();
            for (int i = 0; i < repositories.length; i++) {
                String policy = "<enabled>true</enabled><checksumPolicy>ignore</checksumPolicy>";
                list.append("<" + kind + "><id>folder" + i + "</id><url>" + repositories[i].toUri() + "</url><releases>"
                        + policy + "</releases><snapshots>" + policy + "</snapshots></" + kind + ">\n");
            }
            String outer = kind.replaceAll("y$", "ies");
            lists.append("<" + outer + ">\n" + list + "</" + outer + ">\n");
        }
        return "<settings><profiles><profile><id>folders</id>\n" + lists
                + "</profile></profiles><activeProfiles><activeProfile>folders</activeProfile></activeProfiles></settings>";
    }

    /** Returns the jar of a project. */
    Path jar(String project) {
        return folder.resolve("projects").resolve(project).resolve("target").resolve(project + "-1.jar");
    }

    /** Returns the jar of a project and of all its dependencies, as a path of modules or classes. */
    String path(String project) throws IOException {
        List<String> entries = new ArrayList<>(List.of(jar(project).toString()));
        try (JarFile jar = new JarFile(jar(project).toFile())) {
            for (String uri :
                    jar.getManifest().getMainAttributes().getValue("Class-Path").split(" ")) {
                entries.add(Path.of(URI.create(uri)).toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Creates an image of this JDK's modules and the named ones. */
    Path image(String modulePath, String modules) throws IOException, InterruptedException {
        Path image = Files.createDirectories(folder.resolve("images")).resolve(modules);
        List<String> command = new ArrayList<>(List.of(tool("jlink"), "--add-modules", modules));
        command.addAll(List.of("--no-man-pages", "--no-header-files", "--output", image.toString()));
        if (modulePath != null) {
            command.addAll(List.of("--module-path", modulePath));
        }
        run(command).succeeded();
        return image;
    }

    void deleteImages() throws IOException {
        delete(folder.resolve("images"));
    }

    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    Ended run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        for (String flags : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "MAVEN_OPTS", "MAVEN_ARGS")) {
            builder.environment().remove(flags);
        }
        Process process = Watchdog.watch(builder.start(), Watchdog.LIMIT);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("does not end: " + output);
        }
        return new Ended(process.exitValue(), output);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
