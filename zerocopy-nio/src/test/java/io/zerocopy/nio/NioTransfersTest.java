package io.zerocopy.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole transfers, from the public API through the ports and mechanisms of this module. */
class NioTransfersTest {
    private final byte[] data = new byte[5_000_001];

    @TempDir
    Path folder;

    private Path source;
    private Path target;

    @BeforeEach
    void write() throws IOException {
        new Random(1).nextBytes(data);
        source = Files.write(folder.resolve("source"), data);
        target = folder.resolve("target");
    }

    @ParameterizedTest
    @EnumSource(names = {"READ_WRITE", "TRANSFER_TO", "TRANSFER_FROM", "MMAP_WRITE"})
    void copiesFilesByEachMechanism(Mechanism mechanism) throws IOException {
        TransferResult result = Transfers.from(source)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.mechanism()).isEqualTo(mechanism);
        assertThat(result.bytes()).isEqualTo(data.length);
        assertThat(result.fallbacks()).isEmpty();
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    /** A channel does not say which file it reads, and opening the target would empty that file. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChannelIsNotCopiedOverItsOwnFile(boolean lockedByItsOwner) throws IOException {
        Files.write(target, new byte[data.length]);
        FileTime before = Files.getLastModifiedTime(source);
        try (FileChannel from = FileChannel.open(source);
                FileLock lock = lockedByItsOwner ? from.lock(0, Long.MAX_VALUE, true) : null) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Transfers.from(from).to(source).build().run())
                    .withMessageContaining("one file");
            assertThat(Files.readAllBytes(source)).isEqualTo(data);
            assertThat(Files.getLastModifiedTime(source)).isEqualTo(before);
            assertThat(lock == null || lock.isValid()).isTrue();
            assertThat(Transfers.from(from).to(target).build().run().bytes()).isEqualTo(data.length);
            assertThat(Files.readAllBytes(target)).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"READ_WRITE", "TRANSFER_TO", "TRANSFER_FROM", "MMAP_WRITE"})
    void leavesOrAdvancesChannelPositionsByEachMechanism(Mechanism mechanism) throws IOException {
        try (FileChannel from = FileChannel.open(source);
                FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            from.position(3);
            to.position(5);
            Transfers.from(from)
                    .range(1000, 2_000_000)
                    .to(to)
                    .targetPosition(0)
                    .use(mechanism, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(from.position()).isEqualTo(3);
            assertThat(to.position()).isEqualTo(5);
            assertThat(Files.readAllBytes(target)).isEqualTo(Arrays.copyOfRange(data, 1000, 2_001_000));

            Transfers.from(from)
                    .count(10)
                    .to(to)
                    .use(mechanism, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(from.position()).isEqualTo(13);
            assertThat(to.position()).isEqualTo(15);
            assertThat(Arrays.copyOfRange(Files.readAllBytes(target), 5, 15))
                    .isEqualTo(Arrays.copyOfRange(data, 3, 13));
        }
    }

    @Test
    void appendsAndSendsHeaderAndTrailer() throws IOException {
        Files.writeString(target, "old,");
        try (FileChannel append = FileChannel.open(target, StandardOpenOption.APPEND)) {
            TransferResult result = Transfers.from(source)
                    .header(ByteBuffer.wrap("head,".getBytes()))
                    .trailer(ByteBuffer.wrap(",tail".getBytes()))
                    .to(append)
                    .build()
                    .run();
            assertThat(result.bytes()).isEqualTo(data.length + 10);
        }
        byte[] found = Files.readAllBytes(target);
        assertThat(new String(found, 0, 9)).isEqualTo("old,head,");
        assertThat(Arrays.copyOfRange(found, 9, 9 + data.length)).isEqualTo(data);
        assertThat(new String(found, found.length - 5, 5)).isEqualTo(",tail");
    }

    @Test
    void copiesBetweenStreamsAndForeignChannels() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(Transfers.copy(new ByteArrayInputStream(data), out).bytes()).isEqualTo(data.length);
        assertThat(out.toByteArray()).isEqualTo(data);
        out.reset();
        Transfers.copy(source, Channels.newChannel(out));
        assertThat(out.toByteArray()).isEqualTo(data);
        Transfers.copy(Channels.newChannel(new ByteArrayInputStream(data)), target);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void writesRangesOfOneFileInParallel() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (FileChannel from = FileChannel.open(source);
                FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            List<Callable<TransferResult>> parts = new ArrayList<>();
            for (int start = 0; start < data.length; start += 50_000) {
                long position = start;
                parts.add(() -> Transfers.from(from)
                        .range(position, 50_000)
                        .to(to)
                        .targetPosition(position)
                        .build()
                        .run());
            }
            for (Future<TransferResult> part : threads.invokeAll(parts)) {
                part.get();
            }
            assertThat(from.position()).isZero();
            assertThat(to.position()).isZero();
        } finally {
            threads.shutdown();
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    @EnabledIf("hasDevFull")
    void handsBackWhatAFullDeviceDidNotTake() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(data);
        try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> Transfers.from(in).to(full).build().run())
                    .isInstanceOfSatisfying(IOException.class, e -> {
                        TransferFailure failure = (TransferFailure) e;
                        assertThat(failure.transferred()).isZero();
                        byte[] back = new byte[failure.remainder().remaining()];
                        failure.remainder().get(back);
                        assertThat(back.length).isEqualTo(data.length - in.available());
                        assertThat(back).isEqualTo(Arrays.copyOf(data, back.length));
                    });
        }
    }

    static boolean hasDevFull() {
        return Files.exists(Path.of("/dev/full"));
    }
}
