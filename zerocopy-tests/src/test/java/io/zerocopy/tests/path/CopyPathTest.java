package io.zerocopy.tests.path;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code copy(Path, Path)} compared with {@code Files.copy}: the same files, the same exceptions. */
class CopyPathTest {
    private TestFixture fixture;
    private Path source;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        source = fixture.file(123_456);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void refusesAnExistingTargetAndLeavesIt() throws Exception {
        Path target = Files.writeString(fixture.path("t"), "mine");
        assertThatThrownBy(() -> Transfers.copy(source, target)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).hasContent("mine");
    }

    @Test
    void replacesWhenAskedTo() throws Exception {
        Path target = Files.writeString(fixture.path("t"), "mine");
        TransferResult result = Transfers.copy(source, target, REPLACE_EXISTING);
        assertThat(result.bytes()).isEqualTo(123_456);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void aSourceThatIsTheTargetIsLeftAlone() throws Exception {
        Path link = Files.createLink(fixture.path("hard"), source);
        assertThat(Transfers.copy(source, source).bytes()).isZero();
        assertThat(Transfers.copy(source, link, REPLACE_EXISTING).bytes()).isZero();
        assertThat(Files.size(source)).isEqualTo(123_456);
        assertThat(Files.isSameFile(source, link)).isTrue();
    }

    @Test
    void permissionsAreTheSourcesAndAttributesFollowWhenAskedFor() throws Exception {
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-----"));
        Files.setLastModifiedTime(source, FileTime.fromMillis(1_000_000_000_000L));
        Files.setAttribute(source, "user:colour", "green".getBytes());
        Path ours = fixture.path("ours");
        Path theirs = fixture.path("theirs");
        Transfers.copy(source, ours);
        Files.copy(source, theirs);
        assertThat(Files.getPosixFilePermissions(ours)).isEqualTo(Files.getPosixFilePermissions(theirs));
        Transfers.copy(source, ours, REPLACE_EXISTING, COPY_ATTRIBUTES);
        assertThat(Files.getLastModifiedTime(ours)).isEqualTo(Files.getLastModifiedTime(source));
        assertThat(Files.getPosixFilePermissions(ours)).isEqualTo(Files.getPosixFilePermissions(source));
        assertThat(Files.getOwner(ours)).isEqualTo(Files.getOwner(source));
        assertThat((byte[]) Files.getAttribute(ours, "user:colour")).isEqualTo("green".getBytes());
    }

    @Test
    void missingSourcesAndFullDirectoriesThrowWhatFilesCopyThrows() throws Exception {
        Path target = fixture.path("t");
        assertThatThrownBy(() -> Transfers.copy(fixture.path("absent"), target))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(target).doesNotExist();
        Path full = Files.createDirectory(fixture.path("full"));
        Files.writeString(full.resolve("x"), "x");
        assertThatThrownBy(() -> Transfers.copy(source, full, REPLACE_EXISTING))
                .isInstanceOf(DirectoryNotEmptyException.class);
        assertThatThrownBy(() -> Transfers.copy(source, target, UnknownOption.NONE))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Transfers.copy(source, target, (CopyOption) null))
                .isInstanceOf(NullPointerException.class);
        try (FileChannel in = FileChannel.open(source)) {
            assertThatThrownBy(() -> Transfers.copy(in, full)).isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> Transfers.copy(in, target, COPY_ATTRIBUTES))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> Transfers.copy(in, target, ATOMIC_MOVE))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    /** A FIFO must be opened to read its user attributes, and that would wait for a writer, which has gone. */
    @Test
    void theAttributesOfAFifoAreCopiedWithoutAnotherWriter() throws Exception {
        Path fifo = fixture.fifo();
        Files.setPosixFilePermissions(fifo, PosixFilePermissions.fromString("rw-r-----"));
        Path target = fixture.path("t");
        Future<?> copy = fixture.peer(() -> Transfers.copy(fifo, target, COPY_ATTRIBUTES));
        try (OutputStream out = Files.newOutputStream(fifo)) {
            out.write(new byte[100]);
        }
        TestFixture.join(copy);
        assertThat(target).hasSize(100);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-r-----");
    }

    private enum UnknownOption implements CopyOption {
        NONE
    }

