package io.zerocopy.linux.internal.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Pointer;
import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another user puts a file in the place of a name before one chosen system call: the later calls affect the file that
 * the library made, or no file.
 */
class SwapTest {
    @TempDir
    Path folder;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private OpenFiles open;
    private Path target;
    private Path theirs;

    @BeforeEach
    void prepare() throws IOException {
        open = new DescriptorFiles(script.sys(), new LeaseCache(script.sys()), DescriptorChannel::own);
        target = folder.resolve("target");
        theirs = Files.writeString(folder.resolve("theirs"), "theirs");
        Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rw-r-----"));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Puts another user's file in the place of a name before a call, which is then made unchanged. */
    private void swapBefore(String call) {
        script.answer(call, arguments -> {
            Files.move(theirs, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return script.pass(call, arguments);
        });
    }

    private void letOthersWrite() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"futimens", "fchown", "fchmod"})
    void attributesGoToTheOpenFileAndNotToItsName(String call) throws Exception {
        Path source = Files.writeString(folder.resolve("source"), "source");
        Files.setAttribute(source, "unix:mode", 06711);
        Files.setLastModifiedTime(source, FileTime.fromMillis(1_000_000_000_000L));
        swapBefore(call);
        try (FileChannel from = FileChannel.open(source);
                FileChannel made = FileChannel.open(target, CREATE_NEW, READ, WRITE)) {
            open.copyAttributes(from, made, open.mode(from), true);
        }
        assertThat(script.isPlayed()).isTrue();
        assertThat(target).hasContent("theirs");
        assertThat((int) Files.getAttribute(target, "unix:mode") & 07777).isEqualTo(0640);
        assertThat(Files.getLastModifiedTime(target).toMillis()).isGreaterThan(1_000_000_000_000L);
    }

    /** The last check comes after the move to a folder that no other user can access. */
    @ParameterizedTest
    @ValueSource(strings = {"mkdirat", "renameat"})
    void whatIsRemovedIsWhatWasMade(String call) throws Exception {
        letOthersWrite();
        swapBefore(call);
        try (FileChannel made = FileChannel.open(target, CREATE_NEW, WRITE)) {
            made.write(ByteBuffer.allocate(10));
            open.remove(target, made);
        }
        assertThat(script.isPlayed()).isTrue();
        assertThat(target).hasContent("theirs");
        assertThat(names()).containsExactly("target");
    }

    @Test
    void whatWasMadeIsRemovedAndALinkOrAnotherFileIsNot() throws Exception {
        for (boolean others : new boolean[] {false, true}) {
            if (others) {
                letOthersWrite();
            }
            try (FileChannel made = FileChannel.open(target, CREATE_NEW, WRITE)) {
                open.remove(theirs, made);
                Path link = Files.createSymbolicLink(folder.resolve("link"), target);
                open.remove(link, made);
                assertThat(Files.isSymbolicLink(link)).isTrue();
                Files.delete(link);
                open.remove(target, made);
            }
            assertThat(names()).containsExactly("theirs");
        }
    }

