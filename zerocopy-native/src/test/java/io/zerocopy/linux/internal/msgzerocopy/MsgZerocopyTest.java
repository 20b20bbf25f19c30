package io.zerocopy.linux.internal.msgzerocopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.internal.memory.BufferPool;
import io.zerocopy.linux.internal.fd.LeaseCache;
import io.zerocopy.linux.internal.fixture.BuffersSource;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.port.DescriptorTarget;
import io.zerocopy.linux.internal.sends.ZerocopySends;
import io.zerocopy.linux.internal.sizes.CallSizes;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.linux.sys.memory.Memory;
import io.zerocopy.spi.EndpointFacts;
import io.zerocopy.spi.EndpointKind;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import io.zerocopy.spi.TransferRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sends in place; the scripted kernel reports that it has not copied, which loopback never does. */
class MsgZerocopyTest {
    private static final int CONTROLLEN = 40;
    private static final int CONTROL = 64;
    private static final EndpointFacts MANY =
            new EndpointFacts(EndpointKind.MEMORY, 1L << 30, false, true, false, 0, 0, "direct");

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final LeaseCache leases = new LeaseCache(script.sys());
    private final OrphanedSends orphans = new OrphanedSends();
    private final MsgZerocopyStrategy strategy = new MsgZerocopyStrategy(script.sys(), leases, orphans);
    private final ChannelFixture ends = new ChannelFixture();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    private SocketChannel socket;

    @BeforeEach
    void open() throws IOException {
        socket = ends.tcp()[0];
    }

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private Mover mover(Preference preference, ByteBuffer... buffers) throws IOException {
        DescriptorTarget target = new DescriptorTarget(script.sys(), socket, leases.lease(socket));
        target.acquire();
        ends.keep(target::release);
        TransferRequest request = new TransferRequest(0, Target.NO_POSITION, Long.MAX_VALUE, false, preference);
        Mover mover = strategy.open(new BuffersSource(buffers), target, request);
        script.forget();
        return ends.keep(mover);
    }

    private static long step(Mover mover, long count) throws IOException {
        return mover.step(0, Target.NO_POSITION, count);
    }

    /** The kernel reports that sends are complete. */
    private void completes(int from, int to, boolean copied) {
        script.answer("recvmsg", arguments -> {
            assertThat((int) arguments[2]).isEqualTo(C.MSG_ERRQUEUE | C.MSG_DONTWAIT);
            Pointer message = new Pointer((long) arguments[1]);
            message.setLong(CONTROLLEN, 48);
            message.setInt(CONTROL + 8, C.SOL_IPV6);
            message.setInt(CONTROL + 12, C.IPV6_RECVERR);
            message.setInt(CONTROL + 16, 0);
            message.setInt(CONTROL + 20, C.SO_EE_ORIGIN_ZEROCOPY | (copied ? 1 << 16 : 0));
            message.setInt(CONTROL + 24, from);
            message.setInt(CONTROL + 28, to);
            return 0;
        });
    }

    private void nothingToTell() {
        script.answer("recvmsg", -Errno.EAGAIN);
    }

    private int flags(int send) {
        return (int) script.calls("sendmsg").get(send).number(2);
    }

    @Test
    void isOverOnlyWhenTheKernelHasLetGoOfEverySend() throws IOException {
        Mover mover = mover(Preference.AUTO, buffer);
        script.answer("sendmsg", 300_000, 200_000);
        assertThat(step(mover, 1 << 20)).isEqualTo(300_000);
        nothingToTell();
        assertThat(step(mover, 1 << 20)).isEqualTo(200_000);
        assertThat(buffer.position()).isEqualTo(500_000);
        assertThat(flags(0)).isEqualTo(C.MSG_ZEROCOPY | C.MSG_DONTWAIT | C.MSG_NOSIGNAL);
        nothingToTell();
        assertThat(mover.settle()).isEqualTo(Step.AWAIT_RELEASE);
        completes(1, 1, false);
        nothingToTell();
        assertThat(mover.settle()).isEqualTo(Step.AWAIT_RELEASE);
        completes(0, 0, false);
        assertThat(mover.settle()).isEqualTo(Step.END);
        assertThat(mover.shortfall()).isEmpty();
        assertThat(script.isPlayed()).isTrue();
        assertThat(strategy.refusal(MANY, facts(), request(Preference.AUTO))).contains("on this machine");
    }

