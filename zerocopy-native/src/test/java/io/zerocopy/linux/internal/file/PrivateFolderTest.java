package io.zerocopy.linux.internal.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another folder takes the name of a private folder before it is opened; and what remains of a private folder. */
class PrivateFolderTest {
    @TempDir
    Path folder;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private OpenFiles open;
    private Path target;

    @BeforeEach
    void prepare() throws IOException {
        open = new DescriptorFiles(script.sys(), new LeaseCache(script.sys()), DescriptorChannel::own);
        target = folder.resolve("target");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private Path inner() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith(Folder.PREFIX))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Like a superuser's folder inside a user's folder: the user may rename it, but cannot change its content. */
    private void putOlderFolder() throws IOException {
        Path older = Files.createDirectory(
                folder.resolve("older"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String name : List.of("file", "removed", "target")) {
            Files.writeString(older.resolve(name), "older");
        }
        script.answer("mkdirat", arguments -> {
            long made = script.pass("mkdirat", arguments);
            Path inner = inner();
            Files.move(inner, folder.resolve("away"));
            Files.move(older, inner);
            return made;
        });
    }

    private void requireOlderFolder() throws IOException {
        assertThat(script.isPlayed()).isTrue();
        try (Stream<Path> all = Files.list(inner())) {
            assertThat(all.toList())
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(file).hasContent("older"));
        }
    }

    @Test
    void nothingIsReplacedInAFolderThatTookThePlaceOfThePrivateOne() throws Exception {
        putOlderFolder();
        try (FileChannel made = FileChannel.open(target, CREATE_NEW, WRITE)) {
            open.remove(target, made);
        }
        requireOlderFolder();
        assertThat(target).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsRemovedFromAFolderThatTookThePlaceOfThePrivateOne(boolean refused) throws Exception {
        putOlderFolder();
        script.answer("openat", arguments -> script.pass("openat", arguments)); // the folder
        script.answer("openat", -Errno.EOPNOTSUPP);
        if (refused) {
            script.answer("openat", arguments -> script.pass("openat", arguments)); // the private one
            script.answer("openat", -Errno.EACCES);
            assertThatThrownBy(() -> open.stage(target, 0600)).isInstanceOf(FileSystemException.class);
        } else {
            try (OpenFiles.Staged staged = open.stage(target, 0600)) {
                staged.channel().write(ByteBuffer.wrap("whole".getBytes()));
                staged.publish(true);
            }
            assertThat(target).hasContent("whole");
        }
        requireOlderFolder();
    }

    @Test
    void aPrivateFolderThatCannotBeOpenedIsRemoved() throws Exception {
        script.answer("openat", arguments -> script.pass("openat", arguments)); // the folder
        script.answer("openat", -Errno.EOPNOTSUPP, -Errno.EMFILE);
        assertThatThrownBy(() -> open.stage(target, 0600)).isInstanceOf(FileSystemException.class);
        assertThat(script.isPlayed()).isTrue();
        assertThat(folder).isEmptyDirectory();
    }
}
