package io.zerocopy.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.EOFException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** After the warm-up a step allocates nothing, so a server's transfers never cause a garbage collection. */
class AllocationTest {
    private static final int WARM_UP = 20_000; // until the compiler has compiled the calls of java.lang.foreign
    private static final int CHUNK = 64 << 10;
    private static final int MEASURED = 1000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
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
            file.setLength((WARM_UP + MEASURED + 10L) * CHUNK);
        }
        FileChannel target = fixture.keep(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE));
        Transfer transfer = Transfers.from(sparse)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .fairChunk(CHUNK)
                .build();
        try (TransferSession session = transfer.open()) {
            assertThat(bytesOf(session::advance)).isLessThan(MEASURED);
            assertThat(session.transferred()).isPositive();
        }
    }

    @Test
    void stepsBetweenSocketsMakeNoGarbage() throws Exception {
        SocketChannel[] one = fixture.tcp();
        SocketChannel[] two = fixture.tcp();
        two[1].configureBlocking(false);
        ByteBuffer block = ByteBuffer.allocateDirect(16 << 10);
        try (TransferSession session = Transfers.from(one[0])
                .to(two[0])
                .use(Mechanism.SPLICE, Preference.REQUIRE)
                .build()
                .open()) {
            long steps = leastOf(MEASURED - 1, () -> {
                one[1].write(block.clear());
                session.advance();
                two[1].read(block.clear());
            });
            assertThat(steps).isLessThan(MEASURED);
            assertThat(session.transferred()).isGreaterThan(16 << 10);
        }
    }

    /** Builder, transfer, result and both ports, if the compiler does not optimise them away: three transfers. */
    @Test
    void aWholeTransferMakesAFewObjects() throws Exception {
        Path source = fixture.file(4096);
        FileChannel from = fixture.keep(FileChannel.open(source));
        FileChannel to = fixture.keep(FileChannel.open(
                fixture.path("t"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ));
        SocketChannel[] tcp = fixture.tcp();
        ByteBuffer block = ByteBuffer.allocateDirect(16 << 10);
        long most = 3L * MOST_OF_A_TRANSFER * MEASURED;
        assertThat(leastOf(most, () -> copy(from, to, tcp, block))).isLessThanOrEqualTo(most);
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
        long most = 200L * MEASURED;
        assertThat(leastOf(most, copied::run)).isLessThanOrEqualTo(most);
        assertThat(leastOf(most, () -> {
                    sent.run();
                    receive(tcp[1], block, 4096);
                }))
                .isLessThanOrEqualTo(most);
    }

    /** Runs three transfers: to a file, from there to a socket, and from memory to a socket. */
    private static void copy(FileChannel from, FileChannel to, SocketChannel[] tcp, ByteBuffer block) throws Exception {
        Transfers.from(from).range(0, 4096).to(to).targetPosition(0).build().run();
        Transfers.from(from).range(0, 4096).to(tcp[0]).build().run();
        Transfers.from(block.clear().limit(4096)).to(tcp[0]).build().run();
        receive(tcp[1], block, 8192);
    }

    private static void receive(SocketChannel from, ByteBuffer block, int count) throws Exception {
        for (int n = 0; n < count; ) {
            int some = from.read(block.clear());
            if (some < 0) { // an assertion itself would allocate
                throw new EOFException();
            }
            n += some;
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Returns the least allocation; repeats the step until the compiler, which may be late, has compiled it. */
    private long leastOf(long enough, Step step) throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 40 && least > enough; i++) {
            least = Math.min(least, bytesOf(step));
        }
        return least;
    }

    private long bytesOf(Step step) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MEASURED; i++) {
            step.run();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
