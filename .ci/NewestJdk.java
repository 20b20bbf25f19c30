import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints the compiler of the newest JDK at hand that knows Java 22, or nothing: {@code java NewestJdk.java [home]}. If a
 * home is given, only that one is looked at. Otherwise these are: the JDK that runs this, the variables JAVA_HOME and
 * JAVA_HOME_*, and the folders into which systems and installers put JDKs.
 */
final class NewestJdk {
    private static final int WANTED = 22;

    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"([^\"]+)\"");

    private static final List<String> FOLDERS = List.of(
            "/usr/lib/jvm",
            "/usr/java",
            "/opt/java",
            "/Library/Java/JavaVirtualMachines",
            "~/Library/Java/JavaVirtualMachines",
            "~/.sdkman/candidates/java",
            "~/.jdks",
            "C:/Program Files/Java",
            "C:/Program Files/Eclipse Adoptium");

    private record Jdk(Runtime.Version version, Path compiler) {}

    private NewestJdk() {}

    public static void main(String[] args) throws IOException {
        List<Path> homes = args.length > 0 && !args[0].isBlank() ? List.of(Path.of(args[0])) : atHand();
        List<Jdk> found = new ArrayList<>();
        for (Path home : homes) {
            Jdk jdk = look(home);
            if (jdk != null && jdk.version().feature() >= WANTED) {
                found.add(jdk);
            }
        }
        // Of equal versions the first one: the result depends on the machine alone, and not on the order of a folder.
        found.stream()
                .min(Comparator.comparing(Jdk::version).reversed().thenComparing(Jdk::compiler))
                .ifPresent(jdk -> System.out.print(jdk.compiler()));
    }

    private static List<Path> atHand() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        for (Map.Entry<String, String> variable : new TreeMap<>(System.getenv()).entrySet()) {
            if (variable.getKey().startsWith("JAVA_HOME") && !variable.getValue().isBlank()) {
                homes.add(Path.of(variable.getValue()));
            }
        }
        for (String name : FOLDERS) {
            Path folder = Path.of(name.replaceFirst("^~", Matcher.quoteReplacement(System.getProperty("user.home"))));
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
                    for (Path child : children) {
                        homes.add(child);
                        homes.add(child.resolve("Contents/Home"));
                    }
                }
            }
        }
        return homes;
    }

    private static Jdk look(Path home) throws IOException {
        Path release = home.resolve("release");
        Path compiler = home.resolve("bin").resolve(File.separatorChar == '\\' ? "javac.exe" : "javac");
        if (!Files.isReadable(release) || !Files.isExecutable(compiler)) {
            return null;
        }
        Matcher version = VERSION.matcher(Files.readString(release));
        return version.find() ? new Jdk(Runtime.Version.parse(version.group(1)), compiler.toRealPath()) : null;
    }
}
