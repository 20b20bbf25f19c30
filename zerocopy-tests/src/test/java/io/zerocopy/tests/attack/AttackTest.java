package io.zerocopy.tests.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The superuser copies into, or from, the folder of an attacker. The attacker puts his own files, others' files, links
 * and FIFOs in the place of the names that he sees there, at every moment that inotify(7) shows. The result is checked
 * after the attacker has ended.
 */
class AttackTest {
    /** The source's time of last change; all other files have later times. */
    static final long OLD = 1_000_000_000_000L;

    /**
     * For each kind of file and choice of options, 300 rounds in the thorough run, else 18, spread over the moments.
     */
    private static final int ROUNDS = AttackSubject.CASES * (Boolean.getBoolean("zerocopy.tests.thorough") ? 50 : 3);

    private TestFixture fixture;
    private Path his;
    private Path ours;
    private Path secret;

    @BeforeEach
    void open() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only the superuser can be attacked so");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
        fixture = new TestFixture();
        Files.setPosixFilePermissions(fixture.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        his = Files.createDirectory(fixture.path("his")).toRealPath();
        ours = Files.createDirectory(fixture.path("ours")).toRealPath();
        secret = Files.writeString(fixture.path("secret"), Judge.SECRET);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        for (int i = 0; i < ROUNDS; i++) {
            Path other = Files.writeString(his.resolve("other-" + i), Judge.OTHERS_CONTENT);
            own(other, Judge.OTHER, 0640);
        }
        own(his, Judge.ATTACKER, 0755);
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            TestFixture.run("rm", "-rf", his.toString());
            fixture.close();
        }
    }

    private static void own(Path path, int user, int mode) throws IOException {
        Files.setAttribute(path, "unix:uid", user);
        Files.setAttribute(path, "unix:gid", user);
        Files.setAttribute(path, "unix:mode", mode);
    }

    private Process attacker(String mode) throws IOException {
        Path script = fixture.path("attacker.py");
        try (InputStream in = AttackTest.class.getResourceAsStream("attacker.py")) {
            Files.copy(in, script);
        }
        List<String> command = List.of(
                "/usr/bin/python3",
                script.toString(),
                mode,
                his.toString(),
                secret.toString(),
                "" + Judge.ATTACKER,
                "0",
                "" + ROUNDS);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Runs one attack; returns how many files the attacker has made. */
    private int run(String mode, String how, String disabled) throws Exception {
        Process attacker = attacker(mode);
        try (BufferedReader says = attacker.inputReader()) {
            assertThat(says.readLine()).isEqualTo("ready");
            Child.Ended ended = new Child()
                    .option("-Dzerocopy.disable=" + disabled)
                    .run(AttackSubject.class, how, "" + ROUNDS, his.toString(), ours.toString());
            assertThat(ended.output().lines())
                    .as(ended.output())
                    .last()
                    .asString()
                    .startsWith("done ");
            Files.createFile(his.resolve("sync-end"));
            String made = says.readLine();
            assertThat(made).startsWith("made ");
            assertThat(attacker.waitFor()).isZero();
            return Integer.parseInt(made.substring("made ".length()));
        } finally {
            attacker.destroyForcibly().waitFor();
        }
    }

    private void source() throws IOException {
        Path source = Files.writeString(ours.resolve("source"), "source".repeat(20_000));
        Files.setAttribute(source, "user:colour", "green".getBytes());
        own(source, Judge.OWNER, 06755);
        Files.setLastModifiedTime(source, FileTime.fromMillis(OLD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void nothingIsGivenToWhatTakesThePlaceOfATarget(String disabled) throws Exception {
        source();
        judgeTarget(run("target", "into", disabled));
    }

    @Test
    void filesCopyIsTheYardstick() throws Exception {
        source();
        judgeTarget(run("target", "files", ""));
    }

    private void judgeTarget(int made) throws IOException {
        Map<String, Object> before = Files.readAttributes(secret, "unix:mode,uid,ctime", LinkOption.NOFOLLOW_LINKS);
        Judge judge = new Judge().look(his);
        assertThat(judge.findings()).isEmpty();
        assertThat(judge.attackers()).as("files of the attacker").isEqualTo(made);
        assertThat(judge.others()).as("files of others").isEqualTo(ROUNDS);
        assertThat(secret).hasContent(Judge.SECRET);
        assertThat(before).containsEntry("uid", 0).containsEntry("mode", 0100600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void nothingIsTakenFromWhatTakesThePlaceOfASource(String disabled) throws Exception {
        Files.setAttribute(secret, "unix:mode", 06700);
        run("source", "from", disabled);
        assertThat(new Judge().look(ours).findings()).isEmpty();
        assertThat(Files.list(ours)).hasSizeGreaterThan(ROUNDS / 2);
    }
}
