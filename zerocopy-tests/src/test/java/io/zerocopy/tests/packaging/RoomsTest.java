package io.zerocopy.tests.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Transfers;
import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.nio.MappedFile;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the packages of the library, which are called rooms, and the directions in which they may use each other.
 *
 * <p>An exported package has two kinds of classes. <b>Entry classes</b> use internal packages: {@code Transfers} is
 * one. <b>Terms</b> do not: they are interfaces, values and exceptions, which all packages use. So an exported package
 * counts as two groups here, and these rules hold:
 *
 * <ul>
 *   <li>An internal package has fifteen files at most: its page and fourteen top-level classes.
 *   <li>No arrows lead in a circle through two groups; so no circle of classes leads through two packages.
 *   <li>No internal class uses an entry class.
 *   <li>No exported package has a public record: if a record gets a component, code that creates it breaks.
 * </ul>
 */
class RoomsTest {
    private static final int MOST_CLASSES = 14;
    private static final String ENTRY = " (entry classes)";

    @TempDir
    static Path classes;

    private static ClassGraph library;

    private static synchronized ClassGraph library() throws IOException {
        if (library == null) {
            library = ClassGraph.of(classes, Transfers.class, MappedFile.class, DescriptorChannel.class);
        }
        return library;
    }

    /** Returns the published classes of this module, and its tests. */
    private static List<ClassGraph> tests() throws IOException {
        return List.of(
                ClassGraph.of(Files.createDirectory(classes.resolve("main")), TestFixture.class),
                ClassGraph.of(Files.createDirectory(classes.resolve("test")), RoomsTest.class));
    }

    private static boolean isOfTests(String name) {
        return name.startsWith("io.zerocopy.tests.") && !name.contains(".jmh_generated.");
    }

    private static boolean isInternal(String name) {
        return name.matches("io\\.zerocopy(\\.nio|\\.linux)?\\.(internal|sys)\\..*");
    }

    private static boolean isEntry(ClassGraph graph, String name) {
        return !isInternal(name)
                && !isOfTests(name)
                && graph.uses().getOrDefault(name, Set.of()).stream().anyMatch(RoomsTest::isInternal);
    }

    private static String group(ClassGraph graph, String name) {
        return ClassGraph.packageOf(name) + (isEntry(graph, name) ? ENTRY : "");
    }

    private static List<String> tooLarge(ClassGraph graph) {
        List<String> found = new ArrayList<>();
        graph.packages().forEach((name, members) -> {
            if ((isInternal(name + ".") || isOfTests(name + ".")) && members.size() > MOST_CLASSES) {
                found.add(name + ": " + members.size() + " classes");
            }
        });
        return found;
    }

    /** Returns one shortest circle for each group of packages that lead to each other. */
    private static List<String> circlesOfPackages(ClassGraph graph) {
        ClassGraph groups = graph.grouped(name -> group(graph, name));
        return groups.circles().stream()
                .map(circle -> circle.iterator().next())
                .map(any -> groups.way(any, any))
                .toList();
    }

    /** Returns one shortest circle for each group of classes of several packages that lead to each other. */
    private static List<String> circlesOfClasses(ClassGraph graph) {
        List<String> found = new ArrayList<>();
        for (Set<String> circle : graph.circles()) {
            String any = circle.iterator().next();
            circle.stream()
                    .filter(other -> !ClassGraph.packageOf(other).equals(ClassGraph.packageOf(any)))
                    .findFirst()
                    .ifPresent(other -> found.add(graph.way(any, other) + " and " + graph.way(other, any)));
        }
        return found;
    }

    private static List<String> arrowsUp(ClassGraph graph) {
        List<String> found = new ArrayList<>();
        graph.uses()
                .forEach((from, targets) -> targets.stream()
                        .filter(to -> isInternal(from) && isEntry(graph, to))
                        .forEach(to -> found.add(from + " -> " + to)));
        return found;
    }

    @Test
    void areSmall() throws IOException {
        assertThat(tooLarge(library())).isEmpty();
    }

    @Test
    void haveNoCircles() throws IOException {
        assertThat(circlesOfPackages(library())).isEmpty();
    }

    @Test
    void haveNoCirclesOfClasses() throws IOException {
        assertThat(circlesOfClasses(library())).isEmpty();
    }

