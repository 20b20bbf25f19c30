package io.zerocopy.tests.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.StraceLog;
import java.io.BufferedReader;
import java.io.InputStream;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The superuser copies set-id files of a user who is not in their group, and some of his own whose group the user is in.
 * The user writes to each copy as soon as he may open it. No copy has set-id bits and his bytes: a write after the bits
 * takes them away, and there must be no moment before. strace(1) makes the superuser wait before each change of a mode, so
 * that such a moment would be long.
 */
class OwnerAttackTest {
    private static final int[] MODES = {02755, 04755, 06755, 04775}; // the last is the superuser's
    private static final CopyOption[][] OPTIONS = {
        {},
        {StandardCopyOption.COPY_ATTRIBUTES},
        {StandardCopyOption.ATOMIC_MOVE},
        {StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.ATOMIC_MOVE},
    };
    private static final int CASES = 2 * MODES.length * OPTIONS.length;

    /** For each mode and choice of options 300 in the thorough run, half of them in his folder. */
    private static final int ROUNDS = CASES * (Boolean.getBoolean("zerocopy.tests.thorough") ? 150 : 2);

    private static final int SIZE = 30_000;

    private TestFixture fixture;
    private Path his;
    private Path ours;

    @BeforeEach
    void open() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only the superuser can be attacked so");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
        StraceLog.assumeInstalled();
        fixture = new TestFixture();
        Files.setPosixFilePermissions(fixture.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        his = Files.createDirectory(fixture.path("his")).toRealPath();
        ours = Files.createDirectory(fixture.path("ours")).toRealPath();
        for (int mode : MODES) {
            boolean superusers = mode == 04775;
            Path source = Files.write(his.resolve("source-" + mode), new byte[SIZE]);
            own(source, superusers ? 0 : Judge.ATTACKER, superusers ? Judge.ATTACKER : Judge.OTHER, mode);
        }
        own(his, Judge.ATTACKER, Judge.ATTACKER, 0755);
        own(ours, 0, Judge.ATTACKER, 02755); // new files in it get his group
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            TestFixture.run("rm", "-rf", his.toString(), ours.toString());
            fixture.close();
        }
    }

    private static void own(Path path, int user, int group, int mode) throws Exception {
        Files.setAttribute(path, "unix:uid", user);
        Files.setAttribute(path, "unix:gid", group);
        Files.setAttribute(path, "unix:mode", mode);
    }

    private Process attacker() throws Exception {
        Path script = fixture.path("owner.py");
        try (InputStream in = OwnerAttackTest.class.getResourceAsStream("owner.py")) {
            Files.copy(in, script);
        }
        return new ProcessBuilder(
                        "/usr/bin/python3", script.toString(), his.toString(), ours.toString(), "" + Judge.ATTACKER)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Has the superuser make all copies; answers how many of them the attacker has written to. */
    private int run(String disabled) throws Exception {
        String calls = "fchmod,chmod,fchmodat";
        Process attacker = attacker();
        try (BufferedReader says = attacker.inputReader()) {
            assertThat(says.readLine()).isEqualTo("ready");
            Child.Ended ended = new Child()
                    .under("sh", "-c", "umask 0; exec \"$@\"", "sh")
                    .under("strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null")
                    .under("-e", "trace=" + calls, "-e", "inject=" + calls + ":delay_enter=3000")
                    .option("-Dzerocopy.disable=" + disabled)
                    .run(Subject.class, "" + ROUNDS, his.toString(), ours.toString());
            assertThat(ended.output().lines())
                    .as(ended.output())
                    .last()
                    .asString()
                    .isEqualTo("done " + ROUNDS);
            Files.createFile(his.resolve("sync-end"));
            String written = says.readLine();
            assertThat(written).startsWith("written ");
            assertThat(attacker.waitFor()).isZero();
            return Integer.parseInt(written.substring("written ".length()));
        } finally {
            attacker.destroyForcibly().waitFor();
        }
    }

    private static List<Path> copies(Path folder) throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith("target-"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void noSetIdBitsAreGivenToBytesThatTheOwnerOrTheGroupHasWritten(String disabled) throws Exception {
        int written = run(disabled);
        List<String> findings = new ArrayList<>();
        for (Path folder : List.of(his, ours)) {
            List<Path> copies = copies(folder);
            assertThat(copies).hasSize(ROUNDS / 2);
            for (Path copy : copies) {
                int mode = (int) Files.getAttribute(copy, "unix:mode") & 07777;
                if (Files.size(copy) > SIZE && (mode & 06000) != 0) {
                    findings.add(copy + " has " + Integer.toOctalString(mode));
                }
            }
        }
        assertThat(findings).as("of %d that he has written to", written).isEmpty();
        assertThat(written).as("copies that he may write to").isGreaterThanOrEqualTo(ROUNDS / 4);
    }

    /** The superuser, who waits for that user after each copy. */
    static final class Subject {
        private Subject() {}

        public static void main(String[] args) throws Exception {
            int rounds = Integer.parseInt(args[0]);
            Path his = Path.of(args[1]);
            for (int i = 0; i < rounds; i++) {
                int mode = MODES[i % MODES.length];
                CopyOption[] options = OPTIONS[i / MODES.length % OPTIONS.length];
                Path folder = Path.of(args[i / (CASES / 2) % 2 == 0 ? 1 : 2]);
                Transfers.copy(his.resolve("source-" + mode), folder.resolve("target-" + i), options);
                AttackSubject.agree(his, i);
            }
            System.out.println("done " + rounds);
        }
    }
}
