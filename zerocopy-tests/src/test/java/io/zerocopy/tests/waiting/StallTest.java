package io.zerocopy.tests.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Transfer;
import io.zerocopy.TransferFailure;
import io.zerocopy.TransferResult;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.Stalled;
import io.zerocopy.tests.fixture.TestFixture;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waits for something else than a peer's bytes: for the other end of a FIFO, for other threads, or with a timeout. */
class StallTest {
    private static final int SENT = 1000;

    private TestFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** Opening a FIFO waits for its other end; nothing could end that wait inside open(2). */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fifoWithoutAnOtherEnd(boolean source) throws Exception {
        Path fifo = fixture.fifo();
        Transfer transfer = source
                ? Transfers.from(fifo).to(fixture.path("t")).build()
                : Transfers.from(fixture.file(10)).to(fifo).build();
        Future<Throwable> ended = fixture.peer(() -> org.assertj.core.api.Assertions.catchThrowable(transfer::run));
        TestFixture.until("it waits", () -> fixture.peersIn("io.zerocopy.linux.internal.fd.Fifo"));
        fixture.interruptPeers();
        assertThat(TestFixture.join(ended)).isInstanceOf(InterruptedIOException.class);
        Transfer limited = Transfers.from(fifo)
                .to(fixture.path("t"))
                .timeout(Duration.ofMillis(60))
                .build();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(limited::run))
                .isInstanceOf(io.zerocopy.TransferException.class)
                .hasMessageStartingWith("timed out after 0 bytes, waiting for the other end of ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseEndsTheWaitForTheOtherEndOfAFifo(boolean source) throws Exception {
        Path fifo = fixture.fifo();
        SocketChannel[] pair = fixture.tcp();
        Transfer transfer = source
                ? Transfers.from(fifo).to(pair[0]).build()
                : Transfers.from(pair[0]).to(fifo).build();
        Future<Throwable> ended = fixture.peer(() -> org.assertj.core.api.Assertions.catchThrowable(transfer::run));
        TestFixture.until("it waits", () -> fixture.peersIn("io.zerocopy.linux.internal.fd.Fifo"));
        pair[0].close();
        assertThat(TestFixture.join(ended)).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void aThreadBlockedReadingFromASocketDoesNotDelayACopyToIt() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        Future<Integer> reader = fixture.peer(() -> pair[0].read(ByteBuffer.allocate(10)));
        Future<Long> drained =
                fixture.peer(() -> TestFixture.drain(pair[1].socket().getInputStream(), Content.PATTERN));
        Future<TransferResult> copy = fixture.peer(() -> Transfers.copy(fixture.file(5 << 20), pair[0]));
        assertThat(TestFixture.join(copy).bytes()).isEqualTo(5 << 20);
        pair[0].shutdownOutput();
        assertThat(TestFixture.join(drained)).isEqualTo(5 << 20);
        assertThat(reader.isDone()).isFalse();
        pair[1].write(ByteBuffer.wrap(new byte[3]));
        assertThat(TestFixture.join(reader)).isEqualTo(3);
        assertThat(pair[0].isBlocking()).isTrue();
    }

    /** The JDK clears the flag when a channel becomes blocking again, even if a transfer needs it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aModeThatIsSwitchedToAndFroIsNotWaitedIn(boolean sessionBefore) throws Exception {
        SocketChannel[] from = fixture.tcp();
        SocketChannel[] to = fixture.tcp();
        if (sessionBefore) {
            from[0].configureBlocking(false);
            fixture.keep(Transfers.from(from[0]).to(to[0]).build().open()).advance();
            from[0].configureBlocking(true);
        }
        Stalled stalled = new Stalled(Transfers.from(from[0]).to(to[0]).build());
        TestFixture.until("the transfer waits", stalled::waits);
        from[0].configureBlocking(false);
        from[0].configureBlocking(true);
        from[1].write(ByteBuffer.wrap(new byte[SENT]));
        assertThat(to[1].socket().getInputStream().readNBytes(SENT)).hasSize(SENT);
        assertThat(((TransferFailure) stalled.end(Stalled.By.INTERRUPT, from[0], to[0])).transferred())
                .isEqualTo(SENT);
    }

    @Test
    void timeoutEndsATransferWithTheCount() throws Exception {
        SocketChannel[] pair = fixture.tcp();
        pair[1].write(ByteBuffer.wrap(new byte[SENT]));
        io.zerocopy.TransferException failure;
        Duration limit = Duration.ofMillis(50);
        do { // again, if a slow machine did not send the first byte in time
            limit = limit.multipliedBy(2);
            failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                    io.zerocopy.TransferException.class,
                    Transfers.from(pair[0])
                            .to(Path.of("/dev/null"))
                            .timeout(limit)
                            .build()::run);
        } while (failure.transferred() == 0 && limit.toSeconds() < TestFixture.DEADLINE_SECONDS);
        assertThat(failure).hasMessageStartingWith("timed out after " + SENT + " bytes, ");
        assertThat(pair[0].isOpen()).isTrue();
    }
}
