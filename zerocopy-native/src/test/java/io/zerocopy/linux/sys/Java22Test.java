package io.zerocopy.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the jar contains for JDK 22 and newer: each class of src/main/java22, whichever JDK builds the rest. */
class Java22Test {
    private static final Path SOURCES = Path.of("src/main/java22");

    private static final int CLASS_FILE_OF_22 = 44 + 22;

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void eachClassForJava22IsInTheJar() throws IOException {
        assumeFalse(Boolean.getBoolean("zerocopy.java22.missing"), "no JDK 22 or newer was found by the build");
        List<Path> sources = sources();
        assertThat(sources).isNotEmpty();
        for (Path source : sources) {
            String name = SOURCES.relativize(source).toString().replaceFirst("\\.java$", ".class");
            try (InputStream file = Syscalls.class.getResourceAsStream("/META-INF/versions/22/" + name)) {
                assertThat(file).as(name).isNotNull();
                DataInputStream data = new DataInputStream(file);
                assertThat(data.readInt()).as(name).isEqualTo(0xCAFEBABE);
                assertThat(data.readInt()).as(name).isEqualTo(CLASS_FILE_OF_22); // minor 0: no preview
            }
        }
    }
}
