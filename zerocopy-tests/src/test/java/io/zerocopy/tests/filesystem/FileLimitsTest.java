package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.Mount;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Limits of files: full disks, size limits, files that must not be written, and sources that disappear; counts stay
 * exact.
 */
class FileLimitsTest {
    private static final int SIZE = 12_345_678;
    private static final int LIMIT = 5_000_001;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {
                "SENDFILE",
                "SPLICE",
                "TRANSFER_TO",
                "TRANSFER_FROM",
                "MMAP_WRITE",
                "READ_WRITE",
                "DIRECT_IO",
                "IO_URING"
            })
    void aFullDiskFailsWithTheCountOfWhatIsOnIt(Mechanism mechanism) throws Exception {
        try (Mount mount = Mount.image(fixture, 8L << 20, "mkfs.ext4", "-q")) {
            Path source = fixture.file(SIZE);
            Path target = mount.path().resolve("t");
            TransferException full = catchThrowableOfType(
                    TransferException.class,
                    () -> Transfers.from(source)
                            .to(target)
                            .use(mechanism, Preference.REQUIRE)
                            .build()
                            .run());
            assertExact(full, mechanism, target);
            Files.delete(target);
        }
    }

    /** The JDK's own calls describe an error in the language of the C library; all others use the errno's name. */
    private static void assertExact(TransferException full, Mechanism mechanism, Path target) throws IOException {
        assertThat(full.getMessage()).containsAnyOf("ENOSPC", "No space left");
        assertThat(full.mechanism()).contains(mechanism);
        assertThat(full.transferred()).isBetween(1L, SIZE - 1L);
        assertThat(full.remainder().hasRemaining()).isFalse(); // needs no remainder: a file can be read again
        byte[] there = Files.readAllBytes(target);
        assertThat((long) there.length).isEqualTo(full.transferred());
        assertThat(there).isEqualTo(Content.PATTERN.bytes(0, there.length));
    }

    @Test
    void aCopyToAFullDiskLeavesNoTarget() throws Exception {
        try (Mount mount = Mount.image(fixture, 8L << 20, "mkfs.ext4", "-q")) {
            Path source = fixture.file(SIZE);
            Path inside = mount.path().resolve("inside");
            Content.PATTERN.writeFile(inside, 3 << 20);
            for (Path from : new Path[] {source, inside}) {
                Path target = mount.path().resolve("t");
                if (from == inside) {
                    Content.PATTERN.writeFile(mount.path().resolve("more"), 1 << 20);
                }
                assertThatThrownBy(() -> Transfers.copy(from, target))
                        .isInstanceOf(TransferException.class)
                        .hasMessageContaining("ENOSPC");
                assertThat(target).doesNotExist();
            }
        }
    }

    /** A signal comes with the error and would end a process that does not handle it; the JVM handles it. */
    @Test
    void aLimitOnTheSizeOfFilesFailsTheTransferAndNotTheProcess() throws Exception {
        try {
            new ProcessBuilder("prlimit", "-V").start().waitFor();
        } catch (IOException absent) {
            Assumptions.abort("prlimit is not installed");
        }
        Path source = fixture.file(SIZE);
        Child.Ended ended = new Child()
                .under("prlimit", "--fsize=" + LIMIT)
                .run(Limited.class, source.toString(), fixture.path("t").toString());
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output().lines().filter(line -> line.startsWith("= ")))
                .hasSize(Limited.MECHANISMS.size())
                .allSatisfy(line -> assertThat(line).endsWith(" " + LIMIT + " " + LIMIT));
    }

    /** Reaches the limit once with each mechanism. */
    static final class Limited {
        static final List<Mechanism> MECHANISMS = List.of(
                Mechanism.READ_WRITE,
                Mechanism.COPY_FILE_RANGE,
                Mechanism.SENDFILE,
                Mechanism.SPLICE,
                Mechanism.TRANSFER_TO,
                Mechanism.TRANSFER_FROM,
                Mechanism.MMAP_WRITE,
                Mechanism.DIRECT_IO,
                Mechanism.IO_URING);

        private Limited() {}

        public static void main(String[] args) throws IOException {
            Path target = Path.of(args[1]);
            for (Mechanism mechanism : MECHANISMS) {
                try {
                    Transfers.from(Path.of(args[0]))
                            .to(target)
                            .use(mechanism, Preference.REQUIRE)
                            .build()
                            .run();
                    System.out.println("! " + mechanism + " met no limit");
                } catch (TransferException e) {
                    System.out.println(mechanism + ": " + e.getMessage());
                    System.out.println("= " + mechanism + " " + e.transferred() + " " + Files.size(target));
                }
                Files.delete(target);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUnlinkedOrReplacedSourceIsStillCopied(boolean replaced) throws Exception {
        Path source = fixture.file(SIZE);
        Path other = Files.writeString(fixture.path("other"), "other");
        Path target = fixture.path("t");
        TransferResult result;
        try (TransferSession session = Transfers.from(source).to(target).build().open()) {
            session.advance();
            if (replaced) {
                Files.move(other, source, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(source);
            }
            result = TestFixture.drive(session);
        }
        assertThat(result.bytes()).isEqualTo(SIZE);
        assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(0, SIZE));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"COPY_FILE_RANGE", "SENDFILE", "SPLICE", "TRANSFER_FROM", "MMAP_WRITE", "READ_WRITE", "DIRECT_IO"})
    void aTargetPositionBehindTheEndLeavesZerosBetween(Mechanism mechanism) throws Exception {
        Path source = fixture.file(70_001);
        Path target = Files.writeString(fixture.path("t"), "head");
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
            var transfer = Transfers.from(source).to(out).targetPosition(100_003);
            // JDK 17 moves nothing to there, so this mechanism is not required.
            boolean fussy = mechanism == Mechanism.TRANSFER_FROM;
            transfer.use(mechanism, fussy ? Preference.AUTO : Preference.REQUIRE);
            assertThat(transfer.build().run().bytes()).isEqualTo(70_001);
        }
        byte[] expected = new byte[170_004];
        System.arraycopy("head".getBytes(), 0, expected, 0, 4);
        System.arraycopy(Content.PATTERN.bytes(0, 70_001), 0, expected, 100_003, 70_001);
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
    }

    @Test
    void anImmutableTargetIsLeftAndAnImmutableSourceIsRead() throws Exception {
        Path source = fixture.file(SIZE);
        Path target = Files.writeString(fixture.path("t"), "mine");
        try (FileChannel opened = FileChannel.open(target, StandardOpenOption.WRITE)) {
            try {
                TestFixture.run("chattr", "+i", source.toString(), target.toString());
            } catch (IOException refused) {
                Assumptions.abort("chattr is refused here: " + refused.getMessage());
            }
            try {
                assertThatThrownBy(
                                () -> Transfers.from(source).to(target).build().run())
                        .isInstanceOf(FileSystemException.class);
                assertThatThrownBy(() -> Transfers.copy(source, target, StandardCopyOption.REPLACE_EXISTING))
                        .isInstanceOf(FileSystemException.class);
                TransferException late = catchThrowableOfType(
                        TransferException.class,
                        () -> Transfers.from(source).to(opened).build().run());
                assertThat(late).hasMessageContaining("ot permitted");
                assertThat(late.transferred()).isZero();
                assertThat(target).hasContent("mine");
                Path copy = fixture.path("copy");
                assertThat(Transfers.copy(source, copy).bytes()).isEqualTo(SIZE);
            } finally {
                TestFixture.run("chattr", "-i", source.toString(), target.toString());
            }
        }
    }

    @Test
    void aDirectoryThatMustNotBeWrittenToGetsNothing() throws Exception {
        Path source = fixture.file(SIZE);
        try (Mount mount = Mount.tmpfs(fixture, "size=64m")) {
            Path existing = Files.writeString(mount.path().resolve("existing"), "mine");
            TestFixture.run("mount", "-o", "remount,ro", mount.path().toString());
            Path absent = mount.path().resolve("absent");
            for (Path target : new Path[] {existing, absent}) {
                assertThatThrownBy(
                                () -> Transfers.from(source).to(target).build().run())
                        .isInstanceOf(FileSystemException.class)
                        .hasMessageContaining(target.toString());
                assertThatThrownBy(() -> Transfers.copy(
                                source, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE))
                        .isInstanceOf(FileSystemException.class);
            }
            assertThat(existing).hasContent("mine");
            assertThat(absent).doesNotExist();
        }
    }
}
