package io.zerocopy.tests.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.kit.Child;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** On the module path the modules are named modules, and find each other as services. */
class ModulePathTest {
    private static boolean ofTheLibrary(String entry) {
        return entry.matches(".*zerocopy-(api|nio|native)\\b.*") || entry.matches(".*(jna|agrona)-[0-9.]+jar");
    }

    @Test
    void theLibraryWorksFromTheModulePath() throws Exception {
        String modules = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(ModulePathTest::ofTheLibrary)
                .map(Path::of)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Child.Ended ended = new Child()
                .without(ModulePathTest::ofTheLibrary)
                .option("--module-path=" + modules)
                .option("--add-modules=io.zerocopy.linux")
                .run(DegradedSubject.class);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("all moved", "file-tcp SENDFILE", "tcp-file SPLICE");
    }
}
