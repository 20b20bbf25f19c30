package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.RelaySession;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferFailure.Side;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A failure says at which end it happened, and names that end, with and without the native part. */
class FailedEndTest {
    private static final int SENT = 300_000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        System.clearProperty("zerocopy.disable");
        fixture.close();
    }

    private static Stream<Arguments> withAndWithoutNative(String... pairs) {
        return Stream.of("", "native")
                .flatMap(disabled -> Arrays.stream(pairs)
                        .flatMap(source -> Stream.of("SPLICE", "READ_WRITE")
                                .filter(by -> disabled.isEmpty() || by.equals("READ_WRITE"))
                                .map(by -> Arguments.of(disabled, source, Mechanism.valueOf(by)))));
    }

    static Stream<Arguments> streams() {
        return withAndWithoutNative("tcp", "unix", "pipe");
    }

    private ReadableByteChannel fed(String kind) throws IOException {
        if (kind.equals("pipe")) {
            Pipe pipe = fixture.pipe();
            fixture.peer(() -> pipe.sink().write(ByteBuffer.allocate(SENT)));
            return pipe.source();
        }
        SocketChannel[] pair = kind.equals("tcp") ? fixture.tcp() : fixture.unix();
        fixture.peer(() -> pair[1].write(ByteBuffer.allocate(SENT)));
        return pair[0];
    }

    private static TransferException failure(ReadableByteChannel source, WritableByteChannel target, Mechanism by) {
        Transfer transfer =
                Transfers.from(source).to(target).use(by, Preference.REQUIRE).build();
        TransferException failure = catchThrowableOfType(TransferException.class, transfer::run);
        assertThat(failure).isNotNull();
        assertThat(TransferFailure.of(failure)).containsSame(failure);
        return failure;
    }

    private static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @ParameterizedTest(name = "without \"{0}\", from {1} by {2}")
    @MethodSource("streams")
    void aTargetThatWasResetIsNamed(String disabled, String kind, Mechanism by) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        SocketChannel[] pair = fixture.tcp();
        String peer = pair[0].getRemoteAddress().toString();
        reset(pair[1]);
        TransferException failure = failure(fed(kind), pair[0], by);
        assertThat(failure.side()).isEqualTo(Side.TARGET);
        assertThat(failure).hasMessageEndingWith(" after " + failure.transferred() + " bytes, to " + peer);
    }

    @ParameterizedTest(name = "without \"{0}\", from {1} by {2}")
    @MethodSource("streams")
    void aReaderOfAPipeThatIsGoneIsTheTarget(String disabled, String kind, Mechanism by) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Pipe pipe = fixture.pipe();
        pipe.source().close();
        TransferException failure = failure(fed(kind), pipe.sink(), by);
        assertThat(failure.side()).isEqualTo(Side.TARGET);
        assertThat(failure).hasMessageContaining(disabled.isEmpty() ? ", to pipe:[" : ", to pipe");
    }

    static Stream<Arguments> targets() {
        return withAndWithoutNative("tcp", "unix", "pipe", "file");
    }

    private WritableByteChannel read(String kind) throws IOException {
        if (kind.equals("file")) {
            return fixture.keep(
                    FileChannel.open(fixture.path("target"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        }
        if (kind.equals("pipe")) {
            Pipe pipe = fixture.pipe();
            fixture.peer(() -> Channels.newInputStream(pipe.source()).readAllBytes());
            return pipe.sink();
        }
        SocketChannel[] pair = kind.equals("tcp") ? fixture.tcp() : fixture.unix();
        fixture.peer(() -> Channels.newInputStream(pair[1]).readAllBytes());
        return pair[0];
    }

    @ParameterizedTest(name = "without \"{0}\", to {1} by {2}")
    @MethodSource("targets")
    void aSourceThatWasResetIsNamed(String disabled, String kind, Mechanism by) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        SocketChannel[] pair = fixture.tcp();
        String peer = pair[0].getRemoteAddress().toString();
        pair[0].write(ByteBuffer.allocate(10)); // unread by the peer
        reset(pair[1]);
        WritableByteChannel target = read(kind);
        TransferException failure = failure(pair[0], target, by);
        assertThat(failure.side()).isEqualTo(Side.SOURCE);
        assertThat(failure).hasMessageEndingWith(" after 0 bytes, from " + peer);
        target.close();
    }

    /** If the peer had ended its output and then resets, the source fails with EPIPE, like a pipe without a reader. */
    @Test
    void aSourceThatSaysWhatAPipeSaysIsTheSource() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        pair[1].shutdownOutput();
        TestFixture.until("its end is there", () -> readable(pair[0]) < 0);
        pair[0].write(ByteBuffer.allocate(10));
        reset(pair[1]);
        Pipe pipe = fixture.pipe();
        Throwable thrown = catchThrowable(() -> Transfers.from(pair[0])
                .to(pipe.sink())
                .use(Mechanism.SPLICE, Preference.REQUIRE)
                .build()
                .run());
        if (thrown != null) { // the kernel may report the source's end instead
            assertThat(TransferFailure.of(thrown).orElseThrow().side()).isEqualTo(Side.SOURCE);
        }
    }

    private static int readable(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            return -1;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix", "pipe", "file", "memory"})
    void aFullDeviceIsNamed(String kind) throws Exception {
        for (String disabled : List.of("", "native")) {
            System.setProperty("zerocopy.disable", disabled);
            Transfer.Builder builder = kind.equals("file")
                    ? Transfers.from(fixture.file(SENT))
                    : kind.equals("memory") ? Transfers.from(ByteBuffer.allocate(SENT)) : Transfers.from(fed(kind));
            Transfer transfer =
                    builder.to(Path.of("/dev/full"), StandardOpenOption.WRITE).build();
            TransferException failure = catchThrowableOfType(TransferException.class, transfer::run);
            assertThat(failure.side()).isEqualTo(Side.TARGET);
            assertThat(failure).hasMessageEndingWith(" after 0 bytes, to /dev/full");
        }
    }

    /** /proc/self/mem has no page at 0, so a read there fails with EIO; and it is read by position. */
    @ParameterizedTest
    @ValueSource(strings = {"", "native"})
    void aFileThatCannotBeReadIsNamed(String disabled) throws Exception {
        System.setProperty("zerocopy.disable", disabled);
        Path memory = Path.of("/proc/self/mem");
        for (String target : List.of("tcp", "pipe", "file")) {
            WritableByteChannel to = read(target);
            Transfer transfer = Transfers.from(memory).to(to).build();
            TransferException failure = catchThrowableOfType(TransferException.class, transfer::run);
            assertThat(failure.side()).as(target).isEqualTo(Side.SOURCE);
            assertThat(failure).hasMessageEndingWith(" after 0 bytes, from /proc/self/mem");
            to.close();
        }
    }

    @Test
    void aTimeoutNamesBothEndsAndTheOneThatWasWaitedFor() throws Exception {
        SocketChannel[] silent = fixture.tcp();
        Path target = fixture.path("target");
        Transfer transfer = Transfers.from(silent[0])
                .to(target)
                .timeout(Duration.ofMillis(50))
                .build();
        TransferException late = catchThrowableOfType(TransferException.class, transfer::run);
        assertThat(late.side()).isEqualTo(Side.SOURCE);
        assertThat(late)
                .hasMessage("timed out after 0 bytes, waiting for the source, from " + silent[0].getRemoteAddress()
                        + " to " + target);
    }

    @Test
    void aChannelInTheWrongModeIsNamed() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        pair[0].configureBlocking(false);
        assertThat(catchThrowable(() -> Transfers.copy(fixture.file(10), pair[0])))
                .isInstanceOf(IllegalBlockingModeException.class)
                .hasMessageContaining(pair[0].getRemoteAddress().toString());
    }

    /** A channel of a server's own class at one side of a relay. */
    private static final class Aborting implements ByteChannel {
        private final IOException thrown;

        Aborting(IOException thrown) {
            this.thrown = thrown;
        }

        @Override
        public int read(ByteBuffer target) {
            return 0;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            throw thrown;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new AssertionError("it belongs to the caller");
        }
    }

    @Test
    void whatOneSideOfARelayThrowsPassesThrough() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        pair[0].configureBlocking(false);
        pair[1].write(ByteBuffer.allocate(1000));
        IOException abort = new IOException("the server's own") {
            private static final long serialVersionUID = 1L;
        };
        try (RelaySession relay =
                Transfers.relay(pair[0], new Aborting(abort)).build().open()) {
            Throwable[] thrown = new Throwable[1];
            TestFixture.until("it throws", () -> (thrown[0] = catchThrowable(relay.leftToRight()::advance)) != null);
            assertThat(thrown[0]).isSameAs(abort);
            assertThat(catchThrowable(relay.leftToRight()::advance)).isSameAs(abort);
            TransferFailure account = TransferFailure.of(abort).orElseThrow();
            assertThat(account.side()).isEqualTo(Side.TARGET);
            assertThat(account.remainder().remaining()).isEqualTo(1000);
            Throwable other = catchThrowable(relay.rightToLeft()::advance);
            assertThat(other).isInstanceOf(TransferException.class);
            assertThat(abort.getSuppressed()).contains(other);
            assertThat(relay.isDone()).isTrue();
        }
    }

    @Test
    void aRelayWhoseSideWasResetNamesIt() throws Exception {
        SocketChannel[] left = fixture.tcp();
        SocketChannel[] right = fixture.tcp();
        String peer = left[0].getRemoteAddress().toString();
        left[0].write(ByteBuffer.allocate(10));
        reset(left[1]);
        Future<Throwable> relay = fixture.peer(() ->
                catchThrowable(() -> Transfers.relay(left[0], right[0]).build().run()));
        Throwable thrown = TestFixture.join(relay);
        TransferFailure failure = TransferFailure.of(thrown).orElseThrow();
        assertThat(failure.side()).isEqualTo(Side.SOURCE);
        assertThat(thrown).hasMessageEndingWith(", from " + peer);
    }
}
