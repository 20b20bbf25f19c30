package io.zerocopy.nio.internal.strategies.transfer;

import static io.zerocopy.nio.internal.strategies.Fixtures.all;
import static io.zerocopy.nio.internal.strategies.Fixtures.bytes;
import static io.zerocopy.nio.internal.strategies.Fixtures.drain;
import static io.zerocopy.nio.internal.strategies.Fixtures.pattern;
import static io.zerocopy.nio.internal.strategies.Fixtures.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zerocopy.Preference;
import io.zerocopy.nio.internal.OwnPosition;
import io.zerocopy.nio.internal.ports.FileSource;
import io.zerocopy.nio.internal.ports.FileTarget;
import io.zerocopy.nio.internal.strategies.ScriptedSource;
import io.zerocopy.nio.internal.strategies.ScriptedTarget;
import io.zerocopy.nio.internal.strategies.StubFileChannel;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferFromStrategyTest {
    private static final int SIZE = 3_000_000;
    private final TransferFromStrategy strategy = new TransferFromStrategy();

    @TempDir
    Path folder;

    private Path targetFile;
    private FileChannel from;
    private FileChannel to;

    @BeforeEach
    void open() throws IOException {
        Path sourceFile = Files.write(folder.resolve("source"), pattern(SIZE));
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
    void movesAFileFromWhereItStandsAndPutsItsPositionBack() throws IOException {
        from.position(9);
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), request(9, 0, Preference.AUTO))) {
            assertThat(drain(mover, 9, 0, Long.MAX_VALUE)).isEqualTo(SIZE - 9);
        }
        assertThat(from.position()).isEqualTo(9);
        assertThat(to.position()).isZero();
        assertThat(Files.readAllBytes(targetFile)).isEqualTo(Arrays.copyOfRange(pattern(SIZE), 9, SIZE));
    }

    private static boolean kernelCopies() {
        EndpointFacts file = EndpointFacts.of(EndpointKind.FILE, 1, true);
        return KernelCopy.serves(file, file);
    }

    @Test
    void knowsWhichJdkHasTheKernelCopy() {
        assertThat(kernelCopies()).isEqualTo(Runtime.version().feature() >= 21);
        EndpointFacts elsewhere = new EndpointFacts(EndpointKind.FILE, 1, false, true, true, 7, 1, "tmpfs");
        assertThat(KernelCopy.serves(EndpointFacts.of(EndpointKind.FILE, 1, true), elsewhere))
                .isFalse();
    }

    @Test
    void movesNoUnnamedPosition() throws IOException {
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), request(9, 0, Preference.AUTO))) {
            assertThat(mover.step(9, 0, 100)).isEqualTo(kernelCopies() ? Step.DECLINED : 100);
            assertThat(from.position()).isZero();
        }
    }

    /** Moves bytes itself, not by the kernel, and loses their count when the source is closed meanwhile. */
    private static final class Forgetful extends StubFileChannel {
        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            source.close();
            throw new ClosedChannelException();
        }
    }

    @Test
    void saysWhatIsNotCertainWhereTheKernelRefusedAndTheSourceIsGone() throws IOException {
        try (FileChannel forgetful = new Forgetful();
                Mover mover =
                        new TransferFromFileMover(new FileSource(from), from, forgetful, OwnPosition.borrow(from))) {
            assertThatThrownBy(() -> mover.step(0, 70, SIZE))
                    .isInstanceOf(AsynchronousCloseException.class)
                    .hasMessage("transferFrom may have brought up to " + SIZE
                            + " bytes more to position 70, of which the JDK does not tell");
        }
    }

    @Test
    void endsWhereTheFileWasTruncated() throws IOException {
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), all(0))) {
            assertThat(mover.step(0, 0, 1000)).isEqualTo(1000);
            from.truncate(1500);
            assertThat(mover.step(1000, 1000, SIZE)).isEqualTo(500);
            assertThat(mover.step(1500, 1500, SIZE)).isEqualTo(Step.END);
        }
    }

    @Test
    void movesOrDeclinesBeyondTheEndOfTheTargetButNeverSpins() throws IOException {
        try (Mover mover = strategy.open(new FileSource(from), new FileTarget(to), all(100))) {
            long n = mover.step(0, 100, 50);
            assertThat(n).isIn(50L, Step.DECLINED);
            assertThat(to.size()).isEqualTo(n == 50 ? 150 : 0);
        }
        ScriptedSource stream = new ScriptedSource(EndpointKind.TCP, pattern(50));
        try (Mover mover = strategy.open(stream, new FileTarget(to), all(1000))) {
            long n = mover.step(0, 1000, 50);
            assertThat(n).isIn(50L, Step.DECLINED);
            assertThat(stream.taken()).isEqualTo(Math.max(0, n));
        }
    }

    @Test
    void movesAStreamWithWaitsAndShortCounts() throws IOException {
        ScriptedSource source =
                new ScriptedSource(EndpointKind.TCP, pattern(SIZE)).then(Step.AWAIT_SOURCE, 100, 20_000);
        try (Mover mover = strategy.open(source, new FileTarget(to), all(0))) {
            assertThat(mover.step(0, 0, SIZE)).isEqualTo(Step.AWAIT_SOURCE);
            assertThat(mover.step(0, 0, SIZE)).isEqualTo(100);
            assertThat(drain(mover, 100, 100, 150)).isEqualTo(150);
            assertThat(source.taken()).isEqualTo(250);
            assertThat(drain(mover, 250, 250, Long.MAX_VALUE)).isEqualTo(SIZE - 250);
        }
        assertThat(Files.readAllBytes(targetFile)).isEqualTo(pattern(SIZE));
    }

    @Test
    void losesNothingWhenTheTargetIsFull() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full");
        ScriptedSource source = new ScriptedSource(EndpointKind.TCP, pattern(100_000));
        try (FileChannel device = FileChannel.open(full, StandardOpenOption.WRITE);
                Mover mover = strategy.open(
                        source, new ScriptedTarget(EndpointFacts.of(EndpointKind.FILE, 0, true), device), all(0))) {
            assertThatThrownBy(() -> mover.step(0, 0, SIZE)).isInstanceOf(IOException.class);
            assertThat(source.taken()).isEqualTo(100_000);
            assertThat(bytes(mover.residue())).isEqualTo(pattern(100_000));
        }
    }

    @Test
    void handsOutAgainWhatTheTargetDidNotTake() throws IOException {
        ScriptedSource source = new ScriptedSource(EndpointKind.TCP, pattern(40_000)).then(20_000, 20_000);
        ReplayingChannel channel = new ReplayingChannel(source);
        ByteBuffer jdk = ByteBuffer.allocate(8192);

        channel.begin(0, 30_000);
        assertThat(channel.read(jdk)).isEqualTo(8192);
        assertThat(channel.read(jdk.clear())).isEqualTo(8192);
        channel.end(8192 + 1000); // only a part of the second chunk was written
        channel.begin(0, 2000);
        assertThat(channel.read(jdk.clear())).isEqualTo(2000);
        assertThat(bytes(jdk.flip())).isEqualTo(Arrays.copyOfRange(pattern(40_000), 9192, 11_192));
        assertThat(channel.read(jdk.clear())).isZero();
        channel.end(0);

        assertThat(bytes(channel.residue())).isEqualTo(Arrays.copyOfRange(pattern(40_000), 9192, 20_000));
        assertThat(source.reads).isEqualTo(1);
        channel.giveBack();
    }

    @Test
    void passesOnAFailingSourceAfterWhatItGaveBefore() throws IOException {
        ScriptedSource source =
                new ScriptedSource(EndpointKind.TCP, pattern(500)).then(500, new IOException("Connection reset"));
        try (Mover mover = strategy.open(source, new FileTarget(to), all(0))) {
            assertThat(mover.step(0, 0, SIZE)).isEqualTo(500);
            assertThatThrownBy(() -> mover.step(500, 500, SIZE)).hasMessage("Connection reset");
            assertThat(mover.residue().hasRemaining()).isFalse();
        }
    }
}
