package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.ChannelHold;
import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferException;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.linux.DescriptorChannel;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The non-blocking flag while its owner, other channels and holds also use it. */
class ModeTest {
    private static final int RACES = Boolean.getBoolean("zerocopy.tests.thorough") ? 1_000_000 : 10_000;
    private static final long DEADLINE_SECONDS = ChannelFixture.DEADLINE_SECONDS;
    private static final int MORE_THAN_FITS = 64 << 20;

    private final Syscalls sys = NativeBinding.bound().syscalls();
    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private int fd(Channel channel) {
        return new LeaseCache(sys).lease(channel).fd();
    }

    private boolean isNonBlocking(Channel channel) {
        return (sys.fcntl(fd(channel), C.F_GETFL, 0) & C.O_NONBLOCK) != 0;
    }

    private static <T> FutureTask<T> thread(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /**
     * The change leaves no trace: the flag is cleared, and the field is unchanged. The hold's limit on waits ends the
     * call.
     */
    @ParameterizedTest
    @EnumSource(names = {"SENDFILE", "SPLICE"})
    void anOwnerWhoSwitchesAHeldChannelToAndFroKeepsNoCallInTheKernel(Mechanism mechanism) throws Exception {
        SocketChannel[] pair = ends.tcp();
        FileChannel file = ends.file(MORE_THAN_FITS);
        try (ChannelHold hold = kernel.hold(pair[0])) {
            assertThat(hold).isNotNull();
            pair[0].configureBlocking(false);
            pair[0].configureBlocking(true);
            assertThat(isNonBlocking(pair[0])).isFalse();
            try (ChannelFixture transfer = new ChannelFixture()) {
                stalls(transfer.mover(kernel, mechanism, file, pair[0]));
            }
        }
        assertThat(isNonBlocking(pair[0])).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"SENDFILE", "SPLICE"})
    void anOwnerWhoSwitchesToAndFroBetweenTwoStepsKeepsNoCallInTheKernel(Mechanism mechanism) throws Exception {
        SocketChannel[] pair = ends.tcp();
        FileChannel file = ends.file(MORE_THAN_FITS);
        Mover mover = ends.mover(kernel, mechanism, file, pair[0]);
        assertThat(mover.step(0, Target.NO_POSITION, 10)).isEqualTo(10);
        pair[0].configureBlocking(false);
        pair[0].configureBlocking(true);
        assertThat(isNonBlocking(pair[0])).isFalse();
        stalls(mover);
    }

