package io.zerocopy.tests.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DirectFile;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** XFS with sectors of 4096 bytes answers EIO to direct reads of blocks that it has allocated after a file's end. */
class DirectXfsTest {
    private static final int SIZE = 3_041_792 + 9728;
    private static final int FROM = 2_933_626;
    private static final int WANTED = 212_102; // more bytes than the file has

    @Test
    void readsAcrossTheEndOfAFile() throws Exception {
        try (TestFixture fixture = new TestFixture();
                Mount xfs = Mount.image(fixture, 320L << 20, "mkfs.xfs", "-q", "-s", "size=4096")) {
            Path source = Files.write(xfs.path().resolve("source"), new byte[3 << 20]);
            Path file = Files.createFile(xfs.path().resolve("file"));
            Path copy = xfs.path().resolve("copy");
            try (DirectFile direct = DirectFile.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                Transfers.from(source)
                        .range(1_531_904, 255_202)
                        .to(file)
                        .targetPosition(1_863_680)
                        .use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                        .build()
                        .run();
                direct.write(3_041_792, ByteBuffer.allocateDirect(9728));
                for (ByteBuffer to : new ByteBuffer[] {
                    ByteBuffer.allocate(WANTED),
                    ByteBuffer.allocateDirect(WANTED + 8192).alignedSlice(4096)
                }) {
                    assertThat(direct.read(FROM, to.limit(WANTED))).isEqualTo(SIZE - FROM);
                    assertThat(direct.read(SIZE, to.clear())).isEqualTo(-1);
                }
            }
            for (Mechanism each : new Mechanism[] {Mechanism.DIRECT_IO, Mechanism.IO_URING}) {
                assertThat(Transfers.from(file)
                                .to(copy)
                                .use(each, Preference.AUTO)
                                .build()
                                .run()
                                .bytes())
                        .isEqualTo(SIZE);
            }
            assertThat(Transfers.from(file)
                            .range(FROM, WANTED)
                            .to(OutputStream.nullOutputStream())
                            .use(Mechanism.DIRECT_IO, Preference.REQUIRE)
                            .build()
                            .run()
                            .bytes())
                    .isEqualTo(SIZE - FROM);
        }
    }
}
