package io.zerocopy.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Transfers;
import io.zerocopy.tests.kit.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tool's {@code copy SOURCE TARGET} as a process: which classes it loads, and what it hands on to the parser. */
class PlainCopyTest {
    /** The library's own and the tool's: 143. */
    private static final int MOST_OWN_CLASSES = 162;

    @TempDir
    private Path folder;

    private Child.Ended copy(String... names) throws Exception {
        String native24 = Runtime.version().feature() >= 24 ? "--enable-native-access=ALL-UNNAMED" : "-Dnot=needed";
        String[] args = new String[names.length + 1];
        args[0] = "copy";
        System.arraycopy(names, 0, args, 1, names.length);
        return new Child().option(native24).option("-Xlog:class+load").run(Main.class, args);
    }

    private static List<String> classes(Child.Ended ended) {
        return ended.output().lines().filter(line -> line.contains(" source: ")).toList();
    }

    @Test
    void loadsNoParserAndWithoutATerminalNoBar() throws Exception {
        Path source = Files.write(folder.resolve("source"), new byte[] {1, 2, 3, 4, 5, 6});
        Path target = folder.resolve("target");
        Child.Ended ended = copy(source.toString(), target.toString());
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(target).hasSameBinaryContentAs(source);
        assertThat(ended.output()).contains("6 bytes by ");
        List<String> loaded = classes(ended);
        for (String part :
                List.of(" picocli.", " me.tongfei.", " org.jline.", " io.zerocopy.tests.cli.terminal.Bar ")) {
            assertThat(loaded).as(part).noneMatch(line -> line.contains(part));
        }
        if (Transfers.class.getResource("Transfers.class").getProtocol().equals("jar")) {
            assertThat(loaded.stream().filter(line -> line.contains(" io.zerocopy.") && !line.contains("$$Lambda")))
                    .hasSizeLessThanOrEqualTo(MOST_OWN_CLASSES);
        }
    }

    @Test
    void anOptionAnAddressAndAWrongUseAreForTheParser() throws Exception {
        Path source = Files.write(folder.resolve("source"), new byte[] {1, 2, 3, 4, 5, 6});
        Path target = folder.resolve("target");
        for (List<String> args : List.of(
                List.of(source.toString(), target.toString(), "--durable"),
                List.of("unix:" + folder.resolve("nobody"), target.toString()),
                List.of(source.toString()),
                List.of(source.toString(), "--help"),
                List.of(source.toString(), ""))) {
            Child.Ended ended = copy(args.toArray(String[]::new));
            assertThat(classes(ended)).as("%s", args).anyMatch(line -> line.contains(" picocli."));
        }
        assertThat(target).hasSameBinaryContentAs(source);
    }

    @Test
    void aFailureIsOneLineAndAnExitCode() throws Exception {
        Child.Ended ended =
                copy(folder.resolve("none").toString(), folder.resolve("target").toString());
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("zerocopy: no such file: " + folder.resolve("none"));
    }
}
