package io.zerocopy.tests.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The guide lists the files in which a mechanism of this library stands. For one mechanism, this is compared with the
 * sources: copy_file_range(2), which has something to say in all of them.
 */
class MechanismFilesTest {
    /** The folder above this module. */
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static final Pattern MENTION = Pattern.compile("(?i)copy_?file_?range");
    private static final Pattern PROSE =
            Pattern.compile("/\\*.*?\\*/|//[^\n]*|\"(\\\\.|[^\"\\\\\n])*\"", Pattern.DOTALL);

    /** The mechanism's own class, for which the guide names those that it extends, and the list of another module. */
    private static final String OWN = "CopyFileRangeStrategy";

    private static final Set<String> FORMS = Set.of("KernelStrategy", "KernelMover", "Strategy", "NioProvider");

    /** The classes in the first column of the guide's table. */
    private static Set<String> listed() throws IOException {
        String guide = Files.readString(ROOT.resolve("zerocopy-api/GUIDE.md"));
        String table = guide.substring(guide.indexOf("A mechanism of this library is in these files"));
        Set<String> classes = new TreeSet<>();
        for (String line : table.lines().filter(row -> row.startsWith("| ")).toList()) {
            Matcher name = Pattern.compile("`([A-Z]\\w+)`").matcher(line.split(" \\| ")[0]);
            while (name.find()) {
                classes.add(name.group(1));
            }
        }
        return classes;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().matches(".*/zerocopy-(api|nio|native)/src/main/java.*\\.java"))
                    .collect(Collectors.toList());
        }
    }

    private static String className(Path source) {
        return source.getFileName().toString().replace(".java", "");
    }

    private static boolean mentions(Path source) {
        try {
            String code = PROSE.matcher(Files.readString(source)).replaceAll("");
            return MENTION.matcher(code).find();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void areThoseOfTheGuide() throws IOException {
        Set<String> found = new TreeSet<>();
        sources().stream().filter(MechanismFilesTest::mentions).forEach(source -> found.add(className(source)));
        assertThat(found).contains(OWN);
        found.remove(OWN);
        Set<String> listed = listed();
        assertThat(listed).containsAll(Set.of("KernelStrategy", "KernelMover", "NioProvider"));
        listed.removeAll(FORMS);
        assertThat(found).isEqualTo(listed);
    }

    @Test
    void exist() throws IOException {
        List<String> classes =
                sources().stream().map(MechanismFilesTest::className).toList();
        assertThat(classes).hasSizeGreaterThan(200).containsAll(listed());
    }
}
