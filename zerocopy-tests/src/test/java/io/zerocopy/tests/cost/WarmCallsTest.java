package io.zerocopy.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.StraceLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts the system calls of one small transfer after the warm-up, including those of the JDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WarmCallsTest {
    /** System calls that the JVM makes for itself, in any program. */
    private static final Pattern OF_THE_JVM = Pattern.compile(
            "(futex|mmap|munmap|mprotect|madvise|brk|sched_yield|getrusage|rt_sig\\w+|restart_syscall|clock_\\w+)\\(.*"
                    + "|(---|\\+\\+\\+).*");

    private static final Pattern ON_A_DESCRIPTOR = Pattern.compile("\\w+\\((\\d+)[,)].*");
    private static final Pattern OPENED = Pattern.compile("open(at)?\\(.*\\) += (\\d+)");

    private final Map<String, List<String>> calls = new HashMap<>();

    @BeforeAll
    void trace(@TempDir Path directory) throws Exception {
        StraceLog.assumeInstalled();
        Path log = directory.resolve("strace");
        Child.Ended ended = new Child()
                .under("strace", "-f", "-qq", "-s", "128", "-o", log.toString())
                .run(WarmCallsSubject.class);
        assertThat(ended.code()).as(ended.output()).isZero();
        boolean withoutMounts = isBefore68();
        String item = null;
        String thread = null;
        for (StraceLog.Line line : StraceLog.read(log)) {
            int mark = line.text().indexOf(StraceSubject.MARK);
            if (mark >= 0) {
                String[] parts = line.text()
                        .substring(mark + StraceSubject.MARK.length())
                        .split("[/\"]");
                item = parts[1].equals("begin") ? parts[0] : null;
                thread = line.thread();
                calls.putIfAbsent(parts[0], new ArrayList<>());
            } else if (item != null
                    && line.thread().equals(thread)
                    && !OF_THE_JVM.matcher(line.text()).matches()
                    && !(withoutMounts && line.text().startsWith("fstatfs("))) {
                calls.get(item).add(line.text());
            }
        }
    }

    /** Kernels before 6.8 have no lasting ids for mounts, so the type of a file system is asked each time. */
    private static boolean isBefore68() {
        String[] version = System.getProperty("os.version").split("[^0-9]+");
        int major = Integer.parseInt(version[0]);
        return major < 6 || (major == 6 && Integer.parseInt(version[1]) < 8);
    }

    /**
     * <ul>
     *   <li>A range to a socket: read and write, or sendfile if the socket is held.
     *   <li>A channel from where it stands: as a range, by calls that move its position. One call more, a read that answers
     *       0, is the proof that the file has ended: a short answer may also be that of a full socket, of a page that
     *       cannot be read, or of a file system that remembers an older size.
     *   <li>A path: as a range, and open, statx and close. The size that statx has told bounds the copy.
     *   <li>A path to a path: both names are looked at, both files opened, looked at and closed; the flags of both are
     *       asked for, and the bytes copied.
     * </ul>
     */
    @ParameterizedTest
    @CsvSource({
        "range-socket, 2",
        "held-range-socket, 1",
        "copy-file-socket, 3",
        "held-copy-file-socket, 2",
        "copy-path-socket, 5",
        "held-copy-path-socket, 4",
        "copy-path-path, 11",
        "memory-socket, 1",
        "held-memory-socket, 1",
        "socket-file, 2",
        "held-socket-file, 2",
        "socket-socket, 2",
        "held-socket-socket, 2",
        "file-file-4096, 2",
        "file-file-1048576, 2",
        "file-file-whole, 2"
    })
    void aWarmTransferMakesNoMoreCallsThan(String row, int most) {
        assertThat(calls).containsKey(row);
        assertThat(calls.get(row)).hasSizeBetween(1, most);
    }

    /** Only calls that use the two files are counted, because the command is a process of its own with other calls. */
    @Test
    void aCopyOfAFewBytesMakesNoMoreCallsThanCp(@TempDir Path directory) throws Exception {
        Path source = Files.write(directory.resolve("source-of-cp"), new byte[6]);
        Path target = directory.resolve("target-of-cp");
        Path log = directory.resolve("log");
        Process cp = new ProcessBuilder(
                        "strace", "-f", "-qq", "-o", log.toString(), "cp", source.toString(), target.toString())
                .inheritIO()
                .start();
        assertThat(cp.waitFor(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(cp.exitValue()).isZero();
        List<String> theirs = new ArrayList<>();
        for (StraceLog.Line line : StraceLog.read(log)) {
            theirs.add(line.text());
        }
        List<String> onFiles = onFiles(theirs, Set.of(source.toString(), target.toString()));
        assertThat(onFiles).hasSizeGreaterThan(4);
        assertThat(calls.get("copy-path-path")).hasSizeBetween(1, onFiles.size());
    }

    private static List<String> onFiles(List<String> all, Set<String> names) {
        Set<String> descriptors = new HashSet<>();
        List<String> found = new ArrayList<>();
        for (String call : all) {
            boolean byName =
                    !call.startsWith("execve") && names.stream().anyMatch(name -> call.contains("\"" + name + "\""));
            Matcher on = ON_A_DESCRIPTOR.matcher(call);
            boolean byDescriptor = on.matches() && descriptors.contains(on.group(1));
            if (byName || byDescriptor) {
                found.add(call);
            }
            Matcher opened = OPENED.matcher(call);
            if (byName && opened.matches()) {
                descriptors.add(opened.group(2));
            } else if (byDescriptor && call.startsWith("close(")) {
                descriptors.remove(on.group(1));
            }
        }
        return found;
    }
}
