package io.zerocopy.nio.internal.strategies;

import static io.zerocopy.nio.internal.strategies.Fixtures.all;
import static io.zerocopy.nio.internal.strategies.Fixtures.drain;
import static io.zerocopy.nio.internal.strategies.Fixtures.mappings;
import static io.zerocopy.nio.internal.strategies.Fixtures.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.nio.internal.ports.FileSource;
import io.zerocopy.nio.internal.ports.FileTarget;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapWriteStrategyTest {
    private static final int SIZE = 20_000_000;
    private final MapWriteStrategy strategy = new MapWriteStrategy();

    @TempDir
    Path folder;

    private Path sourceFile;
    private Path targetFile;
    private FileChannel from;
    private FileChannel to;

    @BeforeEach
    void open() throws IOException {
        sourceFile = Files.write(folder.resolve("mapped-source"), pattern(SIZE));
        targetFile = folder.resolve("target");
        from = FileChannel.open(sourceFile, StandardOpenOption.READ, StandardOpenOption.WRITE);
        to = FileChannel.open(targetFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @AfterEach
    void close() throws IOException {
        from.close();
        to.close();
    }

    @Test
    void refusesTargetsAndSourcesOfWhichTooLittleIsKnown() {
        EndpointFacts file = EndpointFacts.of(EndpointKind.FILE, 10, true);
        assertThat(strategy.refusal(file, EndpointFacts.of(EndpointKind.TCP, -1, true), all(-1)))
                .isNull();
        assertThat(strategy.refusal(file, EndpointFacts.of(EndpointKind.OPAQUE, -1, true), all(-1)))
                .isNotNull();
        assertThat(strategy.refusal(EndpointFacts.of(EndpointKind.VIRTUAL_FILE, -1, true), file, all(0)))
                .isNotNull();
    }

    @Test
    void movesAFileAndLeavesPositionsAloneAndNoMappingBehind() throws IOException {
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), all(7))) {
            assertThat(drain(mover, 3, 7, Long.MAX_VALUE)).isEqualTo(SIZE - 3);
        }
        byte[] found = Files.readAllBytes(targetFile);
        assertThat(Arrays.copyOfRange(found, 7, found.length)).isEqualTo(Arrays.copyOfRange(pattern(SIZE), 3, SIZE));
        assertThat(from.position()).isZero();
        assertThat(to.position()).isZero();
        assertNoMapping();
    }

    @Test
    void unmapsWhenItIsClosedHalfway() throws IOException {
        Mover mover = strategy.open(new FileSource(from), new FileTarget(to), all(0));
        assertThat(mover.step(0, 0, 8 << 20)).isEqualTo(8 << 20);
        mover.close();
        mover.close();
        assertNoMapping();
    }

    @Test
    void movesByTheWindowInFilesLargerThanOne() throws IOException {
        long size = (130L << 20) + 12345;
        from.truncate(0);
        for (long position = 0; position < size; position += 1 << 20) {
            from.write(ByteBuffer.wrap(("mark" + position).getBytes()), position);
        }
        from.write(ByteBuffer.wrap(new byte[] {1}), size - 1);
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), all(0))) {
            assertThat(drain(mover, 0, 0, Long.MAX_VALUE)).isEqualTo(size);
            assertNoMapping();
        }
        assertThat(Files.mismatch(sourceFile, targetFile)).isEqualTo(-1);
    }

    @Test
    void endsWhereTheFileWasTruncatedBetweenSteps() throws IOException {
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), all(0))) {
            long n = mover.step(0, 0, 8 << 20);
            from.truncate(n + 100);
            assertThat(mover.step(n, n, SIZE - n)).isEqualTo(100);
            assertThat(mover.step(n + 100, n + 100, SIZE - n - 100)).isEqualTo(Step.END);
        }
        assertThat(Files.readAllBytes(targetFile)).isEqualTo(Arrays.copyOf(pattern(SIZE), (8 << 20) + 100));
    }

    @Test
    void endsWhereTheFileWasTruncatedInsideAStepWithTheKernelTouchingThePages() throws IOException {
        FileTarget real = new FileTarget(to);
        ScriptedTarget target = new ScriptedTarget(EndpointFacts.of(EndpointKind.FILE, 0, true), to) {
            @Override
            public long write(ByteBuffer source, long position) throws IOException {
                from.truncate(0);
                return real.write(source, position);
            }
        };
        try (Mover mover = strategy.open(new FileSource(from), target, all(0))) {
            assertThat(mover.step(0, 0, SIZE)).isEqualTo(Step.END);
        }
        assertNoMapping();
    }

    @Test
    void deliversWhatIsLeftOfAFileTruncatedInsideAStepWithTheJvmTouchingThePages() throws IOException {
        ScriptedTarget target = new ScriptedTarget(EndpointFacts.of(EndpointKind.FILE, 0, true), to)
                .then((ScriptedTarget.Action) () -> from.truncate(5000));
        try (Mover mover = strategy.open(new FileSource(from), target, all(0))) {
            assertThat(mover.step(0, 0, SIZE)).isEqualTo(5000);
            assertThat(mover.step(5000, 5000, SIZE)).isEqualTo(Step.END);
        }
        assertThat(target.received()).isEqualTo(pattern(5000));
        assertNoMapping();
    }

    /** Truncates the source at a byte in the middle of a page, once, before the kernel gets to it. */
    private ScriptedTarget truncatingTarget(EndpointKind kind, FileTarget real) {
        return new ScriptedTarget(EndpointFacts.of(kind, 0, true), to) {
            @Override
            public long write(ByteBuffer source, long position) throws IOException {
                from.truncate(5000);
                return real.write(source, position);
            }

            @Override
            public long size() throws IOException {
                return real.size();
            }
        };
    }

    @Test
    void cutsZerosAfterTheNewEndOffAFile() throws IOException {
        ScriptedTarget target = truncatingTarget(EndpointKind.FILE, new FileTarget(to));
        try (Mover mover = strategy.open(new FileSource(from), target, all(0))) {
            assertThat(mover.step(0, 0, SIZE)).isEqualTo(5000);
            assertThat(mover.step(5000, 5000, SIZE)).isEqualTo(Step.END);
        }
        assertThat(Files.readAllBytes(targetFile)).isEqualTo(pattern(5000));
    }

    @Test
    void failsRatherThanSendingZerosAsIfTheyWereTheSources() throws IOException {
        ScriptedTarget target = truncatingTarget(EndpointKind.TCP, new FileTarget(to));
        try (Mover mover = strategy.open(new FileSource(from), target, all(-1))) {
            assertThatThrownBy(() -> mover.step(0, -1, SIZE)).hasMessageContaining("truncated");
        }
        assertNoMapping();
    }

    @Test
    void passesOnAFailureThatIsNotTheFiles() throws IOException {
        ScriptedTarget target = new ScriptedTarget(EndpointFacts.of(EndpointKind.FILE, 0, true), to)
                .then(new IOException("No space left on device"));
        try (Mover mover = strategy.open(new FileSource(from), target, all(0))) {
            assertThatThrownBy(() -> mover.step(0, 0, SIZE)).hasMessage("No space left on device");
        }
        assertNoMapping();
    }

    @Test
    void declinesWhereThereIsNoChannelOfTheJdk() throws IOException {
        try (Mover mover = strategy.open(new FileSource(from), new ScriptedTarget(EndpointKind.TCP), all(-1))) {
            assertThat(mover.step(0, -1, SIZE)).isEqualTo(Step.DECLINED);
            assertThat(mover.declinedBecause()).isNotEmpty();
        }
    }

    private void assertNoMapping() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/maps")), "no /proc/self/maps");
        assertThat(mappings(sourceFile)).isZero();
    }
}
