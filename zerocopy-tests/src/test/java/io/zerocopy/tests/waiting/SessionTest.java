package io.zerocopy.tests.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zerocopy.Mechanism;
import io.zerocopy.Part;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferException;
import io.zerocopy.TransferSession;
import io.zerocopy.TransferSession.Status;
import io.zerocopy.Transfers;
import io.zerocopy.tests.contract.SourceCase;
import io.zerocopy.tests.contract.TargetCase;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.SelectorDrive;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A selector loop drives a transfer over every pair, and uses only the statuses. */
class SessionTest {
    private static final long CHUNK = 100_000;

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

    static Stream<Arguments> pairs() {
        return Stream.of(SourceCase.values())
                .flatMap(source -> Stream.of(TargetCase.values()).map(target -> Arguments.of(source, target)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void everyPair(SourceCase source, TargetCase target) throws Exception {
        drive(source, target, source.sized() ? 1_234_567 : 1);
    }

    /** Without the native part, a stream over a non-blocking channel throws, so it is left out. */
    @ParameterizedTest(name = "{0} to {1} without the native part")
    @MethodSource("pairs")
    void everyPairWithoutTheNativePart(SourceCase source, TargetCase target) throws Exception {
        System.setProperty("zerocopy.disable", "native");
        if (source != SourceCase.SOCKET_STREAM && target != TargetCase.SOCKET_STREAM) {
            drive(source, target, source.sized() ? 1_234_567 : 1);
        }
    }

    private void drive(SourceCase sourceCase, TargetCase targetCase, long size) throws Exception {
        SourceCase.Opened source = sourceCase.open(fixture, size);
        TargetCase.Opened target = targetCase.open(fixture, source.content());
        nonBlocking(source.channel());
        nonBlocking(target.channel());
        try (TransferSession session = target.into()
                        .put(source.builder())
                        .fairChunk(CHUNK)
                        .build()
                        .open();
                SelectorDrive drive = new SelectorDrive(session, source.channel(), target.channel())) {
            long before = 0;
            Status status = Status.PROGRESS;
            while (status != Status.DONE) {
                status = drive.advance();
                assertThat(session.transferred() - before).isBetween(0L, CHUNK);
                before = session.transferred();
            }
            assertThat(session.result().bytes()).isEqualTo(source.size());
            assertThat(session.advance()).isEqualTo(Status.DONE);
            assertThat(drive.waitsForNothing())
                    .as("waits that were followed by no byte")
                    .isLessThanOrEqualTo(1);
        }
        assertThat(target.finish().count()).isIn(source.size(), -1L);
        assertThat(isNonBlocking(source.channel()) && isNonBlocking(target.channel()))
                .isTrue();
    }

    private static void nonBlocking(Channel channel) throws IOException {
        if (channel instanceof SelectableChannel selectable) {
            selectable.configureBlocking(false);
        }
    }

    private static boolean isNonBlocking(Channel channel) {
        return !(channel instanceof SelectableChannel selectable) || !selectable.isBlocking();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mechanism.class,
            names = {"SPLICE", "READ_WRITE"})
    void whatAwaitsTheTargetNeverReportsTheSource(Mechanism mechanism) throws Exception {
        SocketChannel[] from = fixture.unix(); // written bytes can be read at once
        SocketChannel[] to = fixture.tcp();
        from[1].configureBlocking(false);
        TransferSession session = fixture.keep(open(from[0], to[0], mechanism));
        long sent = 0;
        Status status = Status.PROGRESS;
        for (int n = 1; n > 0 || status != Status.AWAIT_TARGET; ) {
            n = from[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(sent, 40_000)));
            sent += n;
            status = session.advance();
            if (status == Status.AWAIT_SOURCE) {
                assertThat(session.transferred()).isEqualTo(sent);
            }
        }
        session.close();
        long moved = session.transferred();
        byte[] kept = new byte[session.remainder().remaining()];
        session.remainder().get(kept);
        assertThat(kept).isNotEmpty().isEqualTo(Content.PATTERN.bytes(moved, kept.length));
        to[0].close();
        assertThat(TestFixture.drain(Channels.newInputStream(to[1]), Content.PATTERN))
                .isEqualTo(moved);
        from[1].close();
        from[0].configureBlocking(true);
        byte[] rest = Channels.newInputStream(from[0]).readAllBytes();
        assertThat(rest).isEqualTo(Content.PATTERN.bytes(moved + kept.length, rest.length));
        assertThat(moved + kept.length + rest.length)
                .as("nothing vanished, nothing came twice")
                .isEqualTo(sent);
    }

    private TransferSession open(SocketChannel source, SocketChannel target, Mechanism mechanism) throws IOException {
        source.configureBlocking(false);
        target.configureBlocking(false);
        return Transfers.from(source)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .build()
                .open();
    }

    @Test
    void aSessionThatIsClosedOrHasFailedSaysSo() throws Exception {
        SocketChannel[] from = fixture.tcp();
        SocketChannel[] to = fixture.tcp();
        TransferSession cancelled = open(from[0], to[0], Mechanism.SPLICE);
        assertThat(cancelled.advance()).isEqualTo(Status.AWAIT_SOURCE);
        cancelled.close();
        cancelled.close();
        assertThatThrownBy(cancelled::advance).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(cancelled::result).isInstanceOf(IllegalStateException.class);
        assertThat(cancelled.remainder().hasRemaining()).isFalse();
        assertThat(from[0].isOpen() && to[0].isOpen()).isTrue();

        TransferSession failed = open(from[0], to[0], Mechanism.SPLICE);
        to[1].setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
        to[1].close();
        from[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 10)));
        TransferException failure = until(failed);
        assertThat(failure.transferred() + failure.remainder().remaining()).isLessThanOrEqualTo(10);
        assertThatThrownBy(failed::advance).isSameAs(failure);
        failed.close();
    }

