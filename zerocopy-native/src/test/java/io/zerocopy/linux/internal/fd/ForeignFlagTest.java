package io.zerocopy.linux.internal.fd;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.ChannelHold;
import io.zerocopy.Mechanism;
import io.zerocopy.linux.internal.fixture.ChannelFixture;
import io.zerocopy.linux.internal.machine.Kernel;
import io.zerocopy.linux.internal.machine.NativeBinding;
import io.zerocopy.linux.sys.C;
import io.zerocopy.linux.sys.Syscalls;
import io.zerocopy.spi.Mover;
import io.zerocopy.spi.Target;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The non-blocking flag if somebody else sets it behind the JDK's back. */
class ForeignFlagTest {
    private final Syscalls sys = NativeBinding.bound().syscalls();
    private final Kernel kernel = new Kernel(sys);
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

    /** As on a socket that was inherited from a program that works without blocking. */
    @Test
    void aFlagThatSomebodyElseHadSetBeforeStaysSet() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        int fd = fd(socket);
        sys.fcntl(fd, C.F_SETFL, sys.fcntl(fd, C.F_GETFL, 0) | C.O_NONBLOCK);
        assertThat(socket.isBlocking()).isTrue();
        try (ChannelFixture transfer = new ChannelFixture()) {
            Mover mover = transfer.mover(kernel, Mechanism.SENDFILE, ends.file(100), socket);
            assertThat(mover.step(0, Target.NO_POSITION, 100)).isEqualTo(100);
        }
        assertThat(isNonBlocking(socket)).isTrue();
        ChannelHold hold = kernel.hold(socket);
        assertThat(isNonBlocking(socket)).isTrue();
        hold.close();
        assertThat(isNonBlocking(socket)).isTrue();
    }

    /** Set behind the JDK's back between two transfers, it is put where the channel says it is. Nothing waits longer. */
    @Test
    void aFlagThatSomebodyElseSetsLaterGoesBackToWhatTheOwnerSees() throws IOException {
        SocketChannel socket = ends.tcp()[0];
        FileChannel file = ends.file(100);
        int fd = fd(socket);
        for (int i = 0; i < 3; i++) {
            try (ChannelFixture transfer = new ChannelFixture()) {
                Mover mover = transfer.mover(kernel, Mechanism.SENDFILE, file, socket);
                assertThat(mover.step(0, Target.NO_POSITION, 100)).isEqualTo(100);
                assertThat(isNonBlocking(socket)).isTrue();
            }
            assertThat(isNonBlocking(socket)).isFalse();
            sys.fcntl(fd, C.F_SETFL, sys.fcntl(fd, C.F_GETFL, 0) | C.O_NONBLOCK);
        }
    }

    /** A look at the flag for each step of the owner's socket, and none for the other end or the pipe in between. */
}
