package io.zerocopy.tests.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.zerocopy.Relay;
import io.zerocopy.RelaySession;
import io.zerocopy.Transfer;
import io.zerocopy.Transfers;
import io.zerocopy.tests.fixture.Content;
import io.zerocopy.tests.fixture.TestFixture;
import io.zerocopy.tests.kit.Rest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wait uses no processor time while nothing can move, and wakes only if something can move. */
@Tag("thorough")
class WaitingTest {
    private static final SocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private TestFixture fixture;
    private final AtomicLong moved = new AtomicLong();

    @BeforeEach
    void open() throws Exception {
        fixture = new TestFixture();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socket to pipe",
                "file to pipe",
                "stable file to pipe",
                "file to FIFO",
                "file to FIFO that nobody has opened",
                "slow pipe"
            })
    void aReaderThatIsSlowOrAbsentCostsNothing(String which) throws Exception {
        Thread mover = start(transfer(which));
        if (!which.endsWith("opened")) {
            TestFixture.until("it has begun", () -> moved.get() > 0);
        }
        Rest.ofThread("a mover that waits", mover.getId());
        assertThat(mover.isAlive()).isTrue();
        mover.interrupt();
        mover.join(TestFixture.DEADLINE_SECONDS * 1000);
        assertThat(mover.isAlive()).isFalse();
    }

    private Transfer transfer(String which) throws Exception {
        Path file = fixture.file(4 << 20);
        Transfer.Builder builder = Transfers.from(file);
        if (which.contains("FIFO")) {
            Path fifo = fixture.fifo();
            if (!which.endsWith("opened")) {
                fixture.keep(new RandomAccessFile(fifo.toFile(), "rw")); // never reads
            }
            builder.to(fifo);
        } else {
            Pipe pipe = fixture.pipe();
            if (which.startsWith("socket")) {
                SocketChannel[] pair = fixture.tcp();
                fixture.peer(() -> pair[1].write(ByteBuffer.wrap(Content.PATTERN.bytes(0, 1 << 20))));
                builder = Transfers.from(pair[0]);
            } else if (which.startsWith("stable")) {
                builder.stableSource();
            } else if (which.startsWith("slow")) {
                fixture.peer(() -> sip(pipe.source()));
            }
            builder.to(pipe.sink());
        }
        return builder.onProgress((n, total) -> moved.set(n)).build();
    }

    /** Reads a page from time to time. */
    private static Void sip(Pipe.SourceChannel from) throws InterruptedException {
        try {
            while (from.read(ByteBuffer.allocate(4096)) > 0) {
                Thread.sleep(50);
            }
        } catch (IOException closed) {
            // at the end of the test
        }
        return null;
    }

    private static Thread start(Transfer transfer) {
        Thread mover = new Thread(
                () -> {
                    try {
                        transfer.run();
                    } catch (InterruptedIOException ended) {
                        // by the test
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                "mover");
        mover.setDaemon(true);
        mover.start();
        return mover;
    }

    /**
     * A change is a sent message, or new room. Each change may wake the loop once, and the end of either side once
     * more.
     */
    @Test
    void aSelectorLoopWakesNoOftenerThanSomethingChanges() throws Exception {
        SocketChannel[] client = fixture.tcp();
        SocketChannel[] server = fixture.tcp();
        client[1].configureBlocking(false);
        server[0].configureBlocking(false);
        server[0].setOption(StandardSocketOptions.SO_SNDBUF, 32 << 10);
        server[1].setOption(StandardSocketOptions.SO_RCVBUF, 32 << 10);
        SelectorLoop loop = new SelectorLoop();
        Relay relay = Transfers.relay(client[1], server[0]).build();
        Future<?> served = fixture.peer(() -> {
            try (RelaySession session = relay.open()) {
                loop.drive(session, client[1], server[0]);
            }
            return null;
        });
        long sent = 4 << 20;
        Future<?> sender = fixture.peer(() -> {
            TestFixture.write(java.nio.channels.Channels.newOutputStream(client[0]), Content.PATTERN, sent);
            client[0].shutdownOutput();
            return null;
        });
        ByteBuffer into = ByteBuffer.allocate(16 << 10);
        Content.Check check = new Content.Check(Content.PATTERN);
        long reads = 0;
        for (int n = server[1].read(into); n >= 0; n = server[1].read(into.clear())) {
            check.feed(into.array(), n);
            reads++;
            java.util.concurrent.locks.LockSupport.parkNanos(200_000);
        }
        server[1].shutdownOutput();
        TestFixture.join(sender);
        TestFixture.join(served);
        assertThat(check.count()).isEqualTo(sent);
        // New room wakes the loop once. A segment that comes does, too, but most come while the target is full, when no
        // one waits for them.
        assertThat(loop.selects()).as("with %d reads", reads).isLessThan(2 * reads + 20);
    }

    /**
     * Ends, unread bytes and full targets last until someone reads or writes: they must not wake the loop again and
     * again.
     */
    @Test
    void unchangedStateDoesNotWakeTheLoop() throws Exception {
        ServerSocketChannel target = fixture.keep(ServerSocketChannel.open().bind(ANY));
        Proxy proxy = Proxies.serve(fixture, ANY, target.getLocalAddress(), Duration.ZERO);
        SocketChannel[][] pairs = new SocketChannel[4][];
        for (int i = 0; i < pairs.length; i++) {
            SocketChannel client = fixture.keep(SocketChannel.open(proxy.address()));
            pairs[i] = new SocketChannel[] {client, fixture.keep(target.accept())};
        }
        pairs[1][0].shutdownOutput();
        pairs[2][0].shutdownOutput();
        fill(pairs[2][1]); // one side has ended, the other takes nothing
        fill(pairs[3][0]);
        fill(pairs[3][1]);
        assertThat(pairs[1][1].read(ByteBuffer.allocate(1))).isEqualTo(-1);
        Rest.ofCounter("how often it was woken", () -> proxy.counts().selects());
        assertThat(proxy.counts().active()).isEqualTo(4);
    }

    private static void fill(SocketChannel channel) throws Exception {
        channel.configureBlocking(false);
        for (int refused = 0; refused < 20; ) {
            refused = channel.write(ByteBuffer.allocate(1 << 20)) == 0 ? refused + 1 : 0;
            Thread.sleep(5);
        }
    }
}
