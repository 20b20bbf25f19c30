import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Reads the reports of one test run and fails where none ran, or one was skipped for a reason nobody expected:
 * {@code java CheckSkips.java expected-skips.txt report-directory...}.
 */
final class CheckSkips {
    private CheckSkips() {}

    /** A skipped test, printed as the patterns see it. */
    private record Skip(String test, String reason) {
        @Override
        public String toString() {
            return test + ": " + reason;
        }
    }

    public static void main(String[] args) throws Exception {
        List<Pattern> expected = patterns(Path.of(args[0]));
        DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        int tests = 0;
        int skipped = 0;
        int unexpected = 0;
        for (Path report : reports(List.of(args).subList(1, args.length))) {
            NodeList cases = parser.parse(report.toFile()).getElementsByTagName("testcase");
            tests += cases.getLength();
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                NodeList marks = test.getElementsByTagName("skipped");
                if (marks.getLength() == 0) {
                    continue;
                }
                skipped++;
                Skip skip = new Skip(name(test), reason((Element) marks.item(0)));
                if (expected.stream().noneMatch(p -> p.matcher(skip.toString()).find())) {
                    unexpected++;
                    System.out.println("unexpected skip: " + skip);
                }
            }
        }
        System.out.printf("%d tests, %d skipped, %d of these unexpected%n", tests, skipped, unexpected);
        if (tests == skipped) {
            System.out.println("no test ran");
        }
        System.exit(tests == skipped || unexpected > 0 ? 1 : 0);
    }

    private static List<Pattern> patterns(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Pattern::compile)
                    .collect(Collectors.toList());
        }
    }

    private static List<Path> reports(List<String> directories) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String directory : directories) {
            try (Stream<Path> files = Files.list(Path.of(directory))) {
                files.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml"))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static String name(Element test) {
        String method = test.getAttribute("name");
        String owner = test.getAttribute("classname");
        return method.isEmpty() ? owner : owner + "." + method;
    }

    /** A disabled test has its reason in an attribute, a failed assumption in the text, followed by the stack. */
    private static String reason(Element mark) {
        String said = mark.getAttribute("message");
        if (said.isEmpty()) {
            said = mark.getTextContent().strip().split("\n\\s*at ", 2)[0];
        }
        String reason = said.replaceAll("\\s+", " ")
                .replaceFirst("^org\\.opentest4j\\.TestAbortedException:? ?", "")
                .replaceFirst("^Assumption failed: ", "")
                .strip();
        return reason.isEmpty() ? "(no reason given)" : reason;
    }
}
