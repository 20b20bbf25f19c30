package io.zerocopy.linux.internal.msgzerocopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.MechanismUnavailableException;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.fixture.BuffersSource;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.internal.poll.Poller;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.sends.ZerocopySends;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other users of a socket for which the kernel still reads memory: transfers, selectors, other libraries. */
class SharedSocketTest {
    private static final int MORE_THAN_FITS = 64 << 20;

    private final Syscalls sys = NativeBinding.bound().syscalls();
    private final LeaseCache leases = new LeaseCache(sys);
    private final OrphanedSends orphans = new OrphanedSends();
    private final MsgZerocopyStrategy strategy = new MsgZerocopyStrategy(sys, leases, orphans);
    private final ChannelFixture ends = new ChannelFixture();
    private SocketChannel[] pair;

    @BeforeEach
    void open() throws IOException {
        pair = ends.tcp();
    }

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private static ByteBuffer filled(int size, int value) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.allocateDirect(size).put(bytes).flip();
    }

    private TransferResult send(ByteBuffer buffer) throws IOException {
        return Transfers.from(buffer)
                .to(pair[0])
                .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                .build()
                .run();
    }

    private byte[] received(int count) throws IOException {
        return Channels.newInputStream(pair[1]).readNBytes(count);
    }

    private DescriptorTarget target() throws IOException {
        DescriptorTarget target = new DescriptorTarget(sys, pair[0], leases.lease(pair[0]));
        target.acquire();
        ends.keep(target::release);
        return target;
    }

    /** Sends in place although the kernel copies, as it always does on loopback. */
    private Mover mover(DescriptorTarget target, ByteBuffer buffer) {
        TransferRequest request =
                new TransferRequest(0, Target.NO_POSITION, buffer.remaining(), true, Preference.REQUIRE);
        return strategy.open(new BuffersSource(new ByteBuffer[] {buffer}), target, request);
    }

    /** One transfer, from its first send to its last report. */
    private void move(ByteBuffer buffer) throws IOException {
        DescriptorTarget target = target();
        try (Mover mover = mover(target, buffer)) {
            while (buffer.hasRemaining()) {
                if (mover.step(0, Target.NO_POSITION, buffer.remaining()) == Step.AWAIT_TARGET) {
                    target.await(TimeUnit.SECONDS.toNanos(ChannelFixture.DEADLINE_SECONDS));
                }
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ChannelFixture.DEADLINE_SECONDS);
            while (mover.settle() != Step.END) {
                assertThat(System.nanoTime()).as("a report in time").isLessThan(deadline);
                target.awaitRelease(
                        deadline - System.nanoTime(), () -> true); // for a slice of it, which may be too short
            }
        }
    }

    /** Leaves sends in the kernel that no transfer waits for; returns the number of their bytes. */
    private int cancelHalfWay() throws IOException {
        pair[0].configureBlocking(false);
        try (TransferSession session = Transfers.from(filled(MORE_THAN_FITS, 1))
                .to(pair[0])
                .use(Mechanism.MSG_ZEROCOPY, Preference.REQUIRE)
                .build()
                .open()) {
            Status status = session.advance();
            while (status == Status.PROGRESS) {
                status = session.advance();
            }
            assertThat(status).isEqualTo(Status.AWAIT_TARGET);
            return (int) session.transferred();
        }
    }

    private boolean hasReports() throws IOException {
        Memory memory = Memory.take();
        try {
            int fd = leases.lease(pair[0]).fd();
            Poller.watch(memory, 0, fd, 0);
            return Poller.poll(sys, memory, 1, 0);
        } finally {
            memory.release();
        }
    }

    private static void until(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ChannelFixture.DEADLINE_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Two transfers read one queue, and each finds reports of both. Neither may wait for a report that the other has
     * read.
     */
    @Test
    void transfersAtTheSameTimeTellEachOtherWhatTheyRead() throws Exception {
        int senders = 4;
        for (int round = 0; round < 20; round++) {
            CompletableFuture<?>[] runs = new CompletableFuture<?>[senders];
            for (int i = 0; i < senders; i++) {
                ByteBuffer buffer = filled(150_000, i + 1);
                runs[i] = CompletableFuture.runAsync(
                        () -> {
                            try {
                                move(buffer);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        task -> new Thread(task).start());
            }
            byte[] all = received(senders * 150_000);
            CompletableFuture.allOf(runs).get(ChannelFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
            int[] counts = new int[senders + 1];
            for (byte one : all) {
                counts[one]++;
            }
            assertThat(counts).isEqualTo(new int[] {0, 150_000, 150_000, 150_000, 150_000});
        }
    }

    @Test
    void transfersInSequenceContinueTheNumbers() throws Exception {
        for (int i = 1; i <= 50; i++) {
            CompletableFuture<byte[]> peer = CompletableFuture.supplyAsync(() -> {
                try {
                    return received(100_000);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            move(filled(100_000, i));
            assertThat(peer.get(ChannelFixture.DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .containsOnly(i);
        }
    }

    /**
     * The reports of a cancelled transfer make poll(2) return at once for every thread that waits to read from the
     * socket.
     */
    @Test
    void aWaitingReaderDoesNotSpinOnReportsOfACancelledTransfer() throws Exception {
        int sent = cancelHalfWay();
        pair[0].configureBlocking(true);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        CompletableFuture<Long> moved = new CompletableFuture<>();
        Pipe pipe = ends.pipe();
        Thread reader = new Thread(() -> {
            try {
                long bytes = Transfers.from(pair[0])
                        .count(3)
                        .to(pipe.sink())
                        .build()
                        .run()
                        .bytes();
                moved.complete(bytes);
            } catch (IOException | RuntimeException | Error e) {
                moved.completeExceptionally(e);
            }
        });
        reader.start();
        assertThat(received(sent)).containsOnly(1);
        until("the reports are read", () -> !hasReports());
        until("it uses next to no CPU time for half a second", () -> {
            long before = threads.getThreadCpuTime(reader.getId());
            TimeUnit.MILLISECONDS.sleep(500);
            return threads.getThreadCpuTime(reader.getId()) - before < 50_000_000L;
        });
        assertThat(moved.isDone()).isFalse();
        pair[1].write(ByteBuffer.allocate(3));
        assertThat(moved.get(ChannelFixture.DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(3);
    }

    @Test
    void aSelectorThatWaitsToReadDoesNotSpinEither() throws Exception {
        int sent = cancelHalfWay();
        Pipe pipe = ends.pipe();
        AtomicInteger wakeups = new AtomicInteger();
        try (Selector selector = Selector.open();
                TransferSession session =
                        Transfers.from(pair[0]).count(3).to(pipe.sink()).build().open()) {
            SelectionKey key = pair[0].register(selector, 0);
            CompletableFuture<?> peer = CompletableFuture.runAsync(() -> {
                try {
                    received(sent);
                    until("it is woken no more than a few times in half a second", () -> {
                        int before = wakeups.get();
                        TimeUnit.MILLISECONDS.sleep(500);
                        return wakeups.get() - before < 10;
                    });
                    pair[1].write(ByteBuffer.allocate(3));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Status status = session.advance();
            while (status != Status.DONE && !peer.isCompletedExceptionally()) {
                if (status == Status.AWAIT_SOURCE) {
                    key.interestOps(session.interestOps(status));
                    selector.select(1000);
                    selector.selectedKeys().clear();
                    wakeups.incrementAndGet();
                }
                status = session.advance();
            }
            peer.get(ChannelFixture.DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Numbers and reports would be mixed with those of the library that enabled them first. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSocketThatSomebodyElseSendsFromMemoryOnIsLeftAlone(boolean required) throws Exception {
        Memory memory = Memory.take();
        try {
            assertThat(ZerocopySends.enable(
                            sys, new LeaseCache(sys).lease(pair[0]).fd(), memory))
                    .isZero();
        } finally {
            memory.release();
        }
        ByteBuffer buffer = filled(10_000, 1);
        if (required) {
            assertThatThrownBy(() -> send(buffer))
                    .isInstanceOf(MechanismUnavailableException.class)
                    .hasMessageContaining(ZerocopySends.SHARED);
            assertThat(buffer.position()).isZero();
        } else {
            TransferResult result = Transfers.from(buffer)
                    .to(pair[0])
                    .use(Mechanism.MSG_ZEROCOPY, Preference.AUTO)
                    .build()
                    .run();
            assertThat(result.mechanism()).isEqualTo(Mechanism.GATHER_WRITE);
            assertThat(received(10_000)).containsOnly(1);
        }
    }

    /**
     * If a peer resets the connection, the kernel releases the memory, and the reports are read although the transfer
     * failed.
     */
    @Test
    void aResetWithSendsOutstandingHoldsNothing() throws Exception {
        DescriptorTarget target = target();
        ByteBuffer buffer = filled(MORE_THAN_FITS, 1);
        Mover mover = ends.keep(mover(target, buffer));
        while (mover.step(0, Target.NO_POSITION, buffer.remaining()) > 0) {
            assertThat(buffer.hasRemaining()).isTrue();
        }
        ZerocopySends sends = ZerocopySends.of(sys, target.lease());
        assertThat(sends.outstanding()).isPositive();
        pair[1].setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
        pair[1].close();
        until("the kernel lets go", () -> {
            target.beforeWaiting();
            return sends.outstanding() == 0;
        });
        mover.close();
        assertThat(orphans.size()).isZero();
    }

    @Test
    void theOptionIsAskedForBeforeItIsSet() throws Exception {
        ScriptedSyscalls script = new ScriptedSyscalls();
        ZerocopySends sends = new ZerocopySends(
                script.sys(), new LeaseCache(sys).lease(pair[0]).fd());
        assertThat(sends.enable()).isEmpty();
        assertThat(sends.enable()).isEmpty();
        assertThat(script.names()).containsExactly("getsockopt", "setsockopt");
        assertThat(script.calls("getsockopt").get(0).number(2)).isEqualTo(C.SO_ZEROCOPY);
    }
}