    private EndpointFacts facts() {
        return leases.lease(socket).facts(socket);
    }

    private static TransferRequest request(Preference preference) {
        return new TransferRequest(0, Target.NO_POSITION, 1L << 30, false, preference);
    }

    @Test
    void whatTheKernelDidNotTakeGetsNoNumber() throws IOException {
        Mover mover = mover(Preference.AUTO, buffer);
        script.answer("sendmsg", -Errno.EAGAIN, 1000);
        assertThat(step(mover, 5000)).isEqualTo(Step.AWAIT_TARGET);
        assertThat(buffer.position()).isZero();
        assertThat(step(mover, 5000)).isEqualTo(1000);
        completes(0, 0, false);
        assertThat(mover.settle()).isEqualTo(Step.END);
    }

    @Test
    void aKernelThatCopiedIsNotAskedAgain() throws IOException {
        Mover mover = mover(Preference.AUTO, buffer);
        script.answer("sendmsg", 1000, 2000, 3000);
        step(mover, 1000);
        completes(0, 0, true);
        assertThat(step(mover, 2000)).isEqualTo(2000);
        assertThat(flags(1) & C.MSG_ZEROCOPY).isZero();
        assertThat(mover.movedBy()).isEqualTo(Mechanism.GATHER_WRITE);
        assertThat(step(mover, 3000)).isEqualTo(3000);
        assertThat(mover.settle()).isEqualTo(Step.END);
        assertThat(mover.shortfall()).startsWith(ZerocopySends.COPIED).endsWith("5000 bytes were sent as ever");
        assertThat(strategy.refusal(MANY, facts(), request(Preference.REQUIRE))).isEqualTo(ZerocopySends.COPIED);
    }

    @Test
    void requiredItContinuesAndReportsThatTheKernelCopied() throws IOException {
        Mover mover = mover(Preference.REQUIRE, buffer);
        script.answer("sendmsg", 1000, 2000);
        step(mover, 1000);
        completes(0, 0, true);
        step(mover, 2000);
        assertThat(flags(1) & C.MSG_ZEROCOPY).isNotZero();
        assertThat(mover.movedBy()).isNull();
        completes(1, 1, true);
        assertThat(mover.settle()).isEqualTo(Step.END);
        assertThat(mover.shortfall()).isEqualTo(ZerocopySends.COPIED);
    }

    @Test
    void ifNoMoreMemoryCanBePinnedTheSendIsCopied() throws IOException {
        Mover mover = mover(Preference.AUTO, buffer);
        script.answer("sendmsg", 1000, -Errno.ENOBUFS, 500, 700);
        step(mover, 1000);
        nothingToTell();
        nothingToTell();
        assertThat(step(mover, 1000)).isEqualTo(500);
        assertThat(flags(1) & C.MSG_ZEROCOPY).isNotZero();
        assertThat(flags(2) & C.MSG_ZEROCOPY).isZero();
        assertThat(mover.movedBy()).isEqualTo(Mechanism.GATHER_WRITE);
        nothingToTell();
        assertThat(step(mover, 1000)).isEqualTo(700);
        assertThat(flags(3) & C.MSG_ZEROCOPY)
                .as("the next one is asked for again")
                .isNotZero();
        completes(0, 1, false);
        assertThat(mover.settle()).isEqualTo(Step.END);
        assertThat(mover.shortfall())
                .isEqualTo("sendmsg(MSG_ZEROCOPY): ENOBUFS (No buffer space available); 500 bytes were sent as ever");
    }

    @Test
    void completionsMakeRoomToPinMore() throws IOException {
        Mover mover = mover(Preference.AUTO, buffer);
        script.answer("sendmsg", 1000, -Errno.ENOBUFS, 500);
        step(mover, 1000);
        nothingToTell();
        completes(0, 0, false);
        assertThat(step(mover, 1000)).isEqualTo(500);
        assertThat(flags(2) & C.MSG_ZEROCOPY).isNotZero();
        assertThat(mover.movedBy()).isNull();
    }

