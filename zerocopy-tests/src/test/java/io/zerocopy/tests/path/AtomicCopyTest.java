package io.zerocopy.tests.path;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.TransferException;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Mount;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A target appears complete or not at all, whatever happens to the copy or to its process. */
class AtomicCopyTest {
    private static final int SIZE = 3_000_001;

    private TestFixture fixture;
    private Path source;
    private Path directory;
    private Path target;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        source = fixture.file(SIZE);
        directory = Files.createDirectory(fixture.path("d"));
        target = directory.resolve("target");
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static List<Path> staged(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().startsWith(".zerocopy-"))
                    .toList();
        }
    }

    @Test
    void aNewFileAndOneInThePlaceOfAnother() throws Exception {
        Files.setLastModifiedTime(source, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(Transfers.copy(source, target, ATOMIC_MOVE).bytes()).isEqualTo(SIZE);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        Object inode = Files.getAttribute(target, "unix:ino");
        assertThatThrownBy(() -> Transfers.copy(source, target, ATOMIC_MOVE))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.getAttribute(target, "unix:ino")).isEqualTo(inode);
        Transfers.copy(source, target, ATOMIC_MOVE, REPLACE_EXISTING, COPY_ATTRIBUTES);
        assertThat(Files.getAttribute(target, "unix:ino")).isNotEqualTo(inode);
        assertThat(Files.getAttribute(target, "unix:nlink")).isEqualTo(1);
        assertThat(Files.getLastModifiedTime(target)).isEqualTo(Files.getLastModifiedTime(source));
        assertThat(staged(directory)).isEmpty();
    }

    @Test
    void aLinkIsReplacedAndWhatItNamesIsNot() throws Exception {
        Path other = Files.writeString(fixture.path("other"), "other");
        Files.createSymbolicLink(target, other);
        Transfers.copy(source, target, ATOMIC_MOVE, REPLACE_EXISTING);
        assertThat(Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(other).hasContent("other");
    }

    @Test
    void whatCannotBeReplacedAtOnceIsRefused() throws Exception {
        Files.createDirectory(target);
        CopyOption[] options = {ATOMIC_MOVE, REPLACE_EXISTING};
        assertThatThrownBy(() -> Transfers.copy(source, target, options))
                .isInstanceOf(AtomicMoveNotSupportedException.class);
        assertThatThrownBy(() -> Transfers.copy(source, Path.of("/dev/null"), options))
                .isInstanceOf(AtomicMoveNotSupportedException.class);
        Path file = Files.writeString(directory.resolve("file"), "mine");
        assertThatThrownBy(() -> Transfers.copy(target, file, options))
                .isInstanceOf(AtomicMoveNotSupportedException.class);
        assertThat(file).hasContent("mine");
        Path absent = directory.resolve("absent/file");
        assertThatThrownBy(() -> Transfers.copy(source, absent, ATOMIC_MOVE))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(absent.toString());
        Transfers.copy(target, directory.resolve("made"), ATOMIC_MOVE);
        assertThat(directory.resolve("made")).isEmptyDirectory();
        assertThat(staged(directory)).isEmpty();
    }

    @Test
    void aFullFileSystemLeavesTheOldFileAndNothingElse() throws Exception {
        try (Mount mount = Mount.tmpfs(fixture, "size=1m")) {
            Path full = Files.writeString(mount.path().resolve("t"), "old");
            assertThatThrownBy(() -> Transfers.copy(source, full, ATOMIC_MOVE, REPLACE_EXISTING))
                    .isInstanceOf(TransferException.class)
                    .hasMessageContaining("ENOSPC");
            assertThat(full).hasContent("old");
            assertThat(staged(mount.path())).isEmpty();
        }
    }

    /** More than a FIFO holds: when all of it is written, the copy has begun. */
    private static final byte[] MUCH = Content.PATTERN.bytes(0, 300_000);

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void aTargetThatAppearsMeanwhileIsNotReplaced(String disabled) throws Exception {
        Path fifo = fixture.fifo();
        Future<?> copy = fixture.peer(() -> {
            System.setProperty("zerocopy.disable", disabled);
            try {
                return Transfers.copy(fifo, target, ATOMIC_MOVE);
            } finally {
                System.clearProperty("zerocopy.disable");
            }
        });
        try (OutputStream feed = Files.newOutputStream(fifo)) {
            feed.write(MUCH);
            Files.writeString(target, "first");
        }
        assertThatThrownBy(() -> TestFixture.join(copy)).hasStackTraceContaining("FileAlreadyExistsException");
        assertThat(target).hasContent("first");
        assertThat(staged(directory)).isEmpty();
    }

    /** The child has half of the bytes and waits for the rest, which never comes. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void aProcessThatIsKilledInTheMiddleLeavesTheOldFileOrNone(String disabled) throws Exception {
        for (boolean existing : new boolean[] {true, false}) {
            Path fifo = fixture.fifo();
            Path into = existing ? Files.writeString(target, "old") : directory.resolve("none");
            Process child = new Child()
                    .option("-Dzerocopy.disable=" + disabled)
                    .start(Subject.class, fifo.toString(), into.toString());
            try (OutputStream feed = Files.newOutputStream(fifo)) {
                feed.write(MUCH);
                child.destroyForcibly().waitFor();
            }
            if (existing) {
                assertThat(into).hasContent("old");
            } else {
                assertThat(into).doesNotExist();
            }
            for (Path left : staged(directory)) {
                assertThat(disabled)
                        .as("with the native part it has no name: " + left)
                        .isEqualTo("native");
                TestFixture.run("rm", "-r", left.toString());
            }
        }
    }

    /** Copies one path to another in a separate process. */
    static final class Subject {
        private Subject() {}

        public static void main(String[] args) throws Exception {
            Transfers.copy(Path.of(args[0]), Path.of(args[1]), ATOMIC_MOVE, REPLACE_EXISTING);
        }
    }
}
