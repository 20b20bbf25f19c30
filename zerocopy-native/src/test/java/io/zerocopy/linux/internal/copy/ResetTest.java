package io.zerocopy.linux.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.spi.EndpointException;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Step;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** A peer that resets its connection while bytes of it wait in the pipe for a slow target. */
class ResetTest {
    @Test
    void isNotTakenForTheEndOfTheSource() throws IOException {
        try (ChannelFixture ends = new ChannelFixture()) {
            SocketChannel[] from = ends.tcp();
            SocketChannel[] to = ends.tcp();
            Mover mover = ends.mover(new Kernel(NativeBinding.bound().syscalls()), Mechanism.SPLICE, from[0], to[0]);
            from[1].configureBlocking(false);
            to[1].configureBlocking(false);
            ByteBuffer content = ByteBuffer.allocateDirect(64 << 10);
            long sent = 0;
            long moved = 0;
            int stalls = 0;
            while (stalls < 2) { // twice, and bytes are sent in between, so that some are in the pipe
                sent += from[1].write(content.clear());
                long n = mover.step(0, Target.NO_POSITION, Long.MAX_VALUE);
                moved += Math.max(0, n);
                stalls = n == Step.AWAIT_TARGET ? stalls + 1 : 0;
            }
            from[1].setOption(StandardSocketOptions.SO_LINGER, 0);
            from[1].close();
            assertThat(sent).isGreaterThan(moved);
            assertThatThrownBy(() -> drain(mover, to[1], content))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ECONNRESET")
                    .isInstanceOfSatisfying(
                            EndpointException.class, e -> assertThat(e.side()).isEqualTo(Side.SOURCE));
        }
    }

    /** Steps until the source ends, with a target that is read from again. */
    private static void drain(Mover mover, SocketChannel reader, ByteBuffer scratch) throws IOException {
        long n = 0;
        while (n != Step.END) {
            n = mover.step(0, Target.NO_POSITION, Long.MAX_VALUE);
            reader.read(scratch.clear());
        }
    }
}
