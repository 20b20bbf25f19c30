package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.internal.poll.Poller;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.EndpointKind;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A channel whose class has no field that tells whether a virtual thread has used it, as on a JDK that has renamed the
 * field. Nothing may be concluded from that: a call that relies on the flag would wait in the kernel without the flag.
 */
class UntoldModeTest {
    /** Blocks, and shows no more than that. */
    private static final class Untold extends AbstractSelectableChannel {
        Untold() {
            super(null);
        }

        @Override
        public int validOps() {
            return 0;
        }

        @Override
        protected void implCloseSelectableChannel() {
            throw new AssertionError("the caller's channel was closed");
        }

        @Override
        protected void implConfigureBlocking(boolean block) {
            throw new AssertionError("the mode was changed through the channel");
        }
    }

    private final Syscalls sys = NativeBinding.bound().syscalls();
    private final ChannelFixture ends = new ChannelFixture();

    @AfterEach
    void close() throws IOException {
        ends.close();
    }

    private LeaseUse use(ChannelLease real, Untold channel) {
        ChannelLease lease = new ChannelLease(
                channel, real.fd(), new Object(), new Object(), EndpointKind.TCP, true, real.flags(), real.inode());
        lease.share(new DescriptorMode(sys));
        return new LeaseUse(channel, lease);
    }

    private boolean isNonBlocking(int fd) {
        return (sys.fcntl(fd, C.F_GETFL, 0) & C.O_NONBLOCK) != 0;
    }

    @Test
    void aCallThatReliesOnTheFlagFindsItSetEachTime() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        ChannelLease real = new LeaseCache(sys).lease(socket);
        LeaseUse use = use(real, new Untold());
        for (int i = 0; i < 2; i++) {
            assertThat(use.relying(() -> isNonBlocking(real.fd()) ? 1 : 0, null))
                    .as("whether the flag is set during the call")
                    .isEqualTo(1);
        }
        use.letBlock();
        if (!Poller.hasVirtualThreads()) {
            assertThat(isNonBlocking(real.fd())).isFalse();
        }
    }

    /** From then on the JDK may rely on the flag, so it stays set where nothing tells. */
    @Test
    void aHoldLeavesTheFlagSetOnlyIfAVirtualThreadMayRelyOnIt() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        ChannelLease real = new LeaseCache(sys).lease(socket);
        LeaseUse use = use(real, new Untold());
        assertThat(use.keepNonBlocking()).isZero();
        assertThat(isNonBlocking(real.fd())).isTrue();
        use.lease().call(use.channel(), () -> {
            use.letBlock();
            return 0;
        });
        assertThat(isNonBlocking(real.fd())).isEqualTo(Poller.hasVirtualThreads());
    }
}
