package io.zerocopy.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Mechanism;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferInterruptedException;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Child;
import io.zerocopy.tests.waiting.ManyWaitSubject;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory that the kernel still reads must not be changed; peers read slowly. */
class MemoryToWireTest {
    private static final int SIZE = 6 << 20; // more than the socket's buffers on both sides together
    private static final int HALF_WAY = 1_000_000; // more than the peer's buffer, less than the sender's

    private TestFixture fixture;
    private SocketChannel[] pair;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        pair = fixture.tcp();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static ByteBuffer filled(boolean direct, int size) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
        return buffer.put(Content.PATTERN.bytes(0, size)).flip();
    }

    private TransferSession sending(ByteBuffer memory) throws Exception {
        Transfer.Builder transfer = Transfers.from(memory).to(pair[0]);
        return transfer.use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE).build().open();
    }

    private static void overwrite(ByteBuffer buffer) {
        buffer.duplicate().clear().put(new byte[buffer.capacity()]);
    }

    @ParameterizedTest
    @CsvSource({
        "GATHER_WRITE, true",
        "GATHER_WRITE, false",
        "READ_WRITE, true",
        "MSG_ZEROCOPY, true",
        "MSG_ZEROCOPY, false"
    })
    void whatIsChangedAfterRunNeverReachesThePeer(Mechanism mechanism, boolean direct) throws Exception {
        ByteBuffer buffer = filled(direct, SIZE);
        CountDownLatch stalled = new CountDownLatch(1);
        Future<byte[]> received = fixture.peer(() -> {
            stalled.await();
            return Channels.newInputStream(pair[1]).readNBytes(SIZE);
        });
        Thread sender = Thread.currentThread();
        Future<?> starter = fixture.peer(() -> {
            TestFixture.until("the sender waits", () -> TestFixture.waits(sender));
            stalled.countDown();
            return null;
        });
        TransferResult result = Transfers.from(buffer)
                .to(pair[0])
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        overwrite(buffer);
        TestFixture.join(starter);
        assertThat(TestFixture.join(received)).isEqualTo(Content.PATTERN.bytes(0, SIZE));
        assertThat(result.mechanism()).isEqualTo(mechanism);
        assertThat(result.bytes()).isEqualTo(SIZE);
    }

    /** Loopback copies, and the kernel reports it: the result says so, and the socket is not asked again. */
    @Test
    void aKernelThatCopiedIsToldAndNotAskedAgain() throws Exception {
        Future<byte[]> received =
                fixture.peer(() -> Channels.newInputStream(pair[1]).readNBytes(2 * SIZE));
        TransferResult result = Transfers.from(filled(true, SIZE))
                .to(pair[0])
                .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.fallbacks())
                .singleElement()
                .matches(f -> f.mechanism() == Mechanism.MSG_ZEROCOPY)
                .matches(f -> f.reason().contains("SO_EE_CODE_ZEROCOPY_COPIED"));
        Transfer again = Transfers.from(filled(true, SIZE)).to(pair[0]).build();
        assertThat(again.plan().candidates().get(0))
                .matches(c -> c.mechanism() == Mechanism.MSG_ZEROCOPY && !c.eligible())
                .matches(c -> c.reason().contains("SO_EE_CODE_ZEROCOPY_COPIED"));
        assertThat(again.run().mechanism()).isEqualTo(Mechanism.GATHER_WRITE);
        assertThat(TestFixture.join(received)).hasSize(2 * SIZE);
    }

    /**
     * A transfer is cancelled while the peer has not read: memory that the kernel still reads is neither freed nor used
     * again.
     */
    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSessionThatIsClosedLeavesTheMemoryToTheKernel(boolean direct) throws Exception {
        pair[0].configureBlocking(false);
        TransferSession session = sending(filled(direct, SIZE));
        Status status = Status.PROGRESS;
        while (status == Status.PROGRESS) {
            status = session.advance();
        }
        assertThat(status).isEqualTo(Status.AWAIT_TARGET);
        int sent = (int) session.transferred();
        assertThat(sent).isBetween(100_000, SIZE - 1);
        session.close();
        session = null; // no reference to the buffers is left
        SocketChannel[] other = fixture.tcp();
        Future<?> discarded =
                fixture.peer(() -> Channels.newInputStream(other[1]).readAllBytes());
        byte[] wrong = new byte[SIZE];
        for (int i = 0; i < 20; i++) {
            System.gc(); // frees unreferenced direct memory
            ByteBuffer reused = ByteBuffer.allocateDirect(SIZE).put(wrong).flip();
            Transfers.from(reused, ByteBuffer.wrap(wrong)).to(other[0]).build().run();
        }
        other[0].shutdownOutput();
        TestFixture.join(discarded);
        assertThat(Channels.newInputStream(pair[1]).readNBytes(sent)).isEqualTo(Content.PATTERN.bytes(0, sent));
    }

    @ParameterizedTest
    @EnumSource(names = {"GATHER_WRITE", "READ_WRITE", "MSG_ZEROCOPY", "SENDFILE", "TRANSFER_TO", "MMAP_WRITE"})
    void aPeerThatReadsOneByteAtATimeReceivesEverything(Mechanism mechanism) throws Exception {
        int size = 150_000;
        boolean file = mechanism == Mechanism.SENDFILE
                || mechanism == Mechanism.TRANSFER_TO
                || mechanism == Mechanism.MMAP_WRITE;
        Future<byte[]> received = fixture.peer(() -> {
            byte[] all = new byte[size + 20];
            ByteBuffer one = ByteBuffer.allocate(1);
            for (int i = 0; i < all.length; i++) {
                pair[1].read(one.clear());
                all[i] = one.get(0);
            }
            return all;
        });
        Transfer.Builder from = file
                ? Transfers.from(fixture.file(size))
                : Transfers.from(filled(true, size / 2), rest(size / 2, size - size / 2));
        TransferResult result = from.header(ByteBuffer.allocate(10))
                .trailer(ByteBuffer.allocateDirect(10))
                .to(pair[0])
                .use(mechanism, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.bytes()).isEqualTo(size + 20);
        ByteBuffer expected = ByteBuffer.allocate(size + 20).position(10).put(Content.PATTERN.bytes(0, size));
        assertThat(TestFixture.join(received)).isEqualTo(expected.array());
    }

    private static ByteBuffer rest(int from, int count) {
        return ByteBuffer.wrap(Content.PATTERN.bytes(from, count));
    }

    /**
     * The peer stalls. Either the socket has room, or its error queue has reports. A selector that waits for one of
     * them must not return all the time because of the other.
     */
    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({"1000000, false", "1000000, true", "6000000, false", "6000000, true"})
    void aSelectorSleepsWhileThePeerDoes(int size, boolean told) throws Exception {
        pair[0].configureBlocking(false);
        int wakeups = 0;
        try (Selector selector = Selector.open();
                TransferSession session = sending(filled(true, size))) {
            SelectionKey key = pair[0].register(selector, 0);
            long stallEnds = System.nanoTime() + 1_000_000_000;
            Future<byte[]> received = null;
            Status status = session.advance();
            while (status != Status.DONE) {
                if (status == Status.AWAIT_TARGET) {
                    key.interestOps(told ? session.interestOps(status) : SelectionKey.OP_WRITE);
                    selector.select(100);
                    selector.selectedKeys().clear();
                }
                wakeups += received == null ? 1 : 0;
                if (received == null && System.nanoTime() > stallEnds) {
                    received =
                            fixture.peer(() -> Channels.newInputStream(pair[1]).readNBytes(size));
                }
                status = session.advance();
            }
            assertThat(session.result().bytes()).isEqualTo(size);
            key.cancel();
            selector.selectNow();
            assertThat(received).as("it cannot be done before the peer has it").isNotNull();
            assertThat(TestFixture.join(received)).isEqualTo(Content.PATTERN.bytes(0, size));
        }
        assertThat(wakeups).as("in a second").isLessThan(200);
    }

    /** Reports that come after a cancellation are read by a second close, or by the next transfer. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSelectorSleepsAgainAfterACancellation(boolean closingAgain) throws Exception {
        pair[0].configureBlocking(false);
        TransferSession session = sending(filled(true, SIZE));
        try (Selector selector = Selector.open()) {
            while (session.advance() == Status.PROGRESS) {
                assertThat(session.transferred()).isLessThan(SIZE);
            }
            session.close();
            int sent = (int) session.transferred();
            assertThat(Channels.newInputStream(pair[1]).readNBytes(sent)).hasSize(sent);
            SelectionKey key = pair[0].register(selector, SelectionKey.OP_READ);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestFixture.DEADLINE_SECONDS);
            int ready = 1;
            while (ready > 0 && System.nanoTime() < deadline) {
                if (closingAgain) {
                    session.close();
                } else {
                    Transfer next =
                            Transfers.from(ByteBuffer.allocate(18)).to(pair[0]).build();
                    try (TransferSession small = next.open()) {
                        assertThat(small.advance()).isEqualTo(Status.DONE);
                    }
                }
                ready = selector.select(50);
                selector.selectedKeys().clear();
            }
            assertThat(ready).as("woken for nothing").isZero();
            key.cancel();
            selector.selectNow();
        }
    }

    /** Runs in its own process, because waiting virtual threads keep descriptors for a while. */
    @Test
    void manyThreadsWaitForTheKernelAtATime() throws Exception {
        Child.Ended ended = new Child().run(ManyWaitSubject.class);
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    @Test
    void anInterruptEndsTheWaitForTheKernel() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Future<TransferInterruptedException> run = fixture.peer(() -> catchThrowableOfType(
                TransferInterruptedException.class,
                () -> Transfers.from(filled(true, HALF_WAY))
                        .to(pair[0])
                        .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                        .onProgress((transferred, total) -> {
                            if (transferred == total) {
                                begun.countDown();
                            }
                        })
                        .build()
                        .run()));
        begun.await();
        fixture.interruptPeers();
        assertThat(TestFixture.join(run).transferred()).isEqualTo(HALF_WAY);
        assertThat(Channels.newInputStream(pair[1]).readNBytes(HALF_WAY)).isEqualTo(Content.PATTERN.bytes(0, HALF_WAY));
    }

    @Test
    void aTimeoutAndAPeerThatGoesAwayEndItToo() throws Exception {
        TransferException late;
        Duration limit = Duration.ofMillis(50);
        do { // again, if a slow machine did not send the last byte in time
            limit = limit.multipliedBy(2);
            Transfer transfer = Transfers.from(filled(true, HALF_WAY))
                    .to(fixture.tcp()[0])
                    .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                    .timeout(limit)
                    .build();
            late = catchThrowableOfType(TransferException.class, transfer::run);
        } while (late.transferred() < HALF_WAY && limit.toSeconds() < TestFixture.DEADLINE_SECONDS);
        assertThat(late).hasMessageStartingWith("timed out after " + HALF_WAY + " bytes, ");
        SocketChannel[] gone = fixture.tcp();
        Future<?> closed = fixture.peer(() -> {
            InputStream in = Channels.newInputStream(gone[1]);
            in.readNBytes(10_000);
            gone[1].close();
            return null;
        });
        Transfer second = Transfers.from(filled(true, SIZE))
                .to(gone[0])
                .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                .build();
        TransferException e = catchThrowableOfType(TransferException.class, second::run);
        assertThat(e.transferred()).isBetween(10_000L, (long) SIZE);
        TestFixture.join(closed);
    }

    /** The last packet of bytes from memory must not wait for the bytes of another part. */
    @Test
    void partsInPlaceAreSettledTogether() throws Exception {
        Future<byte[]> received =
                fixture.peer(() -> Channels.newInputStream(pair[1]).readNBytes(700_000));
        TransferResult result = Transfers.concat(
                        Part.of(filled(true, 300_000)),
                        Part.of(fixture.file(100_000)),
                        Part.of(filled(false, 200_000)),
                        Part.of(filled(true, 100_000)))
                .to(pair[0])
                .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                .build()
                .run();
        assertThat(result.legs())
                .extracting(leg -> leg.mechanism())
                .contains(Mechanism.MSG_ZEROCOPY, Mechanism.SENDFILE);
        ByteBuffer expected = ByteBuffer.allocate(700_000);
        for (int size : new int[] {300_000, 100_000, 200_000, 100_000}) {
            expected.put(Content.PATTERN.bytes(0, size));
        }
        assertThat(TestFixture.join(received)).isEqualTo(expected.array());
    }
}
