package io.zerocopy.tests.path;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a copy removes or replaces if a folder on the way, or the name, comes to stand for something else meanwhile: nothing.
 * A FIFO as the source makes the copy wait, after its look at the target, for as long as it takes to do that.
 */
class ReplacedNameTest {
    private TestFixture fixture;
    private Path fifo;
    private Path folder; // of the target, whose name can be changed
    private Path away; // where that goes
    private Path others; // where it is led to
    private Path target;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        fifo = fixture.fifo();
        folder = Files.createDirectory(fixture.path("folder"));
        others = Files.createDirectory(fixture.path("others"));
        away = fixture.path("away");
        target = folder.resolve("target");
    }

    @AfterEach
    void close() throws Exception {
        System.clearProperty("zerocopy.disable");
        fixture.close();
    }

    private void leadElsewhere() throws Exception {
        Files.move(folder, away);
        Files.createSymbolicLink(folder, others);
    }

    /** Starts a copy of the FIFO, and returns when it waits for the other end, and has seen the target. */
    private Future<?> copyThatHasSeenTheTarget() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<?> copy = fixture.peer(() -> {
            thread.set(Thread.currentThread());
            return Transfers.copy(fifo, target, REPLACE_EXISTING);
        });
        TestFixture.until("the source is opened", () -> {
            Thread copier = thread.get();
            for (StackTraceElement frame : copier == null ? new StackTraceElement[0] : copier.getStackTrace()) {
                if (frame.getMethodName().equals("opened")
                        && frame.getClassName().endsWith(".CopySource")) {
                    return true;
                }
            }
            return false;
        });
        return copy;
    }

    private void requireReplaced(Future<?> copy) throws Exception {
        try (OutputStream out = Files.newOutputStream(fifo)) {
            out.write(1); // the native part waits for a byte, not for a writer
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("Broken pipe"); // the copy has failed already
        }
        assertThatThrownBy(() -> TestFixture.join(copy))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(target + ": another file took its place meanwhile");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void nothingIsRemovedFromTheFolderThatTookThePlaceOfTheTargets(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Files.writeString(target, "old");
        Path lock = Files.writeString(others.resolve("target"), "others'");
        Future<?> copy = copyThatHasSeenTheTarget();
        leadElsewhere();
        requireReplaced(copy);
        assertThat(lock).hasContent("others'");
        assertThat(away.resolve("target")).hasContent("old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void aFileThatTookTheNameOfTheOneThatWasSeenStays(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Files.writeString(target, "old");
        Path theirs = Files.writeString(folder.resolve("theirs"), "theirs");
        Future<?> copy = copyThatHasSeenTheTarget();
        Files.move(theirs, target, REPLACE_EXISTING);
        requireReplaced(copy);
        assertThat(target).hasContent("theirs");
    }

    /** Where a link by the whole path fails, a rename in the open folder must not replace what is there. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void whatAppearsIsNotReplacedIfThePathLeadsElsewhereAtTheEnd(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Future<?> copy = fixture.peer(() -> Transfers.copy(fifo, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE));
        try (OutputStream out = Files.newOutputStream(fifo)) {
            out.write(new byte[1 << 20]); // more than a FIFO holds, so that the copy reads by now
            Files.writeString(target, "theirs");
            leadElsewhere();
        }
        assertThatThrownBy(() -> TestFixture.join(copy)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(away.resolve("target")).hasContent("theirs");
        assertThat(others).isEmptyDirectory();
    }

    /** Each kind of thing that can be replaced, by both kinds of copies, and what the failures say. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void filesLinksAndEmptyFoldersAreReplaced(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path source = Files.writeString(fixture.path("source"), "new");
        Path kept = Files.writeString(fixture.path("kept"), "kept");
        for (String kind : new String[] {"file", "link", "folder"}) {
            for (boolean channel : new boolean[] {false, true}) {
                switch (kind) {
                    case "file" -> Files.writeString(target, "old");
                    case "link" -> Files.createSymbolicLink(target, kept);
                    default -> Files.createDirectory(target);
                }
                replace(source, channel);
                assertThat(Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS))
                        .isTrue();
                assertThat(target).hasContent("new");
                Files.delete(target);
            }
        }
        assertThat(kept).hasContent("kept");
        Files.createDirectories(target.resolve("inner"));
        for (boolean channel : new boolean[] {false, true}) {
            assertThatThrownBy(() -> replace(source, channel))
                    .isInstanceOf(DirectoryNotEmptyException.class)
                    .hasMessage(target.toString());
        }
    }

    private void replace(Path source, boolean channel) throws Exception {
        if (!channel) {
            Transfers.copy(source, target, REPLACE_EXISTING);
            return;
        }
        try (FileChannel from = FileChannel.open(source)) {
            Transfers.copy(from, target, REPLACE_EXISTING);
        }
    }

    @Test
    void noDescriptorOfTheFolderStaysOpen() throws Exception {
        Path source = Files.writeString(fixture.path("source"), "new");
        Files.writeString(target, "old");
        replace(source, false);
        replace(source, true);
        long before = TestFixture.descriptors();
        for (int i = 0; i < 20; i++) {
            replace(source, false);
            replace(source, true);
        }
        assertThat(TestFixture.descriptors()).isLessThanOrEqualTo(before);
    }
}
