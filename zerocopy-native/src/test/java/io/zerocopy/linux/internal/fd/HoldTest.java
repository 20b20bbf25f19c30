package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.ChannelHold;
import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.fixture.ScriptedSyscalls;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a hold keeps, and what remains after it is closed. */
class HoldTest {
    private static final long DEADLINE_SECONDS = 120;

    private final Syscalls sys = NativeBinding.bound().syscalls();
    private final ScriptedSyscalls script = new ScriptedSyscalls();
    private final Kernel kernel = new Kernel(script.sys());
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private boolean isNonBlocking(Channel channel) {
        return (sys.fcntl(new LeaseCache(sys).lease(channel).fd(), C.F_GETFL, 0) & C.O_NONBLOCK) != 0;
    }

    private long fcntls() {
        return script.names().stream().filter("fcntl"::equals).count();
    }

    /** Each hold is counted. The JDK's reads and writes wait as usual. */
    @Test
    void whileAChannelIsHeldNoTransferTouchesTheFlag() throws Exception {
        SocketChannel[] pair = ends.tcp();
        FileChannel file = ends.file(100);
        assertThat(kernel.source(file)).isNotNull(); // inspected
        ChannelHold hold = kernel.hold(pair[0]);
        assertThat(isNonBlocking(pair[0])).isTrue();
        assertThat(pair[0].isBlocking()).isTrue();
        script.forget();
        for (int i = 0; i < 3; i++) {
            ChannelFixture transfer = new ChannelFixture();
            Mover mover = transfer.mover(kernel, Mechanism.SENDFILE, file, pair[0]);
            assertThat(mover.step(0, Target.NO_POSITION, 50)).isEqualTo(50);
            assertThat(mover.step(50, Target.NO_POSITION, 50)).isEqualTo(50);
            transfer.close();
        }
        assertThat(fcntls()).isZero();
        FutureTask<Integer> read = new FutureTask<>(() -> pair[0].read(ByteBuffer.allocate(10)));
        new Thread(read).start();
        pair[1].write(ByteBuffer.allocate(7));
        assertThat(read.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(7);
        hold.close();
        hold.close();
        assertThat(isNonBlocking(pair[0])).isFalse();
    }

    @Test
    void theLastOfSeveralHoldsPutsTheFlagBack() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        ChannelHold one = kernel.hold(socket);
        ChannelHold other = kernel.hold(socket);
        one.close();
        one.close();
        assertThat(isNonBlocking(socket)).isTrue();
        other.close();
        assertThat(isNonBlocking(socket)).isFalse();
    }

    @Test
    void aHoldThatEndsLeavesTheFlagAsTheOwnerWantsItByThen() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        ChannelHold hold = kernel.hold(socket);
        socket.configureBlocking(false);
        hold.close();
        assertThat(isNonBlocking(socket)).isTrue();
        ChannelHold again = kernel.hold(socket);
        socket.configureBlocking(true);
        again.close();
        assertThat(isNonBlocking(socket)).isFalse();
    }

    @Test
    void aHoldOfAChannelThatIsClosedDoesNothing() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        ChannelHold hold = kernel.hold(socket);
        socket.close();
        script.forget();
        hold.close();
        assertThat(kernel.hold(socket)).isNull();
        assertThat(script.names()).isEmpty();
        assertThat(kernel.hold(ends.file(1))).isNull();
    }
}
