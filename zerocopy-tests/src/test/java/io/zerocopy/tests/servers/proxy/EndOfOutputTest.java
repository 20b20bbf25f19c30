package io.zerocopy.tests.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Relay;
import io.zerocopy.RelaySession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Proc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * If an application closes its channel, the peer sees the end at once: nothing in the library keeps the socket open.
 */
class EndOfOutputTest {
    private TestFixture fixture;
    private SocketChannel[] client;
    private SocketChannel[] server;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        client = fixture.tcp();
        server = fixture.tcp();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Reads to the end; fails if there are more bytes, or a reset. */
    private static Void endOf(SocketChannel peer) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(256 << 10);
        while (peer.read(into.clear()) >= 0) {
            continue;
        }
        return null;
    }

    private void closeAndHear(SocketChannel channel, SocketChannel peer) throws Exception {
        String socket = Proc.socket(channel);
        assertThat(Proc.open()).contains(socket);
        channel.close();
        assertThat(Proc.open()).as("what is open behind a close").doesNotContain(socket);
        TestFixture.join(fixture.peer(() -> endOf(peer)));
    }

    /** Sends a byte each way, so that both directions have moved something and wait. */
    private void exchangeAByte() throws IOException {
        client[0].write(ByteBuffer.wrap(new byte[1]));
        assertThat(server[1].read(ByteBuffer.allocate(1))).isEqualTo(1);
        server[1].write(ByteBuffer.wrap(new byte[1]));
        assertThat(client[0].read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    @ParameterizedTest(name = "run() waits, closes left: {0}")
    @CsvSource({"true", "false"})
    void whileARunWaits(boolean left) throws Exception {
        Future<String> ended = running(Transfers.relay(client[1], server[0]).build());
        exchangeAByte();
        closeAndHear(left ? client[1] : server[0], left ? client[0] : server[1]);
        assertThat(TestFixture.join(ended)).contains("Closed");
        assertThat((left ? server[0] : client[1]).isOpen()).isTrue();
    }

    @Test
    void whileARunMoves() throws Exception {
        Future<String> ended = running(Transfers.relay(client[1], server[0]).build());
        Future<?> sender = fixture.peer(() -> {
            try {
                while (true) {
                    client[0].write(ByteBuffer.allocate(64 << 10));
                }
            } catch (IOException closed) {
                return null;
            }
        });
        closeAndHear(server[0], server[1]);
        assertThat(TestFixture.join(ended)).contains("Closed");
        client[1].close();
        TestFixture.join(sender);
    }

    private Future<String> running(Relay relay) {
        return fixture.peer(() -> {
            try {
                return relay.run().toString();
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    @ParameterizedTest(name = "session is open, closes left: {0}")
    @CsvSource({"true", "false"})
    void whileASessionIsOpen(boolean left) throws Exception {
        client[1].configureBlocking(false);
        server[0].configureBlocking(false);
        try (RelaySession relay = Transfers.relay(client[1], server[0]).build().open()) {
            client[0].write(ByteBuffer.wrap(new byte[1000]));
            TestFixture.until("a thousand bytes have moved", () -> {
                try {
                    relay.leftToRight().advance();
                    relay.rightToLeft().advance();
                    return relay.leftToRight().transferred() == 1000;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            closeAndHear(left ? client[1] : server[0], left ? client[0] : server[1]);
        }
    }

    @Test
    void afterTheTransfer() throws Exception {
        Future<String> ended = running(Transfers.relay(client[1], server[0]).build());
        exchangeAByte();
        client[0].shutdownOutput();
        assertThat(server[1].read(ByteBuffer.allocate(1))).isEqualTo(-1);
        server[1].shutdownOutput();
        assertThat(TestFixture.join(ended)).contains("RelayResult");
        assertThat(client[0].read(ByteBuffer.allocate(1))).isEqualTo(-1);

        SocketChannel[] source = fixture.tcp();
        SocketChannel[] target = fixture.tcp();
        source[1].write(ByteBuffer.wrap(new byte[1000]));
        Transfers.from(source[0]).count(1000).to(target[0]).build().run();
        closeAndHear(target[0], target[1]);
        closeAndHear(source[0], source[1]);
    }
}