    private static void stalls(Mover mover) throws Exception {
        FutureTask<Long> steps = thread(() -> {
            long at = 0;
            long n = 1;
            while (n > 0 && at < MORE_THAN_FITS) {
                n = mover.step(at, Target.NO_POSITION, 2 << 20);
                at += n;
            }
            return n;
        });
        assertThat(steps.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(Step.AWAIT_TARGET);
    }

    /** The JDK sets its field after the flag. */
    @Test
    void theEndOfATransferNeverUndoesWhatTheOwnerSetsAtThatMoment() throws Exception {
        SocketChannel[] pair = ends.tcp();
        FileChannel file = ends.file(8);
        FutureTask<Object> sink = thread(() -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
            while (pair[1].read(buffer.clear()) >= 0) {
                buffer.clear();
            }
            return null;
        });
        int fd = fd(pair[0]);
        CyclicBarrier together = new CyclicBarrier(2);
        AtomicBoolean over = new AtomicBoolean();
        TransferSession[] session = new TransferSession[1];
        FutureTask<Object> closer = thread(() -> {
            while (true) {
                together.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
                if (over.get()) {
                    return null;
                }
                session[0].close();
                together.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
        });
        int wrong = 0;
        for (int i = 0; i < RACES; i++) {
            pair[0].configureBlocking(true);
            session[0] = Transfers.from(file)
                    .range(0, 8)
                    .fairChunk(1)
                    .to(pair[0])
                    .build()
                    .open();
            session[0].advance();
            together.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
            for (int spins = 0; spins < i % 64 * 8; spins++) {
                Thread.onSpinWait();
            }
            pair[0].configureBlocking(false);
            together.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
            wrong += (sys.fcntl(fd, C.F_GETFL, 0) & C.O_NONBLOCK) == 0 ? 1 : 0;
        }
        over.set(true);
        together.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        closer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(wrong).isZero();
        pair[0].close();
        sink.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Changes at full speed while bytes move; then the peer stalls. A limit that is over before that is doubled and
     * tried again.
     */
    @ParameterizedTest
    @EnumSource(names = {"SENDFILE", "SPLICE"})
    void anOwnerWhoSwitchesTheModeAllTheTimeDoesNotKeepATransferFromItsTimeout(Mechanism mechanism) throws Exception {
        long seconds = 2;
        while (!stallsUntilItsTimeout(mechanism, Duration.ofSeconds(seconds))) {
            seconds *= 2;
            assertThat(seconds).isLessThan(DEADLINE_SECONDS);
        }
    }

    /** False if the time was over before the peer stalled. */
    private boolean stallsUntilItsTimeout(Mechanism mechanism, Duration limit) throws Exception {
        SocketChannel[] pair = ends.tcp();
        FileChannel file = ends.file(MORE_THAN_FITS);
        FutureTask<Exception> run = thread(() -> {
            try {
                Transfers.from(file)
                        .to(pair[0])
                        .use(mechanism, Preference.REQUIRE)
                        .timeout(limit)
                        .build()
                        .run();
                return null;
            } catch (TransferException | IllegalBlockingModeException e) {
                return e;
            }
        });
        AtomicBoolean over = new AtomicBoolean();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        int received = 0;
        pair[1].configureBlocking(false);
        while (received == 0 && !run.isDone()) {
            received += pair[1].read(buffer.clear());
        }
        FutureTask<Object> owner = thread(() -> {
            while (!over.get()) {
                pair[0].configureBlocking(false);
                pair[0].configureBlocking(true);
            }
            return null;
        });
        while (received < MORE_THAN_FITS / 4 && !run.isDone()) {
            received += pair[1].read(buffer.clear());
        }
        boolean stalled = !run.isDone();
        assertThat(run.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isInstanceOf(TransferException.class);
        over.set(true);
        owner.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(isNonBlocking(pair[0])).isFalse();
        return stalled;
    }

    @Test
    void twoChannelsOverOneDescriptorDoNotUndoEachOther() throws Exception {
        SocketChannel socket = ends.tcp()[0];
        FileChannel file = ends.file(MORE_THAN_FITS);
        DescriptorChannel one = ends.keep(DescriptorChannel.borrow(fd(socket)));
        DescriptorChannel two = ends.keep(DescriptorChannel.borrow(fd(socket)));
        for (Channel first : new Channel[] {one, socket}) {
            TransferSession ends1 = Transfers.from(file)
                    .range(0, 100)
                    .fairChunk(1)
                    .to((WritableByteChannel) first)
                    .build()
                    .open();
            TransferSession goesOn =
                    Transfers.from(file).fairChunk(1 << 20).to(two).build().open();
            ends1.advance();
            goesOn.advance();
            ends1.close();
            FutureTask<Status> status = thread(() -> {
                Status last = goesOn.advance();
                while (last == Status.PROGRESS) {
                    last = goesOn.advance();
                }
                return last;
            });
            assertThat(status.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(Status.AWAIT_TARGET);
            goesOn.close();
            assertThat(isNonBlocking(socket)).isFalse();
        }
    }

    /** The owner's descriptor stays open, and so it must be put back when the borrowed channel is closed. */
    @Test
    void aBorrowedChannelThatIsClosedInTheMiddleLeavesTheFlagAsItWas() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        DescriptorChannel borrowed = DescriptorChannel.borrow(fd(socket));
        ChannelHold hold = Transfers.hold(borrowed);
        assertThat(isNonBlocking(socket)).isTrue();
        borrowed.close();
        assertThat(isNonBlocking(socket)).isFalse();
        ChannelHold other = Transfers.hold(socket);
        hold.close();
        assertThat(isNonBlocking(socket)).isTrue();
        other.close();
        assertThat(isNonBlocking(socket)).isFalse();
    }

    /** The first of the two is closed, so what is known of it says nothing about the second. */
    @Test
    void aNumberThatIsGivenOutAgainIsNotTakenForTheOldDescription() throws Exception {
        LeaseCache leases = new LeaseCache(sys);
        Pipe old = ends.pipe();
        ChannelLease before = leases.lease(old.source());
        old.source().close();
        for (int i = 0; i < 100; i++) {
            Pipe pipe = ends.pipe();
            ChannelLease lease = leases.lease(pipe.source());
            assertThat(lease.mode()).isNotSameAs(before.mode());
        }
        SocketChannel socket = ends.tcp()[0];
        DescriptorChannel borrowed = ends.keep(DescriptorChannel.borrow(fd(socket)));
        ChannelLease adopted = leases.adopt(borrowed, fd(socket));
        assertThat(leases.lease(socket).mode()).isSameAs(adopted.mode());
    }

    @Test
    void aStepLooksAtTheFlagOnce() throws IOException {
        SocketChannel[] pair = ends.tcp();
        Mover mover = ends.mover(kernel, Mechanism.SPLICE, pair[0], ends.file(0));
        int steps = 8;
        int moved = 0;
        for (int i = 0; i < steps; i++) {
            pair[1].write(ByteBuffer.allocate(100));
            if (i == 1) {
                script.forget(); // the first step sets the flag
            }
            long n = mover.step(0, moved, 1000);
            while (n == Step.AWAIT_SOURCE) {
                n = mover.step(0, moved, 1000);
            }
            moved += (int) n;
        }
        assertThat(moved).isEqualTo(100 * steps);
        assertThat(script.calls("fcntl")).allMatch(call -> call.number(1) == C.F_GETFL);
        assertThat(script.calls("fcntl").size())
                .isLessThanOrEqualTo(script.calls("splice").size());
    }

    /** A timed read can happen only in blocking mode. */
    @Test
    void aSocketWithATimeoutIsRefusedOnlyWhereATimedReadCanHappen() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        socket.socket().setSoTimeout(1000);
        assertThat(kernel.source(socket)).isNull();
        socket.configureBlocking(false);
        assertThat(kernel.source(socket)).isNotNull();
    }

    @Test
    void aSocketThatWasPlannedBeforeItWasConnectedIsJudgedAnew() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel socket = ends.keep(SocketChannel.open());
            assertThat(kernel.target(socket).facts().fileSystem()).isEmpty();
            socket.connect(server.getLocalAddress());
            assertThat(kernel.target(socket).facts().fileSystem()).isEqualTo(ChannelLease.LOOPBACK);
        }
    }
}
