package io.zerocopy.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** After the warm-up a step allocates nothing, so a server's transfers never cause a garbage collection. */
class AllocationTest {
    private static final int CHUNK = 64 << 10;
    /** Bytes: the ports, the transfer and its builder, the request, the mover and the result. */
    private static final long MOST_OF_A_TRANSFER = 400;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Tag("thorough")
    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SENDFILE", "READ_WRITE"})
    void stepsFromAFileMakeNoGarbage(Mechanism mechanism) throws Exception {
        Path sparse = fixture.path("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength((Allocation.WARM_UP + Allocation.MEASURED + 10L) * CHUNK);
        }
        FileChannel target = fixture.keep(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE));
        Transfer transfer = Transfers.from(sparse)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .fairChunk(CHUNK)
                .build();
        try (TransferSession session = transfer.open()) {
            assertThat(Allocation.bytesOf(session::advance)).isLessThan(Allocation.MEASURED);
            assertThat(session.transferred()).isPositive();
        }
    }

    /**
     * With foreign functions the JDK makes an object of 40 bytes for each call, which the compiler removes or not, depending
     * on all that the JVM has run.
     */
    @Test
    void stepsBetweenSocketsMakeNoGarbage() throws Exception {
        assertThat(alone(AllocationSubject.SOCKETS, Allocation.MEASURED - 1)).isLessThan(Allocation.MEASURED);
    }

    /** Builder, transfer, result and both ports: what of these the compiler removes depends on all that the JVM has run. */
    @Test
    void aWholeTransferMakesAFewObjects() throws Exception {
        long most = 3L * MOST_OF_A_TRANSFER * Allocation.MEASURED;
        assertThat(alone(AllocationSubject.TRANSFERS, most)).isPositive().isLessThanOrEqualTo(most);
    }

    /** The least allocation in a JVM of its own. */
    private static long alone(String what, long enough) throws Exception {
        Child.Ended ended = new Child().run(AllocationSubject.class, what, Long.toString(enough));
        assertThat(ended.code()).as(ended.output()).isZero();
        Matcher least = Pattern.compile("allocated (\\d+)").matcher(ended.output());
        assertThat(least.find()).as(ended.output()).isTrue();
        return Long.parseLong(least.group(1));
    }

    /** Only the result: ports, plan and mover are those of the run before. */
    @Test
    void aRunOfABuiltTransferMakesItsResult() throws Exception {
        FileChannel from = fixture.keep(FileChannel.open(fixture.file(4096)));
        FileChannel to =
                fixture.keep(FileChannel.open(fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        SocketChannel[] tcp = fixture.tcp();
        ByteBuffer block = ByteBuffer.allocateDirect(16 << 10);
        Transfer copied =
                Transfers.from(from).range(0, 4096).to(to).targetPosition(0).build();
        Transfer sent = Transfers.from(from).range(0, 4096).to(tcp[0]).build();
        long most = 200L * Allocation.MEASURED;
        assertThat(Allocation.leastOf(most, copied::run)).isLessThanOrEqualTo(most);
        assertThat(Allocation.leastOf(most, () -> {
                    sent.run();
                    Allocation.receive(tcp[1], block, 4096);
                }))
                .isLessThanOrEqualTo(most);
    }
}
