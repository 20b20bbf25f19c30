package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import io.zerocopy.tests.kit.Proc;
import io.zerocopy.tests.kit.Sparse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copy-on-write on file systems that have it, and what happens on others; in images mounted through loop devices. */
class FileSystemsTest {
    private static final int SIZE = 5_000_001;

    private static Mount image(TestFixture fixture, String type) throws Exception {
        return type.equals("xfs")
                ? Mount.image(fixture, 320L << 20, "mkfs.xfs", "-q", "-m", "reflink=1")
                : Mount.image(fixture, 160L << 20, "mkfs.btrfs", "-q");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void filesAreClonedWhereTheFileSystemCan(String type) throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount mount = image(fixture, type)) {
            Path source = mount.path().resolve("s");
            Content.PATTERN.writeFile(source, SIZE);
            Path target = mount.path().resolve("t");
            TransferResult result = Transfers.copy(source, target);
            assertThat(result.mechanism()).isEqualTo(Mechanism.REFLINK);
            assertThat(result.bytes()).isEqualTo(SIZE);
            assertThat(Files.mismatch(source, target)).isEqualTo(-1);
            try (FileChannel clone = FileChannel.open(target, StandardOpenOption.WRITE)) {
                clone.write(java.nio.ByteBuffer.wrap(new byte[100_000]));
            }
            assertThat(Files.readAllBytes(source)).isEqualTo(Content.PATTERN.bytes(0, SIZE));
            assertThat(Transfers.capabilities().reflinkUnavailableBecause(mount.path()))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void alignedRangesAreClonedByName(String type) throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount mount = image(fixture, type)) {
            Path source = mount.path().resolve("s");
            Content.PATTERN.writeFile(source, SIZE);
            Path target = mount.path().resolve("t");
            TransferResult result = Transfers.from(source)
                    .range(8192, 65_536)
                    .to(target)
                    .targetPosition(4096)
                    .use(Mechanism.REFLINK, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(result.legs()).containsExactly(new TransferResult.Leg(Mechanism.REFLINK, 65_536));
            byte[] bytes = Files.readAllBytes(target);
            assertThat(bytes)
                    .hasSize(4096 + 65_536)
                    .startsWith(new byte[4096])
                    .endsWith(Content.PATTERN.bytes(8192, 65_536));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void betweenFileSystemsAnotherMechanismTakesOver(String type) throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount mount = image(fixture, type)) {
            Path source = fixture.file(SIZE);
            Path target = mount.path().resolve("t");
            TransferResult result = Transfers.copy(source, target);
            assertThat(result.bytes()).isEqualTo(SIZE);
            assertThat(result.mechanism()).isNotEqualTo(Mechanism.REFLINK);
            assertThat(Files.mismatch(source, target)).isEqualTo(-1);
            Path refused = mount.path().resolve("refused");
            assertThatThrownBy(() -> Transfers.from(source)
                            .to(refused)
                            .use(Mechanism.REFLINK, Preference.REQUIRE)
                            .build()
                            .run())
                    .isInstanceOf(MechanismUnavailableException.class);
            assertThat(refused).doesNotExist();
        }
    }

    /**
     * The file has 160 extents of 64 MiB each, which share their blocks with one another, as extents of any file may.
     * The file system has no room for a copy, and no byte is read.
     */
    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void tenGibibytesAreClonedWithoutAByteMoved(String type) throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount mount = image(fixture, type)) {
            Path part = mount.path().resolve("part");
            Content.PATTERN.writeFile(part, 64 << 20);
            Path source = mount.path().resolve("s");
            for (long at = 0; at < 10L << 30; at += 64 << 20) {
                Transfers.from(part)
                        .to(source, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .targetPosition(at)
                        .use(Mechanism.REFLINK, Preference.REQUIRE)
                        .build()
                        .run();
            }
            assertThat(Files.size(source)).isEqualTo(10L << 30);
            Path target = mount.path().resolve("t");
            long before = Proc.moved();
            TransferResult result = Transfers.copy(source, target);
            assertThat(Proc.moved() - before).as("bytes read and written").isLessThan(1 << 20);
            assertThat(result.legs()).containsExactly(new TransferResult.Leg(Mechanism.REFLINK, 10L << 30));
            assertThat(Sparse.allocated(target)).isEqualTo(Sparse.allocated(source));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void aCloneByNameTakesThePlaceOfALongerFile(String type) throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount mount = image(fixture, type)) {
            Path source = mount.path().resolve("s");
            Content.PATTERN.writeFile(source, SIZE);
            Path target = mount.path().resolve("t");
            Content.ZEROS.writeFile(target, 2 * SIZE);
            TransferResult result = Transfers.from(source)
                    .to(target)
                    .use(Mechanism.REFLINK, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(result.legs()).containsExactly(new TransferResult.Leg(Mechanism.REFLINK, SIZE));
            assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void neverMeansThatNoBlockIsSharedByName(String type) throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount mount = image(fixture, type)) {
            Path source = mount.path().resolve("s");
            Content.PATTERN.writeFile(source, SIZE);
            Path target = mount.path().resolve("t");
            TransferResult result = Transfers.from(source)
                    .to(target)
                    .use(Mechanism.REFLINK, Preference.NEVER)
                    .build()
                    .run();
            assertThat(result.legs()).noneMatch(leg -> leg.mechanism() == Mechanism.REFLINK);
            assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        }
    }

    @Test
    void onExt4AutoMovesTheBytesAndRequireSaysWhyNot() throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount mount = Mount.image(fixture, 64L << 20, "mkfs.ext4", "-q")) {
            Path source = mount.path().resolve("s");
            Content.PATTERN.writeFile(source, SIZE);
            Path target = mount.path().resolve("t");
            TransferResult result = Transfers.copy(source, target);
            assertThat(result.mechanism()).isEqualTo(Mechanism.COPY_FILE_RANGE);
            // By now the file system was asked at least once, and the answer is remembered.
            assertThat(Transfers.from(source)
                            .to(mount.path().resolve("other"))
                            .build()
                            .plan()
                            .candidates())
                    .filteredOn(candidate -> candidate.mechanism() == Mechanism.REFLINK)
                    .singleElement()
                    .satisfies(candidate -> assertThat(candidate.reason()).contains("ext4", "EOPNOTSUPP"));
            assertThat(Files.mismatch(source, target)).isEqualTo(-1);
            Path refused = mount.path().resolve("refused");
            assertThatThrownBy(() -> Transfers.from(source)
                            .to(refused)
                            .use(Mechanism.REFLINK, Preference.REQUIRE)
                            .build()
                            .run())
                    .isInstanceOf(MechanismUnavailableException.class)
                    .hasMessageContaining("EOPNOTSUPP");
            assertThat(refused).doesNotExist();
            Files.writeString(refused, "mine");
            assertThatThrownBy(() -> Transfers.from(source)
                            .to(refused)
                            .use(Mechanism.REFLINK, Preference.REQUIRE)
                            .build()
                            .run())
                    .isInstanceOf(MechanismUnavailableException.class);
            assertThat(refused).hasContent("mine");
        }
    }

    @Test
    void aFileSystemWithoutClonesSaysSo() throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount mount = Mount.tmpfs(fixture, "size=16m")) {
            assertThat(Transfers.capabilities().reflinkUnavailableBecause(mount.path()))
                    .isPresent();
            assertThat(mount.path()).isEmptyDirectory();
            Path source = mount.path().resolve("s");
            Content.PATTERN.writeFile(source, SIZE);
            assertThat(Transfers.copy(source, mount.path().resolve("t")).bytes())
                    .isEqualTo(SIZE);
        }
    }
}