    private static TransferException until(TransferSession session) {
        TransferException[] failure = new TransferException[1];
        TestFixture.until("it fails", () -> {
            try {
                session.advance();
                return false;
            } catch (TransferException e) {
                failure[0] = e;
                return true;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        return failure[0];
    }

    @Test
    void aListenerMayCancel() throws Exception {
        SocketChannel[] to = fixture.tcp();
        TransferSession[] session = new TransferSession[1];
        to[0].configureBlocking(false);
        session[0] = Transfers.from(fixture.file(300_000))
                .to(to[0])
                .fairChunk(50_000)
                .onProgress((moved, total) -> {
                    try {
                        session[0].close();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .build()
                .open();
        session[0].advance();
        assertThat(session[0].transferred()).isBetween(1L, 50_000L);
        assertThatThrownBy(session[0]::advance).isInstanceOf(IllegalStateException.class);
        to[0].close();
        assertThat(TestFixture.drain(Channels.newInputStream(to[1]), Content.PATTERN))
                .isEqualTo(session[0].transferred());
    }

    /** This holds for gathered writes, too: a long header must not delay the turns of other sessions. */
    @ParameterizedTest
    @ValueSource(longs = {1, 4096, 100_000})
    void headerAndTrailerMoveInChunksToo(long chunk) throws Exception {
        int around = chunk == 1 ? 300 : 400_000;
        SocketChannel[] to = fixture.tcp();
        to[0].configureBlocking(false);
        Path target = fixture.path("target");
        byte[] all = Content.PATTERN.bytes(0, 3 * around);
        Path body = fixture.path("body");
        Files.write(body, Arrays.copyOfRange(all, around, 2 * around));
        Future<Long> received = fixture.peer(() -> TestFixture.drain(Channels.newInputStream(to[1]), Content.PATTERN));
        for (Transfer.Builder builder :
                List.of(Transfers.from(body).to(target), Transfers.from(body).to(to[0]))) {
            try (TransferSession session = builder.header(
                            ByteBuffer.wrap(all, 0, 10), ByteBuffer.wrap(all, 10, around - 10))
                    .trailer(ByteBuffer.wrap(all, 2 * around, around))
                    .fairChunk(chunk)
                    .build()
                    .open()) {
                long before = 0;
                while (session.advance() != Status.DONE) {
                    assertThat(session.transferred() - before).isBetween(0L, chunk);
                    before = session.transferred();
                }
                assertThat(session.result().bytes()).isEqualTo(all.length);
            }
        }
        to[0].close();
        assertThat(TestFixture.join(received)).isEqualTo(all.length);
        assertThat(Files.readAllBytes(target)).isEqualTo(all);
    }

    /** A buffer has one position: at its second place in a message it would be empty, and the message too short. */
    @Test
    void aBufferHasOnePlaceInAMessage() throws Exception {
        ByteBuffer twice = ByteBuffer.allocate(10);
        ByteBuffer empty = ByteBuffer.allocate(0);
        Path target = fixture.path("target");
        for (Transfer.Builder builder : List.of(
                Transfers.from(fixture.file(5)).header(twice).trailer(twice),
                Transfers.from(twice).header(twice),
                Transfers.concat(Part.of(twice)).trailer(twice))) {
            assertThatThrownBy(() -> builder.to(target).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("duplicate()");
        }
        assertThat(Transfers.from(empty)
                        .header(empty)
                        .trailer(empty, twice)
                        .to(target)
                        .build()
                        .run()
                        .bytes())
                .isEqualTo(10);
    }

    @Test
    void aChunkIsAtLeastOneByte() {
        assertThatThrownBy(() -> Transfers.from(ByteBuffer.allocate(1)).fairChunk(0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