    @Test
    void doNotUseEntryClasses() throws IOException {
        assertThat(arrowsUp(library())).isEmpty();
    }

    /** Public records in exported packages that are complete by nature, each with the reason. There are none. */
    private static final Map<String, String> COMPLETE = Map.of();

    @Test
    void haveNoRecordsThatCannotGrow() throws Exception {
        List<String> found = new ArrayList<>();
        int looked = 0;
        for (Set<String> members : library().packages().values()) {
            for (String name : members) {
                if (!isInternal(name)) {
                    looked +=
                            publicRecords(Class.forName(name, false, getClass().getClassLoader()), found);
                }
            }
        }
        assertThat(looked).isGreaterThan(60);
        assertThat(found).containsExactlyInAnyOrderElementsOf(COMPLETE.keySet());
    }

    /** Adds the public records to the list, and returns the number of all classes. */
    private static int publicRecords(Class<?> type, List<String> found) {
        int looked = 1;
        if (type.isRecord() && Modifier.isPublic(type.getModifiers())) {
            found.add(type.getName());
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            looked += publicRecords(nested, found);
        }
        return looked;
    }

    /** The test finds a public record at any depth. */
    public record Sample(int component) {}

    @Test
    void recordsAreFound() {
        List<String> found = new ArrayList<>();
        publicRecords(RoomsTest.class, found);
        assertThat(found).containsExactly(Sample.class.getName());
    }

    @Test
    void areSmallAndHaveNoCirclesInTestsToo() throws IOException {
        for (ClassGraph graph : tests()) {
            assertThat(graph.packages()).hasSizeGreaterThan(10);
            assertThat(tooLarge(graph)).isEmpty();
            assertThat(circlesOfPackages(graph)).isEmpty();
        }
    }

    @Test
    void areReadWhole() throws IOException {
        Map<String, Set<String>> packages = library().packages();
        assertThat(packages)
                .containsKeys("io.zerocopy", "io.zerocopy.spi", "io.zerocopy.nio", "io.zerocopy.linux")
                .hasSizeGreaterThan(20);
        assertThat(library().uses().get("io.zerocopy.Transfers")).anyMatch(RoomsTest::isInternal);
    }

    /** Creates a graph from lines such as {@code Transfers -> internal.a.X}, all in {@code io.zerocopy}. */
    private static ClassGraph graph(String... arrows) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (String arrow : arrows) {
            List<String> ends = Arrays.stream(arrow.split(" -> "))
                    .map(name -> "io.zerocopy." + name)
                    .collect(Collectors.toList());
            ends.forEach(end -> uses.computeIfAbsent(end, key -> new TreeSet<>()));
            uses.get(ends.get(0)).add(ends.get(1));
        }
        return new ClassGraph(uses);
    }

    @Test
    void mayUseTerms() {
        ClassGraph good = graph(
                "Transfers -> internal.a.X",
                "internal.a.X -> Transfer",
                "internal.a.X -> internal.a.Y",
                "internal.a.Y -> internal.a.X");
        assertThat(circlesOfPackages(good)).isEmpty();
        assertThat(circlesOfClasses(good)).isEmpty();
        assertThat(arrowsUp(good)).isEmpty();
    }

    @Test
    void circlesAreFound() {
        ClassGraph bad =
                graph("internal.a.X -> internal.b.X", "internal.b.Y -> internal.c.X", "internal.c.Y -> internal.a.X");
        assertThat(circlesOfPackages(bad)).hasSize(1);
        assertThat(circlesOfClasses(bad)).isEmpty();
        assertThat(circlesOfClasses(graph("internal.a.X -> internal.b.X", "internal.b.X -> internal.a.X")))
                .hasSize(1);
    }

    @Test
    void arrowsUpAreFound() {
        ClassGraph bad = graph("Transfers -> internal.a.X", "internal.b.X -> Transfers");
        assertThat(arrowsUp(bad)).containsExactly("io.zerocopy.internal.b.X -> io.zerocopy.Transfers");
    }

    @Test
    void largePackagesAreFound() {
        String[] arrows = new String[MOST_CLASSES + 1];
        Arrays.setAll(arrows, i -> "internal.a.X" + i + " -> Transfer");
        assertThat(tooLarge(graph(arrows))).hasSize(1);
        assertThat(tooLarge(graph(Arrays.copyOf(arrows, MOST_CLASSES)))).isEmpty();
    }
}
