package io.zerocopy.tests.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Mount;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk under the source and a disk under the target fail with the same errno: the failure says which end it was. */
class FailedDiskTest {
    private static final int SENT = 300_000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static final List<Mechanism> FROM_DISK = List.of(
            Mechanism.SENDFILE,
            Mechanism.SPLICE,
            Mechanism.READ_WRITE,
            Mechanism.MMAP_WRITE,
            Mechanism.TRANSFER_TO,
            Mechanism.TRANSFER_FROM,
            Mechanism.DIRECT_IO);

    /** The disk under the file system loses its second half, so reads of the file fail after some bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix", "pipe", "file"})
    void aDiskThatFailsIsTheSources(String kind) throws Exception {
        try (Mount mount = Mount.image(fixture, 64 << 20, "mkfs.ext4", "-q")) {
            Path file = mount.path().resolve("source");
            Files.write(file, new byte[40 << 20]);
            TestFixture.run("sync", "-f", file.toString());
            int failed = 0;
            try (RandomAccessFile image = new RandomAccessFile(image(), "rw")) {
                image.setLength(20 << 20);
                for (Mechanism by : FROM_DISK) {
                    TestFixture.run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none"); // empties its cache
                    failed += failsAtItsSource(file, kind, by) ? 1 : 0;
                }
                image.setLength(64 << 20);
            }
            assertThat(failed).as("mechanisms that serve the pair").isGreaterThan(2);
        }
    }

    private File image() throws IOException {
        try (Stream<Path> files = Files.list(fixture.directory())) {
            return files.filter(file -> file.toString().endsWith("-image"))
                    .findFirst()
                    .orElseThrow()
                    .toFile();
        }
    }

    private WritableByteChannel target(String kind) throws IOException {
        if (kind.equals("file")) {
            return fixture.keep(
                    FileChannel.open(fixture.path("target"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        }
        if (kind.equals("pipe")) {
            Pipe pipe = fixture.pipe();
            fixture.peer(() -> Channels.newInputStream(pipe.source()).readAllBytes());
            return pipe.sink();
        }
        SocketChannel[] pair = kind.equals("tcp") ? fixture.tcp() : fixture.unix();
        fixture.peer(() -> Channels.newInputStream(pair[1]).readAllBytes());
        return pair[0];
    }

    private boolean failsAtItsSource(Path file, String kind, Mechanism by) throws IOException {
        WritableByteChannel target = target(kind);
        Transfer transfer = Transfers.from(file)
                .to(target)
                .stableSource()
                .use(by, Preference.REQUIRE)
                .build();
        boolean serves = transfer.plan().chosen().isPresent();
        if (serves) {
            Throwable thrown = catchThrowable(transfer::run);
            assertThat(thrown).as(by.name()).isNotNull();
            TransferFailure failure = TransferFailure.of(thrown).orElseThrow(() -> new AssertionError(by + "", thrown));
            assertThat(failure.side()).as("%s: %s", by, thrown).isEqualTo(Side.SOURCE);
            assertThat(failure.transferred()).as("%s: %s", by, thrown).isBetween(1L, (40L << 20) - 1);
            assertThat(thrown.getMessage())
                    .containsAnyOf("EIO (Input/output error)", "Input/output error")
                    .endsWith(" after " + failure.transferred() + " bytes, from " + file);
        }
        target.close();
        return serves;
    }

    @Test
    void aFullDiskIsTheTargets() throws Exception {
        try (Mount small = Mount.tmpfs(fixture, "size=128k")) {
            Path source = fixture.file(SENT);
            for (Mechanism by : List.of(
                    Mechanism.COPY_FILE_RANGE,
                    Mechanism.SENDFILE,
                    Mechanism.READ_WRITE,
                    Mechanism.MMAP_WRITE,
                    Mechanism.TRANSFER_TO,
                    Mechanism.TRANSFER_FROM)) {
                Path target = small.path().resolve("target");
                Transfer transfer = Transfers.from(source)
                        .to(target)
                        .use(by, Preference.REQUIRE)
                        .build();
                Throwable thrown = catchThrowable(transfer::run);
                if (thrown instanceof TransferException failure) { // otherwise the mechanism does not serve the pair
                    assertThat(failure.side()).as("%s: %s", by, thrown).isEqualTo(Side.TARGET);
                    assertThat(failure).hasMessageEndingWith(" bytes, to " + target);
                    assertThat(failure.getMessage())
                            .containsAnyOf("ENOSPC", by + ": ", "transferTo: ", "transferFrom: ");
                }
                Files.deleteIfExists(target);
            }
        }
    }
}
