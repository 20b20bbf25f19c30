package io.zerocopy.tests.packaging;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The top-level classes that each class uses, as {@code jdeps} reads them from class files. A nested class counts as
 * its outermost class. Annotations, constants and comments leave no trace in class files, so they are no arrows here.
 *
 * @param uses the classes that each class uses
 */
record ClassGraph(Map<String, Set<String>> uses) {
    private static final Pattern ARROW = Pattern.compile(" {3}(io\\.zerocopy\\.\\S+) +-> (\\S+) .*");

    /** Reads the modules of some classes, each from its jar or from its folder of classes. */
    static ClassGraph of(Path work, Class<?>... members) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("--multi-release", "base", "--ignore-missing-deps", "-verbose:class", "-filter:none"));
        for (Class<?> member : members) {
            Path place = placeOf(member);
            if (Files.isDirectory(place)) {
                copy(place, work);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(place)) {
                    copy(jar.getPath("/"), work);
                }
            }
        }
        arguments.add(work.toString());
        StringWriter out = new StringWriter();
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        int failed = jdeps.run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
        if (failed != 0) {
            throw new IOException("jdeps: " + out);
        }
        return new ClassGraph(parse(out.toString()));
    }

    private static Path placeOf(Class<?> member) {
        try {
            URI place =
                    member.getProtectionDomain().getCodeSource().getLocation().toURI();
            return Path.of(place);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Copies all classes to one folder, without their module descriptors: one jdeps then sees all modules at once. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> from.relativize(file).toString().startsWith("io"))
                    .forEach(file ->
                            copyFile(file, to.resolve(from.relativize(file).toString())));
        }
    }

    private static void copyFile(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Set<String>> parse(String report) {
        Map<String, Set<String>> uses = new TreeMap<>();
        report.lines().map(ARROW::matcher).filter(Matcher::matches).forEach(arrow -> {
            String from = outermost(arrow.group(1));
            String to = outermost(arrow.group(2));
            uses.computeIfAbsent(from, name -> new TreeSet<>());
            if (to.startsWith("io.zerocopy.") && !to.equals(from)) {
                uses.get(from).add(to);
            }
        });
        return uses;
    }

    private static String outermost(String name) {
        int dollar = name.indexOf('$');
        return dollar < 0 ? name : name.substring(0, dollar);
    }

    static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** Returns the classes of each package, without its package page. */
    Map<String, Set<String>> packages() {
        Map<String, Set<String>> packages = new TreeMap<>();
        uses.keySet().stream()
                .filter(name -> !name.endsWith(".package-info"))
                .forEach(name -> packages.computeIfAbsent(packageOf(name), key -> new TreeSet<>())
                        .add(name));
        return packages;
    }

    /** Returns the same graph of groups of classes: a function gives each class its group, for example its package. */
    ClassGraph grouped(UnaryOperator<String> group) {
        Map<String, Set<String>> grouped = new TreeMap<>();
        uses.forEach((from, targets) -> {
            Set<String> arrows = grouped.computeIfAbsent(group.apply(from), key -> new TreeSet<>());
            targets.stream()
                    .filter(uses::containsKey)
                    .map(group)
                    .filter(to -> !to.equals(group.apply(from)))
                    .forEach(arrows::add);
        });
        return new ClassGraph(grouped);
    }

    /** Returns sets of classes or groups in which each leads to all others, and so back to itself. */
    List<Set<String>> circles() {
        List<Set<String>> circles = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String start : uses.keySet()) {
            if (seen.add(start)) {
                Set<String> circle = new TreeSet<>(reachable(start));
                circle.removeIf(other -> !reachable(other).contains(start));
                seen.addAll(circle);
                if (!circle.isEmpty()) {
                    circles.add(circle);
                }
            }
        }
        return circles;
    }

    private Set<String> reachable(String start) {
        return from(start).keySet();
    }

    /** Returns all that can be reached from a start, each with its predecessor on a shortest way. */
    private Map<String, String> from(String start) {
        Map<String, String> before = new HashMap<>();
        Deque<String> next = new ArrayDeque<>(Set.of(start));
        while (!next.isEmpty()) {
            String name = next.removeFirst();
            for (String to : uses.getOrDefault(name, Set.of())) {
                if (before.putIfAbsent(to, name) == null) {
                    next.addLast(to);
                }
            }
        }
        return before;
    }

    /** Returns a shortest way from one to another, for the message of a test. */
    String way(String start, String end) {
        Map<String, String> before = from(start);
        StringBuilder way = new StringBuilder(end);
        String name = end;
        do {
            name = before.get(name);
            way.insert(0, name + " -> ");
        } while (!name.equals(start));
        return way.toString();
    }
}
