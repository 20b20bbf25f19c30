package io.zerocopy.tests.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.Leg;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.kit.StraceLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct I/O through a ring: what it moves, what it leaves, and what happens if there can be no ring. */
class IoUringTest {
    private static final int SIZE = 9_000_001;

    private TestFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new TestFixture();
        var why = Transfers.capabilities().unavailableBecause(Mechanism.IO_URING);
        Assumptions.assumeTrue(why.isEmpty(), () -> "no io_uring here: " + why.get());
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 32, 256})
    void movesEveryByteAtAnyDepth(int depth) throws Exception {
        Path source = fixture.file(SIZE);
        Path target = fixture.path("t");
        TransferResult result = Transfers.from(source)
                .to(target)
                .use(Mechanism.IO_URING, Preference.REQUIRE)
                .queueDepth(depth)
                .build()
                .run();
        assertThat(result.legs()).containsExactly(new Leg(Mechanism.IO_URING, SIZE));
        assertThat(Files.readAllBytes(target)).isEqualTo(Content.PATTERN.bytes(0, SIZE));
    }

    @Test
    void partsOfFilesThatLieAlikeInTheirBlocksAreMoved() throws Exception {
        Path source = fixture.file(SIZE);
        Path target = fixture.path("t");
        TransferResult result = Transfers.from(source)
                .range(4096 + 17, 5_000_000)
                .to(target)
                .targetPosition(8192 + 17)
                .use(Mechanism.IO_URING, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.legs()).containsExactly(new Leg(Mechanism.IO_URING, 5_000_000));
        byte[] written = Files.readAllBytes(target);
        assertThat(written).hasSize(8192 + 17 + 5_000_000);
        assertThat(java.util.Arrays.copyOfRange(written, 8192 + 17, written.length))
                .isEqualTo(Content.PATTERN.bytes(4096 + 17, 5_000_000));
    }

    @Test
    void rangesOfDifferentAlignmentAreRefusedBeforeAnythingMoves() throws Exception {
        Path source = fixture.file(SIZE);
        Path target = fixture.path("t");
        var transfer = Transfers.from(source)
                .range(1, SIZE - 1)
                .to(target)
                .use(Mechanism.IO_URING, Preference.REQUIRE)
                .build();
        assertThatThrownBy(transfer::run)
                .isInstanceOf(MechanismUnavailableException.class)
                .hasMessageContaining("IO_URING: the positions differ by a part of a block");
        assertThat(target).doesNotExist();
    }

    private static long rings() throws IOException {
        try (var maps = Files.lines(Path.of("/proc/self/maps"));
                var fds = Files.list(Path.of("/proc/self/fd"))) {
            return maps.filter(line -> line.contains("io_uring")).count()
                    + fds.filter(fd -> isRing(fd)).count();
        }
    }

    private static boolean isRing(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString().contains("io_uring");
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    /** Transfers that are done, or cancelled while reads and writes are under way. */
    @Test
    void twoHundredTransfersLeaveNoRingAndNoMapping() throws Exception {
        Path source = fixture.file(3_000_000);
        Path target = fixture.path("t");
        for (int i = 0; i < 200; i++) {
            try (TransferSession session = Transfers.from(source)
                    .to(target)
                    .use(Mechanism.IO_URING, Preference.REQUIRE)
                    .fairChunk(1 << 20)
                    .build()
                    .open()) {
                session.advance();
                assertThat(rings()).isPositive();
                if (i % 2 == 0) {
                    TestFixture.drive(session);
                }
            }
            assertThat(rings()).isZero();
        }
    }

    /** Requires IO_URING and DIRECT_IO, and prints the outcome of each. */
    static final class Subject {
        private Subject() {}

        public static void main(String[] args) throws IOException {
            Path source = Path.of(args[0]);
            Path target = Path.of(args[1]);
            for (Mechanism mechanism : new Mechanism[] {Mechanism.IO_URING, Mechanism.DIRECT_IO}) {
                try {
                    TransferResult result = Transfers.from(source)
                            .to(target)
                            .use(mechanism, Preference.REQUIRE)
                            .build()
                            .run();
                    System.out.println(mechanism + " moved " + result.bytes() + " by " + result.mechanism());
                    System.out.println("same: " + (Files.mismatch(source, target) < 0));
                } catch (MechanismUnavailableException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    private String under(String... command) throws Exception {
        Path source = fixture.file(SIZE);
        Child.Ended ended = new Child()
                .under(command)
                .run(Subject.class, source.toString(), fixture.path("t").toString());
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended.output();
    }

    /** The filter of a container answers EPERM, and a kernel without rings answers ENOSYS. */
    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(strings = {"EPERM", "ENOSYS", "ENOMEM", "EMFILE"})
    void withoutARingDirectIoStillWorks(String error) throws Exception {
        StraceLog.assumeInstalled();
        String said = under(
                "strace",
                "-f",
                "-qq",
                "-o",
                fixture.path("log").toString(),
                "-e",
                "trace=io_uring_setup",
                "-e",
                "inject=io_uring_setup:error=" + error);
        assertThat(said)
                .contains("IO_URING: io_uring_setup")
                .contains(error)
                .contains("DIRECT_IO moved " + SIZE + " by DIRECT_IO")
                .contains("same: true");
    }

    /**
     * The probe finds a ring, but the transfer gets none; with the mechanism required by name, it continues without a
     * ring.
     */
    @Test
    void aRingThatCannotBeHadAnyMoreIsNoFailure() throws Exception {
        StraceLog.assumeInstalled();
        String said = under(
                "strace",
                "-f",
                "-qq",
                "-o",
                fixture.path("log").toString(),
                "-e",
                "trace=io_uring_setup",
                "-e",
                "inject=io_uring_setup:error=ENOMEM:when=2+");
        assertThat(said).contains("IO_URING: io_uring_setup").contains("DIRECT_IO moved " + SIZE);
    }

    /** Registered buffers save time, but the ring works without them. */
    @Test
    void buffersThatCannotBeRegisteredAreStillUsed() throws Exception {
        StraceLog.assumeInstalled();
        String said = under(
                "strace",
                "-f",
                "-qq",
                "-o",
                fixture.path("log").toString(),
                "-e",
                "trace=io_uring_register",
                "-e",
                "inject=io_uring_register:error=ENOMEM:when=2+");
        assertThat(said).contains("IO_URING moved " + SIZE + " by IO_URING").contains("same: true");
    }
}
