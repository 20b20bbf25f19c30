package io.zerocopy.tests.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names of the file system a transfer follows, which it creates, and who may read the created files. */
class NamesTest {
    private TestFixture fixture;
    private Path folder;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        folder = Files.createDirectory(fixture.path("folder"));
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aLinkThatIsTheTargetIsFollowedUnlessTheOptionSaysNot() throws Exception {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        ByteBuffer bytes = ByteBuffer.wrap("new".getBytes());
        assertThatThrownBy(() -> Transfers.from(bytes)
                        .to(link, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                        .build()
                        .run())
                .isInstanceOf(IOException.class);
        assertThat(real).hasContent("old");
        assertThat(bytes.remaining()).isEqualTo(3);
        Transfers.from(bytes).to(link).build().run();
        assertThat(real).hasContent("new");
        assertThat(names()).containsExactly("link", "real");
    }

    /** If the JDK refuses to open a name, the library does not open it itself. */
    @Test
    void theOptionsOfATargetHoldForAFifoToo() throws Exception {
        Path source = fixture.file(10);
        Path fifo = fixture.fifo();
        Path link = Files.createSymbolicLink(folder.resolve("link"), fifo);
        assertThatThrownBy(() -> Transfers.from(source)
                        .to(link, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                        .timeout(Duration.ofSeconds(TestFixture.DEADLINE_SECONDS))
                        .build()
                        .run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Too many levels of symbolic links");
        assertThatThrownBy(() -> Transfers.from(source)
                        .to(fifo, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
                        .timeout(Duration.ofSeconds(TestFixture.DEADLINE_SECONDS))
                        .build()
                        .run())
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    /** Like {@code Files.copy}: a link to a missing file counts as existing, and that file is not created. */
    @Test
    void aLinkThatNamesNothingIsNoWayToMakeAFileElsewhere() throws Exception {
        Path source = fixture.file(1000);
        Path elsewhere = fixture.path("elsewhere");
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        assertThatThrownBy(() -> Transfers.copy(source, link)).isInstanceOf(FileAlreadyExistsException.class);
        for (StandardCopyOption[] options : new StandardCopyOption[][] {
            {StandardCopyOption.REPLACE_EXISTING}, {StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE}
        }) {
            Transfers.copy(source, link, options);
            assertThat(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
            Files.delete(link);
            Files.createSymbolicLink(link, elsewhere);
        }
        assertThat(elsewhere).doesNotExist();
        assertThat(names()).containsExactly("link");
    }

    /** A user who cannot read the source cannot read the file while it is written. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void whatIsOnItsWayIsNoMoreReadableThanItsSource(String disabled) throws Exception {
        Path source = fixture.fifo();
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-------"));
        Path target = folder.resolve("target");
        Future<?> copy = fixture.peer(() -> {
            System.setProperty("zerocopy.disable", disabled);
            try {
                return Transfers.copy(source, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                System.clearProperty("zerocopy.disable");
            }
        });
        try (OutputStream out = Files.newOutputStream(source)) {
            out.write(new byte[300_000]); // more than a FIFO holds: the copy has begun after that
            if (disabled.isEmpty()) {
                assertThat(names()).as("it has no name yet").isEmpty();
            } else {
                assertThat(names()).hasSize(1).first().asString().startsWith(".zerocopy-");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(names().get(0)))))
                        .isEqualTo("rwx------");
            }
        }
        TestFixture.join(copy);
        assertThat(names()).containsExactly("target");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
    }

    @Test
    void aTargetThatIsNamedIsMadeAsTheJdkMakesFiles() throws Exception {
        Path source = fixture.file(1000);
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwx------"));
        Path ours = folder.resolve("ours");
        Path theirs = Files.createFile(folder.resolve("theirs"));
        Transfers.from(source).to(ours).build().run();
        assertThat(Files.getPosixFilePermissions(ours)).isEqualTo(Files.getPosixFilePermissions(theirs));
        assertThatThrownBy(() -> Transfers.copy(source, folder.resolve("no/such/folder")))
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
        assertThat(names()).containsExactly("ours", "theirs");
    }
}
