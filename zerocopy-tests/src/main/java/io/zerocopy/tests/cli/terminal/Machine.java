package io.zerocopy.tests.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Describes the machine, on which the figures depend. */
public final class Machine {
    private Machine() {}

    /** Returns one line each for processors, kernel and Java. */
    public static List<String> describe() {
        return List.of(
                line("machine", Runtime.getRuntime().availableProcessors() + " × " + processor()),
                line("kernel", property("os.name") + " " + property("os.version") + ", " + property("os.arch")),
                line("java", Runtime.version() + ", " + property("java.vm.name") + ", " + property("java.vendor")));
    }

    private static String line(String name, String value) {
        return String.format("%-8s %s", name, value);
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(property("os.arch"));
        } catch (IOException notLinux) {
            return property("os.arch");
        }
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
