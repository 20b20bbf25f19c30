package io.zerocopy.tests.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * The log of {@code strace -f -o}: one line per system call, in the order in which the calls returned.
 *
 * <p>strace splits the line of a call if another thread makes a call meanwhile: the first part ends with {@code
 * <unfinished ...>}, the rest follows later after {@code <... name resumed>}. Here they are one line again, so that no
 * test depends on what other threads of the JVM did. A call that never returned, because its process ended, is left
 * out.
 */
public final class StraceLog {
    private static final String UNFINISHED = "<unfinished ...>";
    private static final String RESUMED = " resumed>";

    private StraceLog() {}

    /** A call, such as {@code fchmod(3, 0640) = 0}, and the thread that made it. */
    public record Line(String thread, String text) {}

    /** Aborts the test if strace is not installed. */
    public static void assumeInstalled() throws InterruptedException {
        try {
            new ProcessBuilder("strace", "-V")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException absent) {
            Assumptions.abort("strace is not installed");
        }
    }

    public static List<Line> read(Path log) throws IOException {
        Map<String, String> begun = new HashMap<>();
        List<Line> lines = new ArrayList<>();
        for (String raw : Files.readAllLines(log)) {
            int space = raw.indexOf(' ');
            String thread = raw.substring(0, space);
            String text = raw.substring(space).strip();
            if (text.endsWith(UNFINISHED)) {
                begun.put(thread, text.substring(0, text.length() - UNFINISHED.length()));
                continue;
            }
            if (text.startsWith("<... ")) {
                String first = begun.remove(thread);
                text = (first == null ? "" : first.stripTrailing())
                        + text.substring(text.indexOf(RESUMED) + RESUMED.length());
            }
            lines.add(new Line(thread, text));
        }
        return lines;
    }
}
