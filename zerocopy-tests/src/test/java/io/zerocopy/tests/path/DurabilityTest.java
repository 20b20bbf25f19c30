package io.zerocopy.tests.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.TransferException;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.StraceLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Data, size and name reach the disk: checks the system calls, and what happens if they fail, which strace makes them
 * do.
 */
@Tag("thorough")
class DurabilityTest {
    private static final int SIZE = 300_001;

    private TestFixture fixture;
    private Path source;
    private Path directory;
    private Path target;
    private Path log;

    @BeforeEach
    void open() throws Exception {
        StraceLog.assumeInstalled();
        fixture = new TestFixture();
        source = fixture.file(SIZE);
        directory = Files.createDirectory(fixture.path("d")).toRealPath();
        target = directory.resolve("target");
        log = fixture.path("log");
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** Runs the subject under strace and returns what it printed last. */
    private String run(String how, String... strace) throws Exception {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-y", "-qq", "-o", log.toString()));
        command.addAll(Arrays.asList(strace));
        Child.Ended ended = new Child()
                .under(command.toArray(String[]::new))
                .run(Subject.class, how, source.toString(), target.toString());
        List<String> lines = ended.output().lines().toList();
        assertThat(lines).as("code " + ended.code()).isNotEmpty();
        return lines.get(lines.size() - 1);
    }

    /** Calls of the log that succeeded and name the directory, in order, such as {@code fsync target}. */
    private List<String> calls() throws Exception {
        List<String> calls = new ArrayList<>();
        for (StraceLog.Line one : StraceLog.read(log)) {
            String line = one.text();
            if (!line.contains(directory.toString()) || !line.endsWith(" = 0")) {
                continue;
            }
            String call = line.replaceFirst("\\(.*", "");
            boolean staged = line.contains(".zerocopy-") || line.contains("/#"); // a file without a name in /proc
            String name = staged ? "staged" : line.contains("/target") ? "target" : "directory";
            calls.add(call + " " + name);
        }
        return calls;
    }

    @Test
    void fileAndDirectoryAreSynced() throws Exception {
        assertThat(run("durable", "-e", "trace=fsync,close")).isEqualTo("moved " + SIZE);
        assertThat(calls())
                .containsSubsequence("fsync target", "fsync directory")
                .contains("close target");
        assertThat(run("plain", "-e", "trace=fsync,close")).isEqualTo("moved " + SIZE);
        assertThat(calls()).contains("close target").noneMatch(call -> call.startsWith("fsync"));
    }

    @Test
    void anAtomicCopyIsOnDiskBeforeItHasItsName() throws Exception {
        String trace = "trace=fsync,linkat,renameat,unlinkat";
        assertThat(run("atomic", "-e", trace)).isEqualTo("moved " + SIZE);
        assertThat(calls()).containsExactly("fsync staged", "linkat directory");
        assertThat(run("atomic-replace", "-e", trace)).isEqualTo("moved " + SIZE);
        assertThat(calls()).containsExactly("fsync staged", "linkat staged", "renameat staged", "unlinkat staged");
    }

    @ParameterizedTest
    @CsvSource({
        "durable, fsync, target",
        "durable, fsync, .",
        "durable, close, target",
        "plain, close, target",
        "copy, close, target"
    })
    void anErrorOfTheDiskFailsTheTransfer(String how, String call, String name) throws Exception {
        String said = run(
                how,
                "-P",
                directory.resolve(name).normalize().toString(),
                "-e",
                "trace=" + call,
                "-e",
                "inject=" + call + ":error=EIO:when=1");
        assertThat(said).startsWith("failed").contains(name.equals(".") || call.equals("close") ? "" : "fsync: EIO");
        assertThat(Files.readString(log)).contains("(INJECTED)");
        if (how.equals("copy")) {
            assertThat(target).doesNotExist();
        } else {
            assertThat(said).startsWith("failed after " + SIZE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "atomic, fsync",
        "atomic, linkat",
        "atomic-replace, fsync",
        "atomic-replace, renameat",
        "atomic-replace, mkdirat"
    })
    void aRefusalBeforeTheNameIsGivenLeavesWhatWasThere(String how, String call) throws Exception {
        boolean replace = how.equals("atomic-replace");
        if (replace) {
            Files.writeString(target, "old");
        }
        String inject = "inject=" + call + ":error=EIO:when=1";
        String said = run(how, "-e", "trace=" + call, "-e", inject);
        assertThat(said).startsWith("failed");
        try (Stream<Path> files = Files.list(directory)) {
            if (replace) {
                assertThat(files).containsExactly(target);
                assertThat(target).hasContent("old");
            } else {
                assertThat(files).isEmpty();
            }
        }
    }

    /** One transfer in a separate process. */
    static final class Subject {
        private Subject() {}

        public static void main(String[] args) {
            Path source = Path.of(args[1]);
            Path target = Path.of(args[2]);
            try {
                long bytes = move(args[0], source, target);
                System.out.println("moved " + bytes);
            } catch (TransferException e) {
                System.out.println("failed after " + e.transferred() + ": " + e.getMessage());
            } catch (java.io.IOException e) {
                System.out.println("failed: " + e);
            }
        }

        private static long move(String how, Path source, Path target) throws java.io.IOException {
            switch (how) {
                case "durable":
                    return Transfers.from(source)
                            .to(target)
                            .durable()
                            .build()
                            .run()
                            .bytes();
                case "plain":
                    return Transfers.from(source).to(target).build().run().bytes();
                case "atomic":
                    return Transfers.copy(source, target, StandardCopyOption.ATOMIC_MOVE)
                            .bytes();
                case "atomic-replace":
                    return Transfers.copy(
                                    source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
                            .bytes();
                default:
                    return Transfers.copy(source, target).bytes();
            }
        }
    }
}
