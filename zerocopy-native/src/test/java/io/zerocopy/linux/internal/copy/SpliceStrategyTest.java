package io.zerocopy.linux.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.sys.Errno;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Splices with two hops and with one, against scripts that answer instead of the kernel. */
class SpliceStrategyTest {
    private static final int READ_END = 1_000_001;
    private static final int WRITE_END = 1_000_002;
    private static final int CAPACITY = 1 << 20;

    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();
    private SocketChannel[] left;
    private SocketChannel[] right;
    private Mover mover;

    @BeforeEach
    void open() throws IOException {
        left = ends.tcp();
        right = ends.tcp();
        mover = ends.mover(kernel, Mechanism.SPLICE, left[0], right[0]);
        scriptPipe();
        script.forget();
    }

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private void scriptPipe() {
        script.answer("pipe2", arguments -> {
            Pointer fds = new Pointer((long) arguments[0]);
            fds.setInt(0, READ_END);
            fds.setInt(4, WRITE_END);
            script.answer("fcntl", CAPACITY);
            return 0;
        });
    }

    private long step(long count) throws IOException {
        return mover.step(0, Target.NO_POSITION, count);
    }

    @Test
    void fillsThePipeAndDrainsItInOneStep() throws IOException {
        script.answer("splice", 5000, 5000);
        assertThat(step(70_000)).isEqualTo(5000);
        assertThat(script.calls("splice")).hasSize(2);
        ScriptedSyscalls.Call fill = script.calls("splice").get(0);
        assertThat(fill.number(2)).isEqualTo(WRITE_END);
        assertThat(fill.number(4)).isEqualTo(70_000);
        ScriptedSyscalls.Call drain = script.calls("splice").get(1);
        assertThat(drain.number(0)).isEqualTo(READ_END);
        assertThat(drain.number(4)).isEqualTo(5000);
    }

    @Test
    void awaitsTheSourceOnlyWhenThePipeIsEmpty() throws IOException {
        script.answer("splice", -Errno.EAGAIN);
        assertThat(step(100)).isEqualTo(Step.AWAIT_SOURCE);
        script.answer("splice", 60, -Errno.EAGAIN);
        assertThat(step(100)).isEqualTo(Step.AWAIT_TARGET);
        script.answer("splice", -Errno.EAGAIN, 60); // the source has no more, or the pipe no slots: drain
        assertThat(step(100)).isEqualTo(60);
        assertThat(script.isPlayed()).isTrue();
    }

    @Test
    void takesNoMoreThanIsWanted() throws IOException {
        script.answer("splice", 60, -Errno.EAGAIN);
        assertThat(step(100)).isEqualTo(Step.AWAIT_TARGET);
        script.answer("splice", 40, 70);
        assertThat(step(100)).isEqualTo(70);
        assertThat(script.calls("splice").get(2).number(4)).isEqualTo(40);
        script.answer("splice", 30);
        assertThat(step(30)).isEqualTo(30);
        assertThat(script.calls("splice").get(4).number(0))
                .as("nothing is wanted from the source any more")
                .isEqualTo(READ_END);
    }

    @Test
    void endsWhenTheSourceHasEndedAndThePipeIsEmpty() throws IOException {
        script.answer("splice", 60, 20, 0, 40);
        assertThat(step(100)).isEqualTo(20);
        assertThat(step(80)).isEqualTo(40);
        script.answer("preadv2", 0);
        assertThat(step(40)).isEqualTo(Step.END);
        assertThat(script.calls("splice")).as("the source is not asked twice").hasSize(4);
        assertThat(script.isPlayed()).isTrue();
    }

    /** The source has no end at the mark of urgent data or after it, and no wait is needed. */
    @ParameterizedTest
    @ValueSource(ints = {0, -Errno.EAGAIN})
    void asksWithAReadWhereSpliceSeesNothing(int answer) throws IOException {
        script.answer("splice", 60, 60, answer);
        if (answer < 0) {
            script.ready().answer("splice", answer);
        }
        scriptRead("behind");
        assertThat(step(100)).isEqualTo(60);
        assertThat(mover.movedBy()).isNull();
        assertThat(step(40)).isEqualTo(6);
        assertThat(mover.movedBy()).isEqualTo(Mechanism.READ_WRITE);
        assertThat(received()).isEqualTo("behind");
        script.answer("splice", 30, 30);
        assertThat(step(34)).as("splice goes on").isEqualTo(30);
        assertThat(mover.movedBy()).isNull();
        assertThat(script.isPlayed()).isTrue();
    }

