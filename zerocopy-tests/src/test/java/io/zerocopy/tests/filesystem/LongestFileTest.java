package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DirectFile;
import io.zerocopy.nio.MappedFile;
import io.zerocopy.nio.MappedFile.Access;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last bytes of the longest possible file, where the sum of a position and a count does not fit into a long. */
class LongestFileTest {
    private static final long SIZE = Long.MAX_VALUE;
    private static final byte[] LAST = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    private TestFixture fixture;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        fixture = new TestFixture();
        Path memory = Path.of("/dev/shm");
        assumeTrue(
                Files.isDirectory(memory) && Files.getFileStore(memory).type().equals("tmpfs"),
                "no tmpfs, which has files so long");
        file = Files.createTempFile(memory, "longest", "");
        write(file);
    }

    private static void write(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(LAST), SIZE - LAST.length);
        }
    }

    @AfterEach
    void delete() throws Exception {
        System.clearProperty("zerocopy.disable");
        if (file != null) {
            Files.deleteIfExists(file);
        }
        fixture.close();
    }

    private static void readLast(Path path, Preference preference) throws IOException {
        try (DirectFile direct = DirectFile.open(path, preference)) {
            for (int room : new int[] {1, 10, 100, 5000, 1 << 20, (2 << 20) + 1}) {
                for (ByteBuffer to : new ByteBuffer[] {
                    ByteBuffer.allocate(room),
                    ByteBuffer.allocateDirect(room + 8192).alignedSlice(4096)
                }) {
                    for (int before : new int[] {1, 10, 4095, 4096, 5000, 1 << 20}) {
                        int wanted = Math.min(room, before);
                        assertThat(direct.read(SIZE - before, to.clear().limit(room)))
                                .isEqualTo(wanted);
                        assertThat(to.get(wanted - 1))
                                .isEqualTo((byte) Math.max(0, LAST.length - before + wanted)); // 0 before the last ten
                    }
                    assertThat(direct.read(SIZE, to.clear())).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void directFilesReadItsLastBytes() throws IOException {
        readLast(file, Preference.AUTO);
        readLast(file, Preference.NEVER);
    }

    @Test
    void directFilesReadItsLastBytesPastTheCache() throws Exception {
        try (Mount xfs = Mount.image(fixture, 320L << 20, "mkfs.xfs", "-q")) {
            Path path = xfs.path().resolve("longest");
            write(path);
            readLast(path, Preference.REQUIRE);
        }
    }

    @Test
    void transfersMoveItsLastBytes() throws IOException {
        Path target = fixture.path("target");
        Transfers.from(file)
                .range(SIZE - LAST.length, Long.MAX_VALUE)
                .to(target)
                .use(Mechanism.READ_WRITE, Preference.REQUIRE)
                .build()
                .run();
        assertThat(target).hasBinaryContent(LAST);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Transfers.from(file).range(SIZE - LAST.length, 100).to(bytes).build().run();
        assertThat(bytes.toByteArray()).isEqualTo(LAST);
    }

    /**
     * Sources of known and unknown length: if no file system can store the bytes there, no file is created or changed.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void aPositionThatIsTooFarLeavesNoFileAndAFileAsItWas(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path existing = Files.write(fixture.path("existing"), LAST);
        Path none = fixture.path("none");
        for (long position : new long[] {1L << 62, SIZE - 200, SIZE - 5, SIZE - 1, SIZE}) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(sources(i).to(none).targetPosition(position).build()::run)
                        .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
                assertThat(none).doesNotExist();
                OpenOption[] empties = {StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING};
                for (OpenOption[] options : new OpenOption[][] {{}, empties}) {
                    assertThatThrownBy(sources(i)
                                    .to(existing, options)
                                    .targetPosition(position)
                                    .build()::run)
                            .isInstanceOfAny(IOException.class, IllegalArgumentException.class);
                    assertThat(existing).hasBinaryContent(LAST);
                }
            }
        }
    }

    private Transfer.Builder sources(int which) throws IOException {
        return switch (which) {
            case 0 -> Transfers.from(new ByteArrayInputStream(LAST));
            case 1 -> Transfers.from(ByteBuffer.wrap(LAST));
            default -> Transfers.from(Files.write(fixture.path("ten"), LAST));
        };
    }

    @Test
    void rangesThatNoProcessorCanAddressAreNotMapped() throws IOException {
        assertThatThrownBy(() -> MappedFile.open(file, Access.READ_ONLY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(SIZE + " bytes cannot be mapped");
        try (FileChannel channel = FileChannel.open(file)) {
            for (long size : new long[] {1L << 61, 1L << 62, SIZE}) {
                assertThatThrownBy(() -> MappedFile.map(channel, Access.PRIVATE, 0, size))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("cannot be mapped");
            }
        }
        Path none = fixture.path("none");
        for (long size : new long[] {-1, 1L << 62, SIZE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> MappedFile.create(none, size));
            assertThat(none).doesNotExist();
        }
    }

    @Test
    void paddedNumbersThatDoNotFitAreRefusedBeforeAnythingIsWritten() throws IOException {
        try (MappedFile mapped = MappedFile.create(fixture.path("numbers"), 10)) {
            MutableDirectBuffer view = mapped.mutableView(0, 10);
            for (int length : new int[] {11, Integer.MAX_VALUE - 1, Integer.MAX_VALUE}) {
                assertThatThrownBy(() -> view.putNaturalPaddedIntAscii(0, length, 42))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThat(view.getStringWithoutLengthAscii(0, 10)).isEqualTo("\0".repeat(10));
            view.putNaturalPaddedIntAscii(1, 9, 42);
            assertThat(view.getStringWithoutLengthAscii(0, 10)).isEqualTo("\0" + "000000042");
            view.putNaturalPaddedIntAscii(0, 2, 42);
            assertThat(view.getStringWithoutLengthAscii(0, 3)).isEqualTo("420");
        }
    }
}
