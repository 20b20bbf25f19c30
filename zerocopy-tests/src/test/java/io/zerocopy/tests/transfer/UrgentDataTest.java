package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.TransferResult;
import io.zerocopy.TransferResult.End;
import io.zerocopy.TransferSession;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.SelectorDrive;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A peer sends urgent bytes: splice(2) never passes their mark, a plain read does. All bytes arrive that a plain read
 * returns. A source that waits at the mark is neither at its end nor ready.
 */
class UrgentDataTest {
    private static final int PART = 100_000;

    private static final byte[] BYTES = bytes();

    private static final int URGENT = 0x55;

    /** The target of a transfer from the socket, and how the transfer is run. */
    private enum To {
        FILE,
        SOCKET,
        SOCKET_BY_SELECTOR,
        PIPE,
        RELAY
    }

    private TestFixture fixture;
    private SocketChannel[] in;

    private static byte[] bytes() {
        byte[] bytes = new byte[2 * PART];
        new Random(5).nextBytes(bytes);
        return bytes;
    }

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
        in = fixture.tcp();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Sends only one urgent byte: if it is still unread, a second one makes it an ordinary byte. */
    private static Void send(Socket socket) throws IOException {
        socket.getOutputStream().write(BYTES, 0, PART);
        socket.sendUrgentData(URGENT);
        socket.getOutputStream().write(BYTES, PART, PART);
        socket.shutdownOutput();
        return null;
    }

    private static byte[] expected(boolean inline) {
        ByteBuffer all = ByteBuffer.allocate(2 * PART + (inline ? 1 : 0)).put(BYTES, 0, PART);
        return (inline ? all.put((byte) URGENT) : all).put(BYTES, PART, PART).array();
    }

    /** Uses no assertion on arrays, because that would print them. */
    private static void requireSame(byte[] received, byte[] expected) {
        assertThat(received.length).isEqualTo(expected.length);
        assertThat(Arrays.mismatch(received, expected)).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(To.class)
    void leavesTheUrgentBytesOutAsAReadDoes(To to) throws Exception {
        requireSame(received(to, false), expected(false));
    }

    @ParameterizedTest
    @EnumSource(To.class)
    void keepsTheUrgentBytesInTheirPlacesWhereTheSocketHasThemInline(To to) throws Exception {
        in[0].socket().setOOBInline(true);
        requireSame(received(to, true), expected(true));
    }

    private byte[] received(To to, boolean inline) throws Exception {
        Future<Void> sent = fixture.peer(() -> send(in[1].socket()));
        byte[] received = switch (to) {
            case FILE -> toFile(inline);
            case SOCKET, SOCKET_BY_SELECTOR -> toSocket(to == To.SOCKET_BY_SELECTOR);
            case PIPE -> toPipe();
            case RELAY -> relayed();
        };
        TestFixture.join(sent);
        return received;
    }

    private byte[] toFile(boolean inline) throws IOException {
        Path file = fixture.path("target");
        TransferResult result = run(in[0], FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        assertThat(result.bytes()).isEqualTo(expected(inline).length);
        return Files.readAllBytes(file);
    }

    private TransferResult run(SocketChannel source, WritableByteChannel target) throws IOException {
        try (target) {
            TransferResult result = Transfers.from(source)
                    .to(target)
                    .use(Mechanism.SPLICE, Preference.REQUIRE)
                    .build()
                    .run();
            assertThat(result.end()).isEqualTo(End.SOURCE_ENDED);
            assertThat(result.mechanism()).isEqualTo(Mechanism.SPLICE);
            assertThat(result.fallbacks()).isEmpty();
            return result;
        }
    }

    private byte[] toSocket(boolean bySelector) throws Exception {
        SocketChannel[] out = fixture.tcp();
        Future<byte[]> read =
                fixture.peer(() -> out[1].socket().getInputStream().readAllBytes());
        if (bySelector) {
            in[0].configureBlocking(false);
            out[0].configureBlocking(false);
            try (TransferSession session =
                            Transfers.from(in[0]).to(out[0]).build().open();
                    SelectorDrive drive = new SelectorDrive(session, in[0], out[0])) {
                while (drive.advance() != TransferSession.Status.DONE) {
                    assertThat(drive.waitsForNothing()).isLessThan(100);
                }
            }
            out[0].close();
        } else {
            run(in[0], out[0]);
        }
        return TestFixture.join(read);
    }

    private byte[] toPipe() throws Exception {
        Pipe pipe = fixture.pipe();
        Future<byte[]> read = fixture.peer(() -> {
            InputStream stream = java.nio.channels.Channels.newInputStream(pipe.source());
            return stream.readAllBytes();
        });
        run(in[0], pipe.sink());
        return TestFixture.join(read);
    }

    private byte[] relayed() throws Exception {
        SocketChannel[] out = fixture.tcp();
        out[1].shutdownOutput();
        Future<byte[]> read =
                fixture.peer(() -> out[1].socket().getInputStream().readAllBytes());
        Transfers.relay(in[0], out[0]).build().run();
        return TestFixture.join(read);
    }

    /** The urgent byte has come, and nothing follows it: this is not the end, and there is no byte to take. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitsAtTheMarkWithoutEndingOrSpinning(boolean endsThere) throws Exception {
        SocketChannel[] out = fixture.tcp();
        in[1].socket().getOutputStream().write(BYTES, 0, PART);
        in[1].socket().sendUrgentData(URGENT);
        in[0].configureBlocking(false);
        out[0].configureBlocking(false);
        Future<byte[]> read =
                fixture.peer(() -> out[1].socket().getInputStream().readAllBytes());
        try (TransferSession session = Transfers.from(in[0]).to(out[0]).build().open();
                SelectorDrive drive = new SelectorDrive(session, in[0], out[0])) {
            Future<Void> rest = fixture.peer(() -> {
                TestFixture.until("all before the mark has moved", () -> session.transferred() == PART);
                if (!endsThere) {
                    in[1].socket().getOutputStream().write(BYTES, PART, PART);
                }
                in[1].shutdownOutput();
                return null;
            });
            while (drive.advance() != TransferSession.Status.DONE) {
                assertThat(drive.waitsForNothing()).isLessThan(100);
            }
            TestFixture.join(rest);
        }
        out[0].close();
        requireSame(TestFixture.join(read), Arrays.copyOf(BYTES, endsThere ? PART : 2 * PART));
    }

    /** A socket of java.net can be used through its streams. */
    @Test
    void plainSocketsToo() throws Exception {
        try (java.net.ServerSocket server = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            Future<Void> sent = fixture.peer(() -> send(client));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            Transfers.copy(accepted.getInputStream(), all);
            TestFixture.join(sent);
            requireSame(all.toByteArray(), expected(false));
        }
    }
}
