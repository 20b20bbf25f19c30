package io.zerocopy.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources of thousands of buffers, and the memory that buffers on the heap leave in use. */
class ManyBuffersTest {
    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Returns buffers of 1 to 9 bytes, some of them empty: heap, direct, mapped, read-only, slices with offsets. */
    private ByteBuffer[] many(int count, ByteArrayOutputStream expected) throws Exception {
        Random random = new Random(count);
        byte[] bytes = Content.PATTERN.bytes(0, 10 * count);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        ByteBuffer mapped;
        try (FileChannel file = FileChannel.open(fixture.file(bytes.length))) {
            mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length);
        }
        ByteBuffer[] buffers = new ByteBuffer[count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            int length = 1 + random.nextInt(9);
            int kind = random.nextInt(6);
            ByteBuffer[] kinds = {
                ByteBuffer.wrap(bytes, at, length),
                ByteBuffer.wrap(bytes, at, length).slice().asReadOnlyBuffer(),
                direct.duplicate().limit(at + length).position(at),
                direct.slice(at, length).asReadOnlyBuffer(),
                mapped.slice(at, length),
                ByteBuffer.allocate(0)
            };
            buffers[i] = kinds[kind];
            if (kind < 5) {
                expected.write(bytes, at, length);
                at += length;
            }
        }
        return buffers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "session", "unix", "pipe", "file", "positioned file", "stream", "zerocopy"})
    void tenThousandSmallBuffersArriveInOrder(String target) throws Exception {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteBuffer[] buffers = many(10_000, expected);
        byte[] all = expected.toByteArray();
        assertThat(sent(Transfers.from(buffers), target, all.length)).isEqualTo(all);
        assertThat(buffers).allMatch(buffer -> !buffer.hasRemaining());
    }

    private byte[] sent(Transfer.Builder builder, String target, int size) throws Exception {
        Path file = fixture.path("t");
        switch (target) {
            case "file":
                builder.to(file).build().run();
                return Files.readAllBytes(file);
            case "positioned file":
                builder.to(file).targetPosition(3).build().run();
                return Arrays.copyOfRange(Files.readAllBytes(file), 3, 3 + size);
            case "stream":
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                builder.to(out).build().run();
                return out.toByteArray();
            default:
                Pipe pipe = fixture.pipe();
                SocketChannel[] pair = target.equals("unix") ? fixture.unix() : fixture.tcp();
                ReadableByteChannel from = target.equals("pipe") ? pipe.source() : pair[1];
                Future<byte[]> received =
                        fixture.peer(() -> Channels.newInputStream(from).readNBytes(size));
                if (target.equals("session")) {
                    pair[0].configureBlocking(false);
                    try (TransferSession session = builder.to(pair[0]).build().open()) {
                        TestFixture.drive(session);
                    }
                } else if (target.equals("zerocopy")) {
                    builder.to(pair[0])
                            .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                            .build()
                            .run();
                } else {
                    builder.to(target.equals("pipe") ? pipe.sink() : pair[0])
                            .build()
                            .run();
                }
                return TestFixture.join(received);
        }
    }

    /** The peer closes in the middle: the positions of the buffers say to the byte what the socket took. */
    @Test
    void positionsTellWhatWasTakenWhenThePeerGoesAway() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        ByteBuffer[] buffers = new ByteBuffer[5000];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = i % 3 == 0 ? ByteBuffer.allocate(3001) : ByteBuffer.allocateDirect(3001);
        }
        Future<?> peer = fixture.peer(() -> {
            Channels.newInputStream(pair[1]).readNBytes(2_000_000);
            pair[1].close();
            return null;
        });
        Transfer transfer = Transfers.from(buffers).to(pair[0]).build();
        TransferException e = catchThrowableOfType(TransferException.class, transfer::run);
        TestFixture.join(peer);
        long left = e.transferred();
        assertThat(left).isBetween(2_000_000L, 5000 * 3001L - 1);
        for (ByteBuffer buffer : buffers) {
            assertThat((long) buffer.position()).isEqualTo(Math.max(0, Math.min(left, 3001)));
            left -= 3001;
        }
    }

    @Test
    void aCountEndsInTheMiddleOfABuffer() throws Exception {
        for (int count : new int[] {0, 1, 1024, 5555, 40_000}) {
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            ByteBuffer[] buffers = many(10_000, expected);
            TransferResult result = Transfers.from(buffers)
                    .count(count)
                    .to(fixture.path("t"))
                    .build()
                    .run();
            assertThat(result.bytes()).isEqualTo(count);
            long left = expected.size() - count;
            assertThat(Arrays.stream(buffers).mapToLong(ByteBuffer::remaining).sum())
                    .isEqualTo(left);
        }
    }

    /**
     * The JDK would keep a direct buffer of 1 MiB for each thread that ever wrote 1 MiB from the heap. Here the memory
     * for these sends belongs to a bounded pool, so it does not grow after the first round.
     */
    @Tag("thorough")
    @Test
    void heapBuffersLeaveNothingBehindInTheirThreads() throws Exception {
        long before = directMemory();
        int threads = 100;
        int sendsPerThread = 100;
        CyclicBarrier rounds = new CyclicBarrier(threads + 1);
        SocketChannel[][] pairs = new SocketChannel[threads][];
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            SocketChannel[] pair = fixture.unix();
            pairs[i] = pair;
            all.add(fixture.peer(() -> {
                ByteBuffer sink = ByteBuffer.allocateDirect(16 << 10);
                while (pair[1].read(sink.clear()) >= 0) {
                    assertThat(sink.position()).isPositive();
                }
                return null;
            }));
            all.add(fixture.peer(() -> {
                ByteBuffer megabyte = ByteBuffer.allocate(1 << 20);
                for (int n = 0; n < sendsPerThread; n++) {
                    Transfers.from(megabyte.clear()).to(pair[0]).build().run();
                    if (n == 9 || n == sendsPerThread - 1) {
                        rounds.await(
                                TestFixture.DEADLINE_SECONDS,
                                TimeUnit.SECONDS); // all threads live, each with its caches
                        rounds.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
                    }
                }
                pair[0].shutdownOutput();
                return null;
            }));
        }
        rounds.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        long after1000 = directMemory();
        rounds.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        rounds.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        long after10000 = directMemory();
        rounds.await(TestFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        for (Future<?> future : all) {
            TestFixture.join(future);
        }
        long ofThePools = 16L << 20; // the number of idle bytes in the pools varies by that much
        assertThat(after10000).isLessThanOrEqualTo(after1000 + ofThePools);
        assertThat(after10000 - before)
                .as("far less than one of these per thread")
                .isLessThan((threads / 2L) << 20);
    }

    /** Returns the direct memory in use after the collector has freed all that is not referenced. */
    private static long directMemory() throws InterruptedException {
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(20);
            least = Math.min(least, direct.getMemoryUsed());
        }
        return least;
    }
}