    private void write(OpenFiles.Staged staged) throws IOException {
        staged.channel().write(ByteBuffer.wrap("whole".getBytes()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNameIsGivenToWhatWasWritten(boolean unnamed) throws Exception {
        letOthersWrite();
        for (boolean replace : new boolean[] {false, true}) {
            if (!unnamed) {
                script.answer("openat", arguments -> script.pass("openat", arguments)); // the folder
                script.answer("openat", -Errno.EOPNOTSUPP);
            }
            if (replace) {
                swapBefore("renameat");
            }
            try (OpenFiles.Staged staged = open.stage(target, 0640)) {
                write(staged);
                assertThat(names()).contains("theirs").doesNotContain("target");
                staged.publish(replace);
            }
            assertThat(target).hasContent("whole");
            assertThat(names()).doesNotContain(".zerocopy-");
            Files.delete(target);
            if (!Files.exists(theirs)) {
                Files.writeString(theirs, "theirs");
            }
        }
        assertThat(names()).containsExactly("theirs");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsThereIsNotReplacedUnlessAskedFor(boolean unnamed) throws Exception {
        Files.writeString(target, "old");
        if (!unnamed) {
            script.answer("openat", arguments -> script.pass("openat", arguments));
            script.answer("openat", -Errno.EOPNOTSUPP);
        }
        try (OpenFiles.Staged staged = open.stage(target, 0600)) {
            write(staged);
            assertThatThrownBy(() -> staged.publish(false)).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("target", "theirs");
    }

    /** A file system without links; and one that cannot be asked for a rename that replaces nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutLinksARenameThatReplacesNothingServes(boolean flag) throws Exception {
        script.answer("openat", arguments -> script.pass("openat", arguments));
        script.answer("openat", -Errno.EOPNOTSUPP);
        script.answer("linkat", -Errno.EPERM);
        if (!flag) {
            script.answer("renameat2", -Errno.EINVAL);
        }
        try (OpenFiles.Staged staged = open.stage(target, 0600)) {
            write(staged);
            staged.publish(false);
        }
        assertThat(script.isPlayed()).isTrue();
        assertThat(target).hasContent("whole");
        assertThat(names()).containsExactly("target", "theirs");
    }

    /** In the other user's folder, he puts his own folder in the place of the private one. */
    @Test
    void aPrivateFolderThatWasReplacedIsNotTrusted() throws Exception {
        assumeTrue(isRoot(), "only the superuser can make a folder of somebody else's");
        Files.writeString(target, "old");
        script.answer("linkat", arguments -> script.pass("linkat", arguments));
        script.answer("mkdirat", arguments -> {
            long made = script.pass("mkdirat", arguments);
            Path inner = inner();
            Files.move(inner, folder.resolve("away"));
            Files.createDirectory(
                    inner, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.setAttribute(inner, "unix:uid", 65534);
            return made;
        });
        script.answer("renameat", arguments -> {
            Path moved = inner().resolve(new Pointer((long) arguments[1]).getString(0));
            Files.move(theirs, moved, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return script.pass("renameat", arguments);
        });
        try (OpenFiles.Staged staged = open.stage(target, 0600)) {
            write(staged);
            assertThatThrownBy(() -> staged.publish(true))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("another file was put in the place");
        }
        assertThat(script.isPlayed()).isTrue();
        assertThat(target).hasContent("theirs");
    }

    private Path inner() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith(Folder.PREFIX))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void withoutTheRightToChangeTheOwnerNoSetIdBitsAreSet() throws Exception {
        Path source = Files.writeString(folder.resolve("source"), "source");
        Files.setAttribute(source, "unix:mode", 06755);
        script.answer("fchown", -Errno.EPERM);
        try (FileChannel from = FileChannel.open(source);
                FileChannel made = FileChannel.open(target, CREATE_NEW, WRITE)) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
            open.copyAttributes(from, made, open.mode(from), true);
        }
        assertThat((int) Files.getAttribute(target, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777)
                .isEqualTo(0600);
    }

    @Test
    void setIdBitsAreNotGivenToACopyThatBelongsToSomebodyElse() throws Exception {
        assumeTrue(isRoot(), "only the superuser can have a file of somebody else's");
        Path source = Files.writeString(folder.resolve("source"), "source");
        Files.setAttribute(source, "unix:uid", 65534);
        Files.setAttribute(source, "unix:mode", 07755);
        try (FileChannel from = FileChannel.open(source);
                FileChannel made = FileChannel.open(target, CREATE_NEW, WRITE)) {
            open.copyAttributes(from, made, open.mode(from), false);
            assertThat((int) Files.getAttribute(target, "unix:mode") & 07000).isEqualTo(01000);
            open.copyAttributes(from, made, open.mode(from), true);
            assertThat((int) Files.getAttribute(target, "unix:mode") & 07777).isEqualTo(07755);
            assertThat(Files.getAttribute(target, "unix:uid")).isEqualTo(65534);
        }
    }

    /** Only the owner, or only the group, is not enough. */
    @ParameterizedTest
    @ValueSource(strings = {"unix:uid", "unix:gid"})
    void setIdBitsAreNotGivenIfOnlyOneOfOwnerAndGroupIsTheSources(String other) throws Exception {
        assumeTrue(isRoot(), "only the superuser can have a file of somebody else's");
        Path source = Files.writeString(folder.resolve("source"), "source");
        Files.setAttribute(source, other, 65534);
        Files.setAttribute(source, "unix:mode", 06755);
        try (FileChannel from = FileChannel.open(source);
                FileChannel made = FileChannel.open(target, CREATE_NEW, WRITE)) {
            open.copyAttributes(from, made, open.mode(from), false);
        }
        assertThat((int) Files.getAttribute(target, "unix:mode") & 06000).isZero();
    }

    /** Bits that the source lost while it was read, because another process wrote to it, are not set on the copy. */
    @Test
    void setIdBitsThatTheSourceHasLostAreNotGiven() throws Exception {
        Path source = Files.writeString(folder.resolve("source"), "source");
        Files.setAttribute(source, "unix:mode", 04755);
        try (FileChannel from = FileChannel.open(source);
                FileChannel made = FileChannel.open(target, CREATE_NEW, WRITE)) {
            int mode = open.mode(from);
            Files.setAttribute(source, "unix:mode", 0755);
            open.copyAttributes(from, made, mode, true);
        }
        assertThat((int) Files.getAttribute(target, "unix:mode") & 07777).isEqualTo(0755);
    }

    @Test
    void namesAreTheBytesThatTheJdkHas() throws Exception {
        Path umlaut;
        try {
            umlaut = folder.resolve("\u00e4\u20ac %41");
        } catch (java.nio.file.InvalidPathException otherCharset) {
            umlaut = folder.resolve("a %41");
        }
        try (OpenFiles.Staged staged = open.stage(umlaut, 0600)) {
            write(staged);
            staged.publish(false);
        }
        assertThat(umlaut).hasContent("whole");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Path absent = folder.resolve("absent/file");
        assertThatThrownBy(() -> open.stage(absent, 0600))
                .isInstanceOf(java.nio.file.NoSuchFileException.class)
                .hasMessage(absent.toString());
    }
}