    @Test
    void aSocketThatRefusesDeclinesBeforeTheFirstByte() throws IOException {
        Mover mover = mover(Preference.AUTO, buffer);
        script.answer("setsockopt", -Errno.EOPNOTSUPP);
        assertThat(step(mover, 1000)).isEqualTo(Step.DECLINED);
        assertThat(mover.declinedBecause()).startsWith("setsockopt(SO_ZEROCOPY): EOPNOTSUPP");
        assertThat(script.calls("sendmsg")).isEmpty();
    }

    /** The library uses the memory of a send again only after the kernel no longer needs it. */
    @Test
    void aCancelledTransferLeavesItsMemoryAloneUntilItIsComplete() throws IOException {
        Set<Long> used = new HashSet<>();
        Mover mover = mover(Preference.REQUIRE, ByteBuffer.allocate(600_000));
        for (int i = 0; i < 3; i++) {
            script.answer("sendmsg", arguments -> {
                used.add(new Pointer((long) arguments[1]).getPointer(16).getLong(0));
                return 1000;
            });
            if (i > 0) {
                nothingToTell();
            }
            assertThat(step(mover, 1000)).isEqualTo(1000);
        }
        assertThat(used).as("one of its own for each send").hasSize(3);
        nothingToTell();
        nothingToTell();
        mover.close();
        assertThat(orphans.size()).isEqualTo(1);
        Set<Long> now = new HashSet<>();
        ByteBuffer[] taken = new ByteBuffer[40];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = BufferPool.DIRECT.take(CallSizes.HEAP);
            now.add(Memory.addressOf(taken[i]));
        }
        assertThat(now).doesNotContainAnyElementsOf(used);
        for (ByteBuffer staging : taken) {
            BufferPool.DIRECT.give(staging);
        }
        completes(0, 2, false);
        orphans.sweep();
        assertThat(orphans.size()).isZero();
    }

    /** Reports of all transfers come from one queue. */
    @Test
    void theNextTransferOnTheSocketReadsWhatTheLastOneLeft() throws IOException {
        Mover first = mover(Preference.REQUIRE, buffer);
        script.answer("sendmsg", 1000);
        step(first, 1000);
        nothingToTell();
        nothingToTell();
        first.close();
        nothingToTell();
        Mover second = mover(Preference.REQUIRE, ByteBuffer.allocateDirect(10));
        script.answer("sendmsg", 10);
        nothingToTell();
        step(second, 10);
        completes(1, 1, false);
        nothingToTell();
        assertThat(second.settle()).as("it waits for its own sends only").isEqualTo(Step.END);
        completes(0, 0, false);
        second.close();
        orphans.sweep();
        assertThat(orphans.size()).isZero();
    }

    @Test
    void aChannelThatIsClosedKeepsItsMemoryPinned() throws IOException {
        Mover mover = mover(Preference.REQUIRE, buffer);
        script.answer("sendmsg", 1000);
        step(mover, 1000);
        socket.close();
        assertThatThrownBy(mover::settle).isInstanceOf(AsynchronousCloseException.class);
        mover.close();
        orphans.sweep();
        assertThat(orphans.size()).as("the kernel may go on sending").isEqualTo(1);
    }

    @Test
    void byDefaultItServesOnlyPairsThatGain() throws IOException {
        EndpointFacts far = new EndpointFacts(EndpointKind.TCP, -1, false, true, true, 0, 0, "");
        assertThat(strategy.refusal(MANY, far, request(Preference.AUTO))).isNull();
        EndpointFacts heap = new EndpointFacts(EndpointKind.MEMORY, 1L << 30, false, true, false, 0, 0, "heap");
        assertThat(strategy.refusal(heap, far, request(Preference.AUTO))).contains("heap");
        assertThat(strategy.refusal(MANY, facts(), request(Preference.AUTO))).contains("on this machine");
        assertThat(strategy.unavailableBecause()).isNull();
    }
}
