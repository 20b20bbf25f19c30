package io.zerocopy.tests.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Mechanism;
import io.zerocopy.Preference;
import io.zerocopy.Transfer;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.kit.Content;
import io.zerocopy.tests.kit.Rig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that says nothing, or reads nothing: the transfer waits, and an interrupt or a close ends the wait. */
class StallTest {
    private static final int SENT = 1000;

    private enum End {
        INTERRUPT,
        CLOSE_SOURCE,
        CLOSE_TARGET
    }

    private Rig rig;
    private final AtomicLong heard = new AtomicLong();

    @BeforeEach
    void open() throws Exception {
        rig = new Rig();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    static Stream<Arguments> silentSources() {
        return Stream.of("tcp", "unix", "pipe")
                .flatMap(source -> Stream.of(Mechanism.SPLICE, Mechanism.READ_WRITE, Mechanism.TRANSFER_FROM)
                        .flatMap(
                                mechanism -> Stream.of(End.values()).map(end -> Arguments.of(source, mechanism, end))));
    }

    @ParameterizedTest(name = "{0} by {1}: {2}")
    @MethodSource("silentSources")
    void silentSource(String kind, Mechanism mechanism, End end) throws Exception {
        ReadableByteChannel source;
        WritableByteChannel feeder;
        if (kind.equals("pipe")) {
            var pipe = rig.pipe();
            source = pipe.source();
            feeder = pipe.sink();
        } else {
            SocketChannel[] pair = kind.equals("tcp") ? rig.tcp() : rig.unix();
            source = pair[0];
            feeder = pair[1];
        }
        var target = rig.keep(java.nio.channels.FileChannel.open(
                rig.path("t"), java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE));
        Transfer transfer = Transfers.from(source)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .onProgress((n, total) -> heard.set(n))
                .build();
        Stalled stalled = new Stalled(transfer);
        feeder.write(ByteBuffer.wrap(Content.PATTERN.bytes(0, SENT)));
        Rig.until("what was sent has arrived", () -> heard.get() == SENT);
        IOException failure = stalled.end(end, source, target);
        assertThat(((TransferFailure) failure).transferred()).isEqualTo(SENT);
        assertThat(((TransferFailure) failure).remainder().remaining()).isZero();
        if (end != End.CLOSE_TARGET) {
            assertThat(target.isOpen()).isTrue();
            assertThat(target.position()).isEqualTo(SENT);
        }
    }

    static Stream<Arguments> fullTargets() {
        return Stream.of("tcp", "unix", "pipe")
                .flatMap(target -> Stream.of(
                                Mechanism.SENDFILE,
                                Mechanism.SPLICE,
                                Mechanism.TRANSFER_TO,
                                Mechanism.MMAP_WRITE,
                                Mechanism.READ_WRITE)
                        .filter(mechanism -> !(target.equals("pipe") && mechanism == Mechanism.TRANSFER_TO)) // refused
                        .flatMap(
                                mechanism -> Stream.of(End.values()).map(end -> Arguments.of(target, mechanism, end))));
    }

    @ParameterizedTest(name = "{0} by {1}: {2}")
    @MethodSource("fullTargets")
    void targetThatNobodyReads(String kind, Mechanism mechanism, End end) throws Exception {
        WritableByteChannel target;
        ReadableByteChannel peer;
        if (kind.equals("pipe")) {
            var pipe = rig.pipe();
            target = pipe.sink();
            peer = pipe.source();
        } else {
            SocketChannel[] pair = kind.equals("tcp") ? rig.tcp() : rig.unix();
            target = pair[0];
            peer = pair[1];
        }
        var source = rig.keep(java.nio.channels.FileChannel.open(rig.file(24 << 20)));
        Transfer transfer = Transfers.from(source)
                .to(target)
                .use(mechanism, Preference.REQUIRE)
                .build();
        Stalled stalled = new Stalled(transfer);
        IOException failure = stalled.end(end, source, target);
        long transferred = ((TransferFailure) failure).transferred();
        assertThat(transferred).isPositive().isLessThan(24 << 20);
        if (end == End.INTERRUPT) {
            assertThat(target.isOpen()).isTrue();
            assertThat(source.position()).isEqualTo(transferred);
        }
        target.close();
        assertThat(Rig.drain(java.nio.channels.Channels.newInputStream(peer), Content.PATTERN))
                .as("exactly what was counted has reached the peer")
                .isEqualTo(transferred);
    }

    /** Opening a FIFO waits for its other end; nothing would end that wait inside open(2). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fifoWithoutAnOtherEnd(boolean source) throws Exception {
        Path fifo = rig.fifo();
        Transfer transfer = source
                ? Transfers.from(fifo).to(rig.path("t")).build()
                : Transfers.from(rig.file(10)).to(fifo).build();
        Future<Throwable> ended = rig.peer(() -> org.assertj.core.api.Assertions.catchThrowable(transfer::run));
        Rig.until("it waits", () -> rig.peersIn("io.zerocopy.linux.internal.Fifo"));
        rig.interruptPeers();
        assertThat(Rig.join(ended)).isInstanceOf(InterruptedIOException.class);
        Transfer limited = Transfers.from(fifo)
                .to(rig.path("t"))
                .timeout(java.time.Duration.ofMillis(60))
                .build();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(limited::run))
                .isInstanceOf(io.zerocopy.TransferException.class)
                .hasMessage("timed out after 0 bytes");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseEndsTheWaitForTheOtherEndOfAFifo(boolean source) throws Exception {
        Path fifo = rig.fifo();
        SocketChannel[] pair = rig.tcp();
        Transfer transfer = source
                ? Transfers.from(fifo).to(pair[0]).build()
                : Transfers.from(pair[0]).to(fifo).build();
        Future<Throwable> ended = rig.peer(() -> org.assertj.core.api.Assertions.catchThrowable(transfer::run));
        Rig.until("it waits", () -> rig.peersIn("io.zerocopy.linux.internal.Fifo"));
        pair[0].close();
        assertThat(Rig.join(ended)).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void aThreadBlockedReadingFromASocketDoesNotDelayACopyToIt() throws Exception {
        SocketChannel[] pair = rig.tcp();
        Future<Integer> reader = rig.peer(() -> pair[0].read(ByteBuffer.allocate(10)));
        Future<Long> drained = rig.peer(() -> Rig.drain(pair[1].socket().getInputStream(), Content.PATTERN));
        Future<TransferResult> copy = rig.peer(() -> Transfers.copy(rig.file(5 << 20), pair[0]));
        assertThat(Rig.join(copy).bytes()).isEqualTo(5 << 20);
        pair[0].shutdownOutput();
        assertThat(Rig.join(drained)).isEqualTo(5 << 20);
        assertThat(reader.isDone()).isFalse();
        pair[1].write(ByteBuffer.wrap(new byte[3]));
        assertThat(Rig.join(reader)).isEqualTo(3);
        assertThat(pair[0].isBlocking()).isTrue();
    }

    /** The JDK clears the flag when a channel goes back to blocking, whoever else wanted it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aModeThatIsSwitchedToAndFroIsNotWaitedIn(boolean sessionBefore) throws Exception {
        SocketChannel[] from = rig.tcp();
        SocketChannel[] to = rig.tcp();
        if (sessionBefore) {
            from[0].configureBlocking(false);
            rig.keep(Transfers.from(from[0]).to(to[0]).build().open()).advance();
            from[0].configureBlocking(true);
        }
        Stalled stalled = new Stalled(Transfers.from(from[0]).to(to[0]).build());
        Rig.until("the transfer waits", stalled::waits);
        from[0].configureBlocking(false);
        from[0].configureBlocking(true);
        from[1].write(ByteBuffer.wrap(new byte[SENT]));
        assertThat(to[1].socket().getInputStream().readNBytes(SENT)).hasSize(SENT);
        assertThat(((TransferFailure) stalled.end(End.INTERRUPT, from[0], to[0])).transferred())
                .isEqualTo(SENT);
    }

    @Test
    void timeoutEndsATransferWithTheCount() throws Exception {
        SocketChannel[] pair = rig.tcp();
        pair[1].write(ByteBuffer.wrap(new byte[SENT]));
        Transfer transfer = Transfers.from(pair[0])
                .to(Path.of("/dev/null"))
                .timeout(java.time.Duration.ofMillis(100))
                .build();
        var failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                io.zerocopy.TransferException.class, transfer::run);
        assertThat(failure).hasMessage("timed out after " + SENT + " bytes");
        assertThat(pair[0].isOpen()).isTrue();
    }

    /** A transfer on a thread of its own, and how it ended. */
    private final class Stalled {
        private final Thread mover;
        private volatile IOException failure;
        private volatile boolean interruptStatus;

        Stalled(Transfer transfer) {
            mover = new Thread(
                    () -> {
                        try {
                            transfer.run();
                        } catch (IOException e) {
                            failure = e;
                            interruptStatus = Thread.currentThread().isInterrupted();
                        }
                    },
                    "mover");
            mover.setDaemon(true);
            mover.start();
        }

        IOException end(End how, Channel source, Channel target) throws Exception {
            Rig.until("the transfer waits", this::waits);
            switch (how) {
                case INTERRUPT:
                    mover.interrupt();
                    break;
                case CLOSE_SOURCE:
                    source.close();
                    break;
                default:
                    target.close();
                    break;
            }
            mover.join(Rig.DEADLINE_SECONDS * 1000);
            assertThat(mover.isAlive()).as("still waiting").isFalse();
            assertThat(failure)
                    .isInstanceOf(
                            how == End.INTERRUPT ? InterruptedIOException.class : AsynchronousCloseException.class);
            assertThat(interruptStatus).isEqualTo(how == End.INTERRUPT);
            assertThat(source.isOpen()).isEqualTo(how != End.CLOSE_SOURCE);
            return failure;
        }

        private boolean waits() {
            return Arrays.stream(mover.getStackTrace())
                    .anyMatch(f -> f.getMethodName().equals("await")
                            && f.getClassName().startsWith("io.zerocopy"));
        }
    }
}
