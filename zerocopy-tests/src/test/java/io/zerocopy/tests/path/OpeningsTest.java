package io.zerocopy.tests.path;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.StraceLog;
import java.io.InputStream;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How the library passes names to the kernel, as strace shows it. Between a check of a name and the call that opens it,
 * another process may put a link in its place. So what the check has decided must also hold for the call.
 */
class OpeningsTest {
    private static final String CALLS =
            "openat,open,chmod,fchmod,fchmodat,?fchmodat2,chown,lchown,fchown,fchownat,unlink,utimensat,fsync,rename";

    private TestFixture fixture;
    private Path directory;
    private Path source;
    private Path target;
    private Path log;

    @BeforeEach
    void open() throws Exception {
        StraceLog.assumeInstalled();
        fixture = new TestFixture();
        directory = Files.createDirectory(fixture.path("d")).toRealPath();
        source = Files.writeString(directory.resolve("source"), "content");
        target = directory.resolve("target");
        log = fixture.path("log");
    }

    @AfterEach
    void close() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    /** Runs the subject under strace and returns the calls that name the directory. */
    private List<String> calls(List<String> more, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("strace", "-f", "--seccomp-bpf", "-y", "-qq", "-o", log.toString()));
        command.addAll(List.of("-e", "trace=" + CALLS));
        command.addAll(more);
        Child.Ended ended = new Child()
                .under(command.toArray(String[]::new))
                .option("-Djava.io.tmpdir=" + directory)
                .option("-Duser.home=" + directory)
                .option("-Djna.tmpdir=" + System.getProperty("java.io.tmpdir"))
                .run(Subject.class, arguments);
        assertThat(ended.output().lines()).as(ended.output()).last().asString().startsWith("ended");
        return StraceLog.read(log).stream()
                .map(StraceLog.Line::text)
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }

    private List<String> copied(CopyOption... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(source.toString(), target.toString()));
        Arrays.stream(options).map(Object::toString).forEach(arguments::add);
        return calls(List.of(), arguments.toArray(String[]::new));
    }

    private static List<String> naming(List<String> calls, String call, Path path) {
        return calls.stream()
                .filter(line -> line.startsWith(call) && line.contains("\"" + path))
                .toList();
    }

    @Test
    void aSourceThatIsNotToBeFollowedIsOpenedSo() throws Exception {
        assertThat(naming(copied(LinkOption.NOFOLLOW_LINKS, COPY_ATTRIBUTES), "open", source))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("O_NOFOLLOW"));
    }

    @Test
    void attributesAreGivenToTheOpenFileAndToNoName() throws Exception {
        for (int mode : new int[] {06640, 0640}) {
            Files.setAttribute(source, "unix:mode", mode);
            requireGivenToTheOpenFile(mode, COPY_ATTRIBUTES);
            requireGivenToTheOpenFile(mode, COPY_ATTRIBUTES, ATOMIC_MOVE);
        }
    }

    /**
     * A file with set-id bits has no name before it has these bits: until then, its new owner could write to it by its
     * name.
     */
    private void requireGivenToTheOpenFile(int mode, CopyOption... options) throws Exception {
        List<String> calls = copied(options);
        boolean named = options.length == 1 && mode == 0640;
        List<String> given = new ArrayList<>(List.of("utimensat", "fchown, 0, 0", "fchmod, 0640"));
        if (mode != 0640) {
            given.add("fchmod, 06640");
        }
        List<String> made = calls.stream()
                .filter(line -> line.matches(named ? "openat.*\"/.*/target\".*" : "openat.*, \"\\.\".*"))
                .toList();
        assertThat(made)
                .hasSize(1)
                .first()
                .asString()
                .contains(named ? "O_CREAT|O_EXCL" : "O_TMPFILE", named ? "0600" : "0640");
        assertThat(calls).noneMatch(line -> line.matches("(chmod|chown|lchown|fchmodat|fchownat|rename|unlink).*"));
        assertThat(calls)
                .filteredOn(line -> line.matches("(fchown|fchmod|utimensat).*"))
                .extracting(line -> line.replaceFirst("\\(\\d+<[^>]*>(\\(deleted\\))?", "")
                        .replaceFirst("(utimensat).*", "$1")
                        .replaceFirst("\\) += 0$", ""))
                .as("the owner before the permissions, which are meant for that owner; set-id bits last")
                .containsExactlyElementsOf(given);
        Files.delete(target);
    }

    @Test
    void aSpecialFileThatIsWrittenToIsNotFollowed() throws Exception {
        for (boolean device : new boolean[] {false, true}) {
            TestFixture.run(
                    device
                            ? new String[] {"mknod", target.toString(), "c", "1", "3"}
                            : new String[] {"mkfifo", target.toString()});
            Future<?> reader = device
                    ? null
                    : fixture.peer(() -> {
                        try (InputStream in = Files.newInputStream(target)) {
                            return in.readAllBytes();
                        }
                    });
            assertThat(naming(copied(REPLACE_EXISTING), "open", target))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("O_NOFOLLOW"));
            if (reader != null) {
                TestFixture.join(reader);
            }
            Files.delete(target);
        }
    }

    /** If others may write to the folder, a second opening by name could open a link that they have put there. */
    @Test
    void probesAreOpenedOnceAndHaveNoNameFromThenOn() throws Exception {
        List<String> calls = calls(List.of(), "capabilities");
        List<String> probes = naming(calls, "", directory.resolve(".zerocopy-probe"));
        List<String> opened = naming(probes, "open", directory);
        assertThat(opened)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("O_CREAT|O_EXCL", "0600"))
                .extracting(line -> line.replaceFirst("^[^\"]*\"([^\"]*)\".*", "$1"))
                .doesNotHaveDuplicates();
        assertThat(naming(probes, "unlink", directory)).hasSameSizeAs(opened);
        assertThat(directory.toFile().list()).containsExactly("source");
    }

    @Test
    void theNameThatIsBroughtToDiskIsThatOfWhatALinkLeadsTo() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.createSymbolicLink(target, other.resolve("file"));
        List<String> calls = calls(List.of(), "durable", source.toString(), target.toString());
        assertThat(calls)
                .anySatisfy(line -> assertThat(line).startsWith("fsync(").contains("<" + other + ">"));
    }

    @Test
    void attributesThatCannotBeGivenLeaveNoTarget() throws Exception {
        List<String> inject = List.of("-e", "inject=utimensat:error=EIO");
        calls(inject, source.toString(), target.toString(), COPY_ATTRIBUTES.toString());
        assertThat(Files.readString(log)).contains("(INJECTED)");
        assertThat(directory.toFile().list()).containsExactly("source");
    }

    /**
     * Like {@code Files.copy}: the copy has only the permissions that the umask allows, unless it also gets the owner.
     */
    @Test
    void withoutTheRightToChangeTheOwnerPermissionsStayAsCreated() throws Exception {
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path made = Files.copy(source, directory.resolve("made"));
        List<String> inject = List.of("-e", "inject=fchown:error=EPERM");
        calls(inject, source.toString(), target.toString(), COPY_ATTRIBUTES.toString());
        assertThat(Files.readString(log)).contains("(INJECTED)");
        assertThat(Files.getPosixFilePermissions(target))
                .isEqualTo(Files.getPosixFilePermissions(made))
                .isNotEqualTo(Files.getPosixFilePermissions(source));
    }

    /** One call in its own process. */
    static final class Subject {
        private Subject() {}

        public static void main(String[] args) {
            try {
                run(args);
                System.out.println("ended well");
            } catch (java.io.IOException e) {
                System.out.println("ended with " + e);
            }
        }

        private static void run(String... args) throws java.io.IOException {
            if (args[0].equals("capabilities")) {
                Transfers.capabilities().probe(Path.of(System.getProperty("java.io.tmpdir")));
                Transfers.capabilities().probe(Path.of(System.getProperty("user.home")));
            } else if (args[0].equals("durable")) {
                Transfers.from(Path.of(args[1]))
                        .to(Path.of(args[2]))
                        .durable()
                        .build()
                        .run();
            } else {
                List<CopyOption> options = new ArrayList<>();
                for (String name : List.of(args).subList(2, args.length)) {
                    options.add(
                            name.equals("NOFOLLOW_LINKS")
                                    ? LinkOption.NOFOLLOW_LINKS
                                    : StandardCopyOption.valueOf(name));
                }
                Transfers.copy(Path.of(args[0]), Path.of(args[1]), options.toArray(CopyOption[]::new));
            }
        }
    }
}
