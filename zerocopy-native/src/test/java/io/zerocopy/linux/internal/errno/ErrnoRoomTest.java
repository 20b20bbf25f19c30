package io.zerocopy.linux.internal.errno;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Only the errno room knows the meaning of an errno. The bindings name a few, because no caller sees them: EINTR, after
 * which they repeat a call, ENOSYS for a function that the C library does not have, and EMFILE and ENFILE if no
 * descriptor is left to link the binding. The test reads sources, because the compiler puts only the numbers into
 * classes.
 */
class ErrnoRoomTest {
    private static final Path SOURCES = Path.of("src");

    /** A named errno in code. */
    private static final Pattern NAMED = Pattern.compile("\\bErrno\\.(E[A-Z0-9]+)\\b|\\bimport static .*\\.Errno\\.");

    /** Comments and texts. */
    private static final Pattern PROSE =
            Pattern.compile("/\\*.*?\\*/|//[^\n]*|\"(\\\\.|[^\"\\\\\n])*\"", Pattern.DOTALL);

    /** A number that can only be an errno: it is compared with the result of a failed call. */
    private static final Pattern NUMBER = Pattern.compile("[!=]= -(?!1\\b)\\d+\\b");

    private static List<String> found(String source) {
        String code = PROSE.matcher(source).replaceAll("");
        return Stream.of(NAMED, NUMBER)
                .flatMap(pattern -> pattern.matcher(code).results())
                .map(result -> result.group())
                .collect(Collectors.toList());
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.getName(1).toString().startsWith("main")) // including that of later JDKs
                    .collect(Collectors.toList());
        }
    }

    private static boolean mayName(Path file) {
        String folder = file.getParent().toString();
        return folder.endsWith("io/zerocopy/linux/internal/errno")
                || folder.endsWith("io/zerocopy/linux/sys/bind")
                || file.endsWith("io/zerocopy/linux/sys/Errno.java");
    }

    @Test
    void noOtherRoomComparesErrnos() throws IOException {
        List<Path> all = sources();
        assertThat(all).hasSizeGreaterThan(100).anyMatch(file -> file.startsWith(SOURCES.resolve("main")));
        for (Path file : all) {
            if (!mayName(file)) {
                assertThat(found(Files.readString(file))).as("%s", file).isEmpty();
            }
        }
    }

    @Test
    void theBindingsNameOnlyWhatNoCallerSees() throws IOException {
        for (Path file : sources()) {
            if (file.getParent().endsWith("sys/bind")) {
                assertThat(found(Files.readString(file)))
                        .as("%s", file)
                        .isSubsetOf("Errno.EINTR", "Errno.ENOSYS", "Errno.EMFILE", "Errno.ENFILE");
            }
        }
    }

    @Test
    void aComparisonIsFoundAndProseIsNot() {
        assertThat(found("if (n == -Errno.EAGAIN) {")).containsExactly("Errno.EAGAIN");
        assertThat(found("case Errno.EIO, Errno.EINVAL -> true;")).hasSize(2);
        assertThat(found("import static io.zerocopy.linux.sys.Errno.EIO;")).hasSize(1);
        assertThat(found("return n == -11;")).hasSize(1);
        assertThat(found("/** {@link Errno.EIO} */ return \"Errno.EIO\"; // Errno.EIO\n n == -1;"))
                .isEmpty();
    }
}
