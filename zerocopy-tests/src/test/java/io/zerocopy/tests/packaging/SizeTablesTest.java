package io.zerocopy.tests.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How many bytes something is for, or one call is asked for, stands in a table with its reason. Other sizes stand where they
 * are used if somebody else has set them.
 */
class SizeTablesTest {
    /** The folder above this module. */
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private static final Set<String> TABLES = Set.of("OrderTable", "StepTable", "BufferSizes", "CallSizes");

    /** The other classes that have a size, and what sets it. */
    private static final Map<String, String> FACTS = Map.ofEntries(
            Map.entry("TriedMover", "the largest block of a file system"),
            Map.entry("BufferPool", "how much memory may be idle"),
            Map.entry("MappedFile", "a part of a mapping that a buffer of the JDK can show"),
            Map.entry("MappedMemory", "the same"),
            Map.entry("MappedView", "an array that is filled at once, while a mapping is pinned"),
            Map.entry("MutableMappedView", "the same"),
            Map.entry("MapWriteMover", "the largest page of a processor"),
            Map.entry("SourceProbe", "what the kernel takes of a mapping at once"),
            Map.entry("ColdPages", "the largest page of a processor"),
            Map.entry("AlignedBlock", "more than the alignment of any device"),
            Map.entry("ReflinkStrategy", "blocks of file systems"),
            Map.entry("Extents", "a position that no file has"),
            Map.entry("C", "a flag"));

    private static final Pattern SIZE = Pattern.compile("\\b\\d+L? << [123]0\\b");
    private static final Pattern PROSE = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

    private static boolean hasSize(String source) {
        return SIZE.matcher(PROSE.matcher(source).replaceAll("")).find();
    }

    @Test
    void haveAllSizesButThoseThatAreFacts() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().matches(".*/zerocopy-(api|nio|native)/src/main/java.*\\.java")
                        && hasSize(Files.readString(file))) {
                    found.add(file.getFileName().toString().replace(".java", ""));
                }
            }
        }
        assertThat(found).containsAll(TABLES);
        found.removeAll(TABLES);
        assertThat(found).isEqualTo(FACTS.keySet());
    }

    @Test
    void aSizeIsFoundInCodeAlone() {
        assertThat(hasSize("private static final long CHUNK = 64 << 20;")).isTrue();
        assertThat(hasSize("/** file.allocate(1 << 20) */ int n; // 1 << 20")).isFalse();
    }
}
