package io.zerocopy.tests.attack;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which rights are given and which files are removed, in folders that other users may write to and in folders that they
 * may not.
 */
class SureFolderTest {
    private TestFixture fixture;
    private Path open; // writable for all users
    private Path own;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        own = Files.createDirectory(fixture.path("own"));
        open = Files.createDirectory(fixture.path("open"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void close() throws Exception {
        System.clearProperty("zerocopy.disable");
        fixture.close();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String facts(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid") + " " + Files.getAttribute(path, "unix:gid") + " "
                + Integer.toOctalString((int) Files.getAttribute(path, "unix:mode") & 07777);
    }

    private static Path program(Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("program"), "program");
        Files.setAttribute(source, "unix:uid", 1234);
        Files.setAttribute(source, "unix:gid", 1235);
        Files.setAttribute(source, "unix:mode", 06751);
        return source;
    }

    @Test
    void theOwnerIsGivenFromAndToEveryFolder() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only the superuser can give files away");
        for (String disabled : new String[] {"", "native"}) {
            System.setProperty("zerocopy.disable", disabled);
            for (CopyOption[] options : new CopyOption[][] {
                {COPY_ATTRIBUTES}, {COPY_ATTRIBUTES, ATOMIC_MOVE}, {COPY_ATTRIBUTES, ATOMIC_MOVE, REPLACE_EXISTING}
            }) {
                for (Path from : new Path[] {own, open}) {
                    for (Path to : new Path[] {own, open}) {
                        Path source = program(from);
                        Path target = to.resolve("target");
                        Transfers.copy(source, target, options);
                        assertThat(facts(target))
                                .as("%s from %s to %s", disabled, from, to)
                                .isEqualTo("1234 1235 6751");
                        Files.delete(target);
                        Files.delete(source);
                        assertThat(names(to)).isEmpty();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void setIdBitsDoNotComeToACopyOfAnotherOwner(String disabled) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only the superuser can have others' files");
        System.setProperty("zerocopy.disable", disabled);
        Path source = program(own);
        Transfers.copy(source, own.resolve("target"));
        assertThat(facts(own.resolve("target"))).isEqualTo("0 0 751");
    }

    /** The folder's group is not the group for which the source's permissions are meant. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void nobodyElseMayReadACopyWithAttributesWhileItIsWritten(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Files.setAttribute(own, "unix:mode", 02755);
        Path fifo = fixture.fifo();
        Files.setPosixFilePermissions(fifo, PosixFilePermissions.fromString("rw-r--r--"));
        Path target = own.resolve("target");
        Future<?> copy = fixture.peer(() -> Transfers.copy(fifo, target, COPY_ATTRIBUTES));
        try (OutputStream out = Files.newOutputStream(fifo)) {
            out.write(1);
            TestFixture.until("a file is written", () -> own.toFile().list().length == 1);
            Path seen = own.resolve(names(own).get(0));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(seen)))
                    .endsWith("------");
        }
        TestFixture.join(copy);
        assertThat(target).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-r--r--");
    }

    /** The other user could read what is written to it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void aFifoThatAnotherUserMayHavePutThereIsReplaced(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path source = Files.writeString(own.resolve("source"), "content");
        Path target = open.resolve("target");
        for (boolean channel : new boolean[] {false, true}) {
            TestFixture.run("mkfifo", target.toString());
            try (FileChannel from = FileChannel.open(source)) {
                if (channel) {
                    Transfers.copy(from, target, REPLACE_EXISTING);
                } else {
                    Transfers.copy(source, target, REPLACE_EXISTING);
                }
            }
            assertThat(Files.isRegularFile(target)).isTrue();
            assertThat(target).hasContent("content");
            Files.delete(target);
        }
    }

    /** In a sticky folder, only the owner of a file, or of the folder, can replace it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void aFifoThatNobodyElseCanReplaceIsWrittenTo(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path source = Files.writeString(own.resolve("source"), "content");
        Files.setAttribute(open, "unix:mode", 01777);
        for (Path folder : new Path[] {own, open}) {
            Path target = folder.resolve("fifo");
            TestFixture.run("mkfifo", target.toString());
            Future<byte[]> read = fixture.peer(() -> Files.readAllBytes(target));
            Transfers.copy(source, target, REPLACE_EXISTING);
            assertThat(TestFixture.join(read)).asString().isEqualTo("content");
            assertThat(Files.isRegularFile(target)).isFalse();
        }
    }

    /** A user who may write to the folder puts his own file in the place of the target while its source is read. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void anEmptyFileThatTookThePlaceOfAnEmptyTargetStays(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path target = open.resolve("target");
        Path theirs = Files.createFile(open.resolve("theirs"));
        Object key = Files.getAttribute(theirs, "unix:ino");
        ReadableByteChannel source = new Failing(() -> Files.move(theirs, target, REPLACE_EXISTING));
        assertThatThrownBy(() -> Transfers.from(source).to(target).build().run())
                .isInstanceOf(IOException.class);
        assertThat(names(open)).containsExactly("target");
        assertThat(Files.getAttribute(target, "unix:ino")).isEqualTo(key);
    }

    /**
     * A user who may rename the target's folder makes its name lead to another folder, where he may not remove
     * anything.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void anEmptyFileStaysInTheFolderThatTookThePlaceOfTheTargets(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path lock = Files.createFile(own.resolve("lock"));
        Path folder = Files.createDirectory(open.resolve("folder"));
        ReadableByteChannel source = new Failing(() -> {
            Files.move(folder, open.resolve("away"));
            Files.createSymbolicLink(folder, own);
        });
        assertThatThrownBy(() -> Transfers.from(source)
                        .to(folder.resolve("lock"))
                        .build()
                        .run())
                .isInstanceOf(IOException.class);
        assertThat(lock).exists();
    }

    /** Links on the way to a folder that belong to the superuser are as safe as the folder. */
    @Test
    void anEmptyTargetIsRemovedThroughALinkThatNobodyElseCanChange() throws Exception {
        System.setProperty("zerocopy.disable", "native");
        Path inner = Files.createDirectory(own.resolve("inner"));
        Path link = Files.createSymbolicLink(
                own.resolve("link"), Path.of("..", own.getFileName().toString()));
        assertThatThrownBy(() -> Transfers.from(new Failing(() -> {}))
                        .to(link.resolve("inner/target"))
                        .build()
                        .run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("as it must");
        assertThat(names(inner)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void anEmptyTargetThatWasMadeIsRemoved(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        for (Path folder : disabled.isEmpty() ? new Path[] {own, open} : new Path[] {own}) {
            Path target = folder.resolve("target");
            ReadableByteChannel source = new Failing(() -> {});
            assertThatThrownBy(() -> Transfers.from(source).to(target).build().run())
                    .isInstanceOf(IOException.class);
            assertThat(names(folder)).isEmpty();
        }
    }

    private interface Swap {
        void run() throws IOException;
    }

    /** A source that does something at its first read, and then fails. */
    private record Failing(Swap swap) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) throws IOException {
            swap.run();
            throw new IOException("as it must");
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
