package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.RelayResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.kit.Content;
import io.zerocopy.tests.kit.Rig;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both directions between two sockets, blocking. */
class RelayTest {
    private static final long SIZE = 5_000_000;

    private Rig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new Rig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void relaysBothDirectionsAndKeepsTheHalfClose() throws Exception {
        SocketChannel[] client = rig.tcp();
        SocketChannel[] server = rig.unix();
        Future<RelayResult> relay =
                rig.peer(() -> Transfers.relay(client[1], server[0]).build().run());
        Future<Long> request = rig.peer(() -> Rig.drain(Channels.newInputStream(server[1]), Content.PATTERN));
        Rig.write(Channels.newOutputStream(client[0]), Content.PATTERN, SIZE);
        client[0].shutdownOutput();
        assertThat(Rig.join(request))
                .as("the half-close has reached the server")
                .isEqualTo(SIZE);
        server[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 1000)));
        server[1].shutdownOutput();
        assertThat(Rig.drain(Channels.newInputStream(client[0]), Content.PATTERN))
                .isEqualTo(1000);
        RelayResult result = Rig.join(relay);
        assertThat(result.leftToRight().bytes()).isEqualTo(SIZE);
        assertThat(result.rightToLeft().bytes()).isEqualTo(1000);
        assertThat(result.leftToRight().mechanism()).isEqualTo(Mechanism.SPLICE);
        assertThat(client[1].isOpen() && server[0].isOpen()).isTrue();
    }

    @Test
    void anIdleRelayEnds() throws Exception {
        SocketChannel[] client = rig.tcp();
        SocketChannel[] server = rig.tcp();
        assertThatThrownBy(() -> Transfers.relay(client[1], server[0])
                        .idleTimeout(Duration.ofMillis(100))
                        .build()
                        .run())
                .hasMessageContaining("idle after 0 bytes");
        assertThat(client[1].isOpen() && server[0].isOpen()).isTrue();
        assertThatThrownBy(() -> Transfers.relay(client[1], client[1])).isInstanceOf(IllegalArgumentException.class);
    }
}