    @Test
    void handsBackWhatWasReadAndNotWritten() throws IOException {
        script.answer("splice", 0);
        scriptRead("abcdef");
        script.answer("pwritev2", -Errno.EAGAIN, 2, -Errno.EPIPE);
        assertThat(step(100)).isEqualTo(Step.AWAIT_TARGET);
        assertThat(step(100)).isEqualTo(2);
        assertThatThrownBy(() -> step(98)).hasMessage("write: EPIPE (Broken pipe)");
        assertThat(text(mover.residue())).isEqualTo("cdef");
    }

    private String received() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        assertThat(right[1].read(buffer)).isPositive();
        return text(buffer.flip());
    }

    private void scriptRead(String bytes) {
        script.answer("preadv2", arguments -> {
            Pointer entry = new Pointer((long) arguments[1]);
            entry.getPointer(0).write(0, bytes.getBytes(), 0, bytes.length());
            return bytes.length();
        });
    }

    @Test
    void declinesBeforeItHasMovedAnyByte() throws IOException {
        script.answer("splice", -Errno.EINVAL);
        assertThat(step(100)).isEqualTo(Step.DECLINED);
        assertThat(mover.declinedBecause()).isEqualTo("splice: EINVAL (Invalid argument)");
        assertThat(mover.residue().hasRemaining()).isFalse();
    }

    /** The kernel reports a reset only once; the next mechanism would take the following answer for a regular end. */
    @Test
    void failsRatherThanDeclineWhenTheSourceHasFailedBefore() throws IOException {
        script.answer("splice", 60, -Errno.EAGAIN);
        assertThat(step(100)).isEqualTo(Step.AWAIT_TARGET);
        script.answer("splice", -Errno.ECONNRESET, -Errno.EINVAL);
        assertThatThrownBy(() -> step(100)).isInstanceOf(IOException.class).hasMessageContaining("ECONNRESET");
        script.answer("read", 60);
        assertThat(mover.residue().remaining()).isEqualTo(60);
    }

    @Test
    void declinesWithWhatIsInThePipe() throws IOException {
        script.answer("splice", 5, -Errno.EINVAL);
        assertThat(step(100)).isEqualTo(Step.DECLINED);
        scriptResidue("he", "llo");
        assertThat(text(mover.residue())).isEqualTo("hello");
    }

    @Test
    void handsBackWhatIsInThePipeThoughItsReadsFailAtFirst() throws IOException {
        script.answer("splice", 5, -Errno.EPIPE);
        assertThatThrownBy(() -> step(100)).hasMessage("splice: EPIPE (Broken pipe)");
        script.answer("read", -Errno.ENOMEM, -Errno.EIO);
        scriptResidue("he");
        script.answer("read", -Errno.ENOMEM);
        scriptResidue("llo");
        assertThat(text(mover.residue())).isEqualTo("hello");
        assertThat(script.isPlayed()).isTrue();
    }

    @Test
    void saysHowManyBytesAreLostInAPipeThatCannotBeRead() throws IOException {
        script.answer("splice", 5, -Errno.EPIPE);
        assertThatThrownBy(() -> step(100)).hasMessage("splice: EPIPE (Broken pipe)");
        scriptResidue("he");
        script.answer("read", LongStream.generate(() -> -Errno.EIO).limit(17).toArray());
        assertThatThrownBy(mover::residue)
                .isInstanceOf(IOException.class)
                .hasMessage("read: EIO (Input/output error), and 3 bytes that were taken from the source are lost");
        assertThat(script.isPlayed()).isTrue();
    }

    @Test
    void failsWithExactlyWhatTheTargetLacks() throws IOException {
        script.answer("splice", 8, 3, -Errno.EAGAIN, -Errno.ENOSPC);
        assertThat(step(100)).isEqualTo(3);
        assertThatThrownBy(() -> step(97))
                .isInstanceOf(IOException.class)
                .hasMessage("splice: ENOSPC (No space left on device)");
        scriptResidue("def", "gh");
        assertThat(text(mover.residue())).isEqualTo("defgh");
    }

    /** The kernel reports a reset only once; the next call says that the source has ended. */
    @Test
    void reportsAResetAfterTheBytesBeforeIt() throws IOException {
        script.answer("splice", 60, -Errno.EAGAIN);
        assertThat(step(100)).isEqualTo(Step.AWAIT_TARGET);
        script.answer("splice", -Errno.ECONNRESET, 20, 40);
        assertThat(step(100)).isEqualTo(20);
        assertThat(step(80)).isEqualTo(40);
        assertThatThrownBy(() -> step(40)).hasMessage("splice: ECONNRESET (Connection reset by peer)");
        assertThat(script.isPlayed()).isTrue();
    }

    @Test
    void declinesWhereThereIsNoPipe() throws IOException {
        ScriptedSyscalls exhausted = new ScriptedSyscalls().answer("pipe2", -Errno.EMFILE);
        Mover declining = ends.mover(new Kernel(exhausted.sys()), Mechanism.SPLICE, left[0], right[0]);
        assertThat(declining.step(0, Target.NO_POSITION, 10)).isEqualTo(Step.DECLINED);
        assertThat(declining.declinedBecause()).isEqualTo("pipe2: EMFILE (Too many open files)");
    }

    @Test
    void anEmptyPipeServesTheNextTransferAndOneWithBytesIsClosed() throws IOException {
        script.answer("splice", 10, 10);
        assertThat(step(10)).isEqualTo(10);
        mover.close();
        Mover second = ends.mover(kernel, Mechanism.SPLICE, left[0], right[0]);
        script.answer("splice", 10, -Errno.EAGAIN).answer("close", 0, 0);
        assertThat(second.step(0, Target.NO_POSITION, 10)).isEqualTo(Step.AWAIT_TARGET);
        second.close();
        second.close();
        assertThat(script.calls("pipe2")).hasSize(1);
        assertThat(script.calls("close"))
                .extracting(call -> (int) call.number(0))
                .containsExactlyInAnyOrder(READ_END, WRITE_END);
    }

    @Test
    void makesNoCallOnAClosedChannel() throws IOException {
        right[0].close();
        assertThatThrownBy(() -> step(10)).isInstanceOf(AsynchronousCloseException.class);
        assertThat(script.calls("splice")).isEmpty();
    }

    @Test
    void bytesOfAFileAreNotHandedBack() throws IOException {
        Mover fromFile = ends.mover(kernel, Mechanism.SPLICE, ends.file(100), right[0]);
        script.answer("splice", 60, -Errno.ECONNRESET).answer("close", 0, 0);
        assertThatThrownBy(() -> fromFile.step(7, Target.NO_POSITION, 93)).hasMessageStartingWith("splice: ECONNRESET");
        assertThat(fromFile.residue().hasRemaining()).isFalse();
        fromFile.close();
        assertThat(script.calls("close")).hasSize(2);
    }

    @Test
    void oneHopSaysWhichEndWasNotReady() throws IOException {
        Pipe pipe = ends.pipe();
        Mover hop = ends.mover(kernel, Mechanism.SPLICE, left[0], pipe.sink());
        script.answer("splice", -Errno.EAGAIN, -Errno.EAGAIN, -Errno.EAGAIN, -Errno.EPIPE);
        script.answer("poll", 0).ready().answer("poll", 0).ready().ready();
        assertThat(hop.step(0, Target.NO_POSITION, 10)).isEqualTo(Step.AWAIT_SOURCE);
        assertThat(hop.step(0, Target.NO_POSITION, 10)).isEqualTo(Step.AWAIT_TARGET);
        assertThatThrownBy(() -> hop.step(0, Target.NO_POSITION, 10)).hasMessage("splice: EPIPE (Broken pipe)");
    }

    @Test
    void oneHopUsesNoPipeOfThePool() throws IOException {
        Pipe pipe = ends.pipe();
        Mover hop = ends.mover(kernel, Mechanism.SPLICE, pipe.source(), right[0]);
        script.forget();
        script.answer("splice", 10, 0);
        pipe.sink().close();
        assertThat(hop.step(0, Target.NO_POSITION, 1L << 40)).isEqualTo(10);
        assertThat(script.calls("splice").get(0).number(4)).isEqualTo(0x7ffff000L);
        assertThat(hop.step(0, Target.NO_POSITION, 10)).isEqualTo(Step.END);
        // The socket is kept from waiting; its owner may have changed that before the second call.
        assertThat(script.names()).containsExactly("fcntl", "splice", "fcntl", "splice", "preadv2");
    }

    private void scriptResidue(String... parts) {
        for (String part : parts) {
            script.answer("read", arguments -> {
                assertThat(arguments[0]).isEqualTo(READ_END);
                new Pointer((long) arguments[1]).write(0, part.getBytes(), 0, part.length());
                return part.length();
            });
        }
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new String(bytes);
    }
}