    @ParameterizedTest
    @ValueSource(ints = {06755, 04711, 02770, 01666, 07777, 0640})
    void modesAreThoseThatFilesCopyGives(int mode) throws Exception {
        Files.setAttribute(source, "unix:mode", mode);
        Path empty = fixture.file(0);
        Files.setAttribute(empty, "unix:mode", mode);
        for (Path from : new Path[] {source, empty}) {
            for (CopyOption[] options : new CopyOption[][] {{}, {COPY_ATTRIBUTES}, {REPLACE_EXISTING}}) {
                Path theirs = Files.copy(from, fixture.path("theirs"), options);
                Path ours = fixture.path("ours");
                Transfers.copy(from, ours, options);
                assertThat(Files.getAttribute(ours, "unix:mode")).isEqualTo(Files.getAttribute(theirs, "unix:mode"));
                Path atomic = fixture.path("atomic");
                CopyOption[] more = Arrays.copyOf(options, options.length + 1);
                more[options.length] = ATOMIC_MOVE;
                Transfers.copy(from, atomic, more);
                assertThat(Files.getAttribute(atomic, "unix:mode")).isEqualTo(Files.getAttribute(theirs, "unix:mode"));
            }
        }
    }

    @Test
    void linksAndDirectoriesAreCopiedAsFilesCopyDoes() throws Exception {
        Path link = Files.createSymbolicLink(fixture.path("link"), source);
        Path followed = fixture.path("followed");
        Transfers.copy(link, followed);
        assertThat(Files.mismatch(source, followed)).isEqualTo(-1);
        Path kept = fixture.path("kept");
        Transfers.copy(link, kept, LinkOption.NOFOLLOW_LINKS);
        assertThat(Files.readSymbolicLink(kept)).isEqualTo(source);
        Path directory = Files.createDirectory(fixture.path("directory"));
        Path empty = fixture.path("empty");
        Transfers.copy(directory, empty);
        assertThat(empty).isEmptyDirectory();
        assertThatThrownBy(() ->
                        Transfers.from(directory).to(fixture.path("t")).build().run())
                .hasMessageContaining("Is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void theChannelOfADirectoryIsRefusedBeforeATargetIsTouched(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path target = Files.writeString(fixture.path("t"), "mine");
        try (FileChannel directory = FileChannel.open(fixture.directory())) {
            assertThatThrownBy(() -> Transfers.copy(directory, fixture.path("new")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("directory");
            assertThat(fixture.path("new")).doesNotExist();
            assertThatThrownBy(() -> Transfers.copy(directory, target, REPLACE_EXISTING))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(target).hasContent("mine");
        } finally {
            System.clearProperty("zerocopy.disable");
        }
    }

    @Test
    void aLinkToTheSourceIsReplacedByACopy() throws Exception {
        Path link = Files.createSymbolicLink(fixture.path("link"), source);
        Transfers.copy(source, link, REPLACE_EXISTING);
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(Files.mismatch(source, link)).isEqualTo(-1);
    }

    @Test
    void aDeviceIsWrittenToAndNeverReplaced() throws Exception {
        Path device = Path.of("/dev/null");
        Object before = Files.readAttributes(device, "unix:rdev,ino").toString();
        assertThatThrownBy(() -> Transfers.copy(source, device)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Transfers.copy(source, device, REPLACE_EXISTING).bytes()).isEqualTo(123_456);
        assertThat(Files.readAttributes(device, "unix:rdev,ino").toString()).isEqualTo(before);
    }

    @Test
    void otherFileSystemsOfTheJdkWork() throws Exception {
        Path zip = fixture.path("a.zip");
        try (FileSystem packed = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path inside = packed.getPath("/inside");
            assertThat(Transfers.copy(source, inside).bytes()).isEqualTo(123_456);
            Path back = fixture.path("back");
            assertThat(Transfers.copy(inside, back).bytes()).isEqualTo(123_456);
            assertThat(Files.mismatch(source, back)).isEqualTo(-1);
        }
    }

    @Test
    void channelsAreCopiedFromWhereTheyStand() throws Exception {
        Path target = fixture.path("t");
        try (FileChannel in = FileChannel.open(source)) {
            in.position(23_456);
            assertThat(Transfers.copy(in, target).bytes()).isEqualTo(100_000);
        }
        assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(23_456, 100_000));
    }
}
