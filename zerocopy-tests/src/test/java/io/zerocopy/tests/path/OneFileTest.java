package io.zerocopy.tests.path;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Part;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One file is used by two channels, or by its name and a channel: overlapping ranges are refused, with and without the
 * native part.
 */
class OneFileTest {
    private static final int SIZE = 3 << 20;
    private static final int COUNT = 2 << 20;
    private static final int BEHIND = 4096;

    private TestFixture fixture;
    private Path file;
    private FileChannel reads;
    private FileChannel writes;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        file = fixture.file(SIZE);
        reads = fixture.keep(FileChannel.open(file));
        writes = fixture.keep(FileChannel.open(file, WRITE));
    }

    @AfterEach
    void close() throws Exception {
        System.clearProperty("zerocopy.disable");
        fixture.close();
    }

    private Stream<Transfer.Builder> sources(long position, long count) {
        return Stream.of(
                Transfers.from(reads).range(position, count),
                Transfers.from(file).range(position, count),
                Transfers.concat(Part.of(reads, position, count)),
                Transfers.concat(Part.of(file, 0, 0), Part.of(reads, position, count)));
    }

    private void refused(Transfer.Builder builder) throws IOException {
        byte[] before = Files.readAllBytes(file);
        Transfer transfer = builder.build();
        assertThatThrownBy(transfer::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlapping ranges of one file");
        assertThatThrownBy(transfer::open).isInstanceOf(IllegalArgumentException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void overlappingRangesThroughTwoChannelsAreRefused(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        for (Transfer.Builder builder : sources(0, COUNT).toList()) {
            refused(builder.to(writes).targetPosition(BEHIND));
        }
        for (Transfer.Builder builder : sources(BEHIND, COUNT).toList()) {
            refused(builder.to(writes).targetPosition(0));
        }
        reads.position(10);
        refused(Transfers.from(reads).to(writes));
        assertThat(reads.position()).isEqualTo(10);
        assertThat(writes.position()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void rangesThatDoNotOverlapAreCopied(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        for (Transfer.Builder builder : sources(0, 1 << 20).toList()) {
            builder.to(writes).targetPosition(COUNT).build().run();
            byte[] all = Files.readAllBytes(file);
            assertThat(Arrays.copyOfRange(all, COUNT, SIZE)).isEqualTo(Content.PATTERN.bytes(0, 1 << 20));
            assertThat(Arrays.copyOf(all, COUNT)).isEqualTo(Content.PATTERN.bytes(0, COUNT));
        }
    }

    /**
     * A lock shows that two ends are one file. The owner's own locks must not prevent this, and are still held
     * afterwards.
     */
    @Test
    void locksOfTheOwnerDoNotHideIt() throws Exception {
        System.setProperty("zerocopy.disable", "native");
        for (FileChannel locking : new FileChannel[] {reads, writes}) {
            try (FileLock lock = locking.lock(0, Long.MAX_VALUE, locking == reads)) {
                refused(Transfers.from(reads).range(0, COUNT).to(writes).targetPosition(BEHIND));
                assertThat(lock.isValid()).isTrue();
            }
        }
    }

    @Test
    void filesThatTheirOwnerHasLockedAreCopied() throws Exception {
        System.setProperty("zerocopy.disable", "native");
        Path other = fixture.file(100);
        try (FileChannel target = FileChannel.open(other, READ, WRITE);
                FileLock shared = reads.lock(0, Long.MAX_VALUE, true);
                FileLock whole = target.lock()) {
            Transfers.from(reads).to(target).build().run();
            assertThat(shared.isValid() && whole.isValid()).isTrue();
        }
        assertThat(Files.mismatch(file, other)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void filesOfOneLengthAreToldApart(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path other = Files.write(fixture.path("other"), new byte[SIZE]);
        try (FileChannel target = FileChannel.open(other, WRITE)) {
            Transfers.from(reads).to(target).build().run();
        }
        assertThat(Files.mismatch(file, other)).isEqualTo(-1);
    }
}
