package io.zerocopy.tests.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Projects that declare one dependency and give the JVM no flag. With {@code zerocopy-native} the kernel moves the
 * bytes. With {@code zerocopy-nio} the JDK moves them; on a blocking socket it uses mapped writes, because a thread in
 * {@code transferTo} could not be woken. The projects run from the class path, from the module path and in images.
 */
@Tag("thorough")
class SampleProjectsTest {
    private static Samples samples;

    @BeforeAll
    static void buildSamples() throws Exception {
        samples = Samples.build();
    }

    @AfterAll
    static void deleteImages() throws Exception {
        if (samples != null) {
            samples.deleteImages();
        }
    }

    private static void moves(Samples.Ended ended, String sent, String received, boolean modules) {
        List<String> lines = ended.succeeded()
                .output()
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("WARNING: ")) // JDK 24 and newer; see the last test
                .toList();
        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "sent by " + sent,
                        "received by " + received,
                        "same bytes: true",
                        "module: " + modules + " " + modules);
    }

    private static Samples.Ended java(Path image, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(
                image == null ? Samples.tool("java") : image.resolve("bin/java").toString());
        command.addAll(List.of(arguments));
        return samples.run(command);
    }

    @Test
    void nativeOnTheClassPath() throws Exception {
        moves(java(null, "-jar", samples.jar("native-classpath").toString()), "SENDFILE", "SPLICE", false);
    }

    @Test
    void nativeOnTheClassPathOfAnImageWithoutFlightRecorder() throws Exception {
        Path image = samples.image(null, "java.base,java.logging");
        assertThat(java(image, "--list-modules").output()).doesNotContain("jdk.jfr");
        moves(java(image, "-jar", samples.jar("native-classpath").toString()), "SENDFILE", "SPLICE", false);
    }

    @Test
    void nativeAsAModule() throws Exception {
        Samples.Ended ended = java(null, "-p", samples.path("native-module"), "-m", "sample.module/sample.Main");
        moves(ended, "SENDFILE", "SPLICE", true);
    }

    /** JNA's usual jar is an automatic module: it cannot be linked, but an image can have it on its module path. */
    @Test
    void nativeAsAModuleOfAnImageOfTheJdksModules() throws Exception {
        Path image = samples.image(null, "java.base,java.logging,jdk.jfr");
        Samples.Ended ended = java(image, "-p", samples.path("native-module"), "-m", "sample.module/sample.Main");
        moves(ended, "SENDFILE", "SPLICE", true);
    }

    @Test
    void nativeLinkedIntoAnImageWithTheModularJarOfJna() throws Exception {
        Path image = samples.image(samples.path("native-linked"), "sample.linked");
        assertThat(java(image, "--list-modules").output()).contains("io.zerocopy.linux", "com.sun.jna");
        moves(java(image, "-m", "sample.linked/sample.Main"), "SENDFILE", "SPLICE", true);
    }

    @Test
    void nioOnTheClassPathWithoutJna() throws Exception {
        assertThat(samples.path("nio")).doesNotContain("jna", "zerocopy-native");
        moves(java(null, "-jar", samples.jar("nio").toString()), "MMAP_WRITE", "READ_WRITE", false);
    }

    @Test
    void nioAsAModule() throws Exception {
        Samples.Ended ended = java(null, "-p", samples.path("nio"), "-m", "sample.nio/sample.Main");
        moves(ended, "MMAP_WRITE", "READ_WRITE", true);
    }

    @Test
    void nioLinkedIntoAnImage() throws Exception {
        Path image = samples.image(samples.path("nio"), "sample.nio");
        moves(java(image, "-m", "sample.nio/sample.Main"), "MMAP_WRITE", "READ_WRITE", true);
    }

    @Test
    void noWarningButThatOfJna() throws Exception {
        String output =
                java(null, "-jar", samples.jar("native-classpath").toString()).output();
        List<String> warnings =
                output.lines().filter(line -> line.startsWith("WARNING: ")).toList();
        if (Runtime.version().feature() < 24) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).hasSize(4).anyMatch(line -> line.contains("com.sun.jna.Native"));
        }
        assertThat(java(
                                null,
                                "--enable-native-access=ALL-UNNAMED",
                                "-jar",
                                samples.jar("native-classpath").toString())
                        .output())
                .doesNotContain("WARNING");
    }
}
